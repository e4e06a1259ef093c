import type { Logger } from "pino";
import type { CandleInterval } from "../../../engine/market-data/candle-interval.js";
import type { JsonValue } from "../../../engine/workflow/json-value.js";
import type { NodeCatalogue } from "../../../engine/workflow/node-type.js";
import type {
  WorkflowDefinition,
  WorkflowNode,
  WorkflowSettings,
} from "../../../engine/workflow/workflow-definition.js";
import type { NodeId, WorkflowId } from "../../../engine/workflow/workflow-ids.js";

/** What a trigger node of an active workflow waits for. Manual starts and webhooks need nobody who watches. */
export type TriggerCondition =
  | { readonly kind: "cron"; readonly schedule: string }
  | { readonly kind: "candle-close"; readonly symbol: string; readonly interval: CandleInterval }
  | {
      readonly kind: "price-cross";
      readonly symbol: string;
      readonly level: number;
      readonly direction: "either" | "up" | "down";
    }
  | { readonly kind: "incident"; readonly severity: "info" | "warning" | "critical"; readonly contains: string };

export interface ActiveTrigger<Condition extends TriggerCondition = TriggerCondition> {
  readonly workflowId: WorkflowId;
  readonly nodeId: NodeId;
  readonly revision: number;
  readonly missedRuns: WorkflowSettings["missedRuns"];
  readonly condition: Condition;
}

/** Which workflows are active, and what their active revisions say. */
export interface ActiveWorkflows {
  workflows(): Promise<readonly { readonly id: WorkflowId; readonly activeRevision: number | undefined }[]>;
  /** Undefined where it is not stored. */
  definition(workflowId: WorkflowId, revision: number): Promise<WorkflowDefinition | undefined>;
}

/** Triggers of all active workflows. A workflow that cannot be read is left out, and the log says so. */
export async function readActiveTriggers(
  source: ActiveWorkflows,
  catalogue: NodeCatalogue,
  logger: Logger,
): Promise<readonly ActiveTrigger[]> {
  const workflows = await source.workflows();
  const triggers = workflows.map(async ({ id: workflowId, activeRevision: revision }) => {
    if (revision === undefined) return [];
    try {
      const definition = await source.definition(workflowId, revision);
      return definition ? triggersOf(definition, { workflowId, revision }, catalogue) : [];
    } catch (error) {
      logger.warn({ err: error, workflowId, revision }, "the triggers of a workflow cannot be read");
      return [];
    }
  });
  return (await Promise.all(triggers)).flat();
}

/** Trigger nodes that are not disabled, with defaults of their parameters filled in. */
export function triggersOf(
  { nodes, settings }: Pick<WorkflowDefinition, "nodes" | "settings">,
  of: { readonly workflowId: WorkflowId; readonly revision: number },
  catalogue: NodeCatalogue,
): readonly ActiveTrigger[] {
  return nodes.flatMap((node) => {
    const condition = node.data.isDisabled ? undefined : conditionOf(node, parametersOf(node, catalogue));
    return condition ? [{ ...of, nodeId: node.id, missedRuns: settings.missedRuns, condition }] : [];
  });
}

function parametersOf(node: WorkflowNode, catalogue: NodeCatalogue): Record<string, JsonValue> {
  const specs = catalogue.find(node.type, node.data.version)?.parameters ?? [];
  const defaults = specs.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value] as const]));
  return { ...Object.fromEntries(defaults), ...node.data.parameters };
}

/** Active revisions were validated: their parameters are of the types that the catalogue names. */
function conditionOf({ type }: WorkflowNode, parameters: Record<string, JsonValue>): TriggerCondition | undefined {
  const { symbol, interval, level, direction, severity, contains } = parameters;
  switch (type) {
    case "trigger.cron":
      return { kind: "cron", schedule: String(parameters.schedule) };
    case "trigger.candle-close":
      return { kind: "candle-close", symbol: String(symbol), interval: interval as CandleInterval };
    case "trigger.price-cross":
      return {
        kind: "price-cross",
        symbol: String(symbol),
        level: Number(level),
        direction: direction as "either" | "up" | "down",
      };
    case "trigger.incident":
      return { kind: "incident", severity: severity as "info" | "warning" | "critical", contains: String(contains) };
    default:
      return undefined;
  }
}

/** One trigger among all, whatever its revision. */
export function triggerKey({ workflowId, nodeId }: Pick<ActiveTrigger, "workflowId" | "nodeId">): string {
  return `${workflowId} ${nodeId}`;
}
