import type { EpochMs } from "../units/epoch-ms.js";
import type { JsonValue } from "./json-value.js";
import type { NodeServices } from "./node-services.js";
import type { PortValue } from "./port-value.js";
import type { Outputs, RunMode, TriggerFacts } from "./run-event.js";
import type { WorkflowNode, WorkflowVariable } from "./workflow-definition.js";
import type { IdempotencyKey, NodeId, RunId, WorkflowId } from "./workflow-ids.js";

/** A value that came in, and from where. */
export interface InputValue {
  readonly from: NodeId;
  readonly value: PortValue;
}

/** Values by input port, in the order of the edges; a port that got none has no entry. */
export interface Inputs {
  readonly [port: string]: readonly InputValue[];
}

export interface StepContext {
  readonly runId: RunId;
  readonly workflowId: WorkflowId;
  readonly node: WorkflowNode;
  /** The loop's item, within a loop. */
  readonly item?: string;
  readonly mode: RunMode;
  readonly trigger: TriggerFacts;
  /** Nothing later may be read. */
  readonly asOfMs: EpochMs;
  /** [0, 1), from the run's seed, the node and the item. */
  readonly random: () => number;
  /** Aborts on cancellation, timeout and deadline. */
  readonly signal: AbortSignal;
  /** One per effect of one occurrence, however often it is tried. */
  readonly idempotencyKey: IdempotencyKey;
  readonly riskProfile?: string;
  /** As they were when the run began. */
  readonly variables: Readonly<Record<string, WorkflowVariable>>;
  /** What this node left for its next run. */
  readonly nodeState?: JsonValue;
  /** Edges that ended at this port without a value, because what was before them was pruned. */
  readonly prunedInputs: (port: string) => number;
  readonly services: NodeServices;
}

export interface StepResult {
  /** By output port; a port without an entry is inactive. */
  readonly outputs: Outputs;
  readonly note?: string;
  /** Of a `loop.universe` node, which has no outputs of its own: what its body runs for, each once. */
  readonly items?: readonly string[];
  readonly nodeState?: JsonValue;
  readonly variables?: Readonly<Record<string, WorkflowVariable>>;
}

/** Parameters with defaults filled in; symbols and templates with `$item` are resolved already. */
export type Parameters = Readonly<Record<string, JsonValue>>;

export type NodeHandler = (
  parameters: Parameters,
  inputs: Inputs,
  context: StepContext,
) => StepResult | Promise<StepResult>;

/** How a node type works. One with effects also says, without doing it, what it would do. */
export interface NodeImplementation {
  readonly run: NodeHandler;
  /** For dry runs; required of types whose effect is not `none`. */
  readonly preview?: NodeHandler;
}

/** Implementations by `id@version`. */
export type NodeImplementations = ReadonlyMap<string, NodeImplementation>;

export function implementationKey(id: string, version: number): string {
  return `${id}@${version}`;
}
