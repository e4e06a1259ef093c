import type { EpochMs } from "../../src/engine/units/epoch-ms.js";
import {
  implementationKey,
  type NodeHandler,
  type NodeImplementations,
} from "../../src/engine/workflow/node-handler.js";
import type { NodeCatalogue, NodeType } from "../../src/engine/workflow/node-type.js";
import type { RunStarted } from "../../src/engine/workflow/run-event.js";
import { DEFAULT_WORKFLOW_SETTINGS } from "../../src/engine/workflow/workflow-definition.js";
import type { EdgeId, NodeId, RunId, TriggerInstance, WorkflowId } from "../../src/engine/workflow/workflow-ids.js";
import { planWorkflow, type WorkflowPlan } from "../../src/engine/workflow/workflow-plan.js";

const TYPE = {
  version: 1,
  label: "",
  summary: "",
  details: "",
  parameters: [],
  outputs: [{ name: "value", label: "value", type: "number", help: "" }],
  isDeterministic: true,
  effect: "none",
  timeoutMs: 10_000,
} as const;

const TYPES: readonly NodeType[] = [
  { ...TYPE, id: "bench.start", category: "trigger", inputs: [] },
  {
    ...TYPE,
    id: "bench.increment",
    category: "transform",
    inputs: [
      {
        name: "value",
        label: "value",
        accepts: ["number"],
        isRequired: true,
        takesMany: false,
        whenPruned: "prune",
        help: "",
      },
    ],
  },
];

const CATALOGUE: NodeCatalogue = {
  types: TYPES,
  find: (id, version) => TYPES.find((type) => type.id === id && type.version === version),
  versions: (id) => TYPES.filter((type) => type.id === id).map((type) => type.version),
};

const start: NodeHandler = () => ({ outputs: { value: { type: "number", value: 0 } } });

/** One more than what came in: next to nothing. */
export const increment: NodeHandler = (_, { value }) => {
  const [first] = value!;
  return { outputs: { value: { type: "number", value: (first!.value.value as number) + 1 } } };
};

export const incrementLater: NodeHandler = async (...call) => increment(...call);

export function implementationsWith(handler: NodeHandler): NodeImplementations {
  return new Map([
    [implementationKey("bench.start", 1), { run: start }],
    [implementationKey("bench.increment", 1), { run: handler }],
  ]);
}

/** Nodes one after another, or all after the trigger. */
export function trivialPlan(shape: "chain" | "wide", nodeCount: number): WorkflowPlan {
  const ids = Array.from({ length: nodeCount }, (_, i) => `n${i}` as NodeId);
  const position = { x: 0, y: 0 };
  const data = { version: 1, parameters: {} };
  const startId = "start" as NodeId;
  return planWorkflow(
    {
      schemaVersion: 1,
      name: shape,
      description: "",
      nodes: [
        { id: startId, type: "bench.start", position, data },
        ...ids.map((id) => ({ id, type: "bench.increment", position, data })),
      ],
      edges: ids.map((target, i) => ({
        id: `e${i}` as EdgeId,
        source: shape === "chain" && i > 0 ? ids[i - 1]! : startId,
        sourceHandle: "value",
        target,
        targetHandle: "value",
      })),
      viewport: { x: 0, y: 0, zoom: 1 },
      settings: DEFAULT_WORKFLOW_SETTINGS,
    },
    CATALOGUE,
  );
}

const at = 1_750_000_000_000 as EpochMs;

export const TRIVIAL_START: RunStarted = {
  kind: "run-started",
  runId: "run" as RunId,
  workflowId: "workflow" as WorkflowId,
  revision: 1,
  trigger: { kind: "manual", instance: "manual:1" as TriggerInstance, firedAtMs: at, payload: null },
  asOfMs: at,
  seed: 1,
  mode: "live",
  effectScope: "workflow:1:manual:1",
  variables: {},
  nodeStates: {},
};
