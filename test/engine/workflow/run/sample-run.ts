import type { EpochMs } from "../../../../src/engine/units/epoch-ms.js";
import { effectScopeOf, executeRun, type RunOptions } from "../../../../src/engine/workflow/execute-run.js";
import type { JsonValue } from "../../../../src/engine/workflow/json-value.js";
import type { NodeServices } from "../../../../src/engine/workflow/node-services.js";
import type { RunEvent, RunStarted, StepSucceeded, TriggerFacts } from "../../../../src/engine/workflow/run-event.js";
import type { RunState } from "../../../../src/engine/workflow/run-state.js";
import {
  DEFAULT_WORKFLOW_SETTINGS,
  type WorkflowDefinition,
  type WorkflowEdge,
  type WorkflowNode,
  type WorkflowNodeData,
  type WorkflowSettings,
} from "../../../../src/engine/workflow/workflow-definition.js";
import type {
  EdgeId,
  NodeId,
  RunId,
  TriggerInstance,
  WorkflowId,
} from "../../../../src/engine/workflow/workflow-ids.js";
import { planWorkflow, type WorkflowPlan } from "../../../../src/engine/workflow/workflow-plan.js";
import { MemoryJournal } from "./memory-journal.js";
import { catalogueOf, implementationsOf, SAMPLE_NODES, type SampleNode } from "./sample-nodes.js";
import { VirtualClock } from "./virtual-clock.js";

type NodeSketch = Partial<Omit<WorkflowNodeData, "parameters">> & {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, JsonValue>>;
  readonly inside?: string;
};

/** Nodes by id, and edges as `from.port > to.port`. */
export interface WorkflowSketch {
  readonly nodes: Readonly<Record<string, NodeSketch>>;
  readonly edges: readonly string[];
  readonly settings?: Partial<WorkflowSettings>;
}

export function workflowOf({ nodes, edges, settings }: WorkflowSketch): WorkflowDefinition {
  return {
    schemaVersion: 1,
    name: "sample",
    description: "",
    nodes: Object.entries(nodes).map(([id, { type, inside, parameters = {}, ...data }]): WorkflowNode => {
      const node = { id: id as NodeId, type, position: { x: 0, y: 0 }, data: { version: 1, parameters, ...data } };
      return inside === undefined ? node : { ...node, parentId: inside as NodeId };
    }),
    edges: edges.map((text): WorkflowEdge => {
      const [source, sourceHandle, target, targetHandle] = text.split(/\.| > /) as [string, string, string, string];
      return { id: text as EdgeId, source: source as NodeId, target: target as NodeId, sourceHandle, targetHandle };
    }),
    viewport: { x: 0, y: 0, zoom: 1 },
    settings: { ...DEFAULT_WORKFLOW_SETTINGS, ...settings },
  };
}

const TRIGGER: TriggerFacts = {
  kind: "manual",
  instance: "manual:1" as TriggerInstance,
  firedAtMs: 1_750_000_000_000 as EpochMs,
  payload: null,
};

export const START: RunStarted = {
  kind: "run-started",
  runId: "run-1" as RunId,
  workflowId: "workflow-1" as WorkflowId,
  revision: 1,
  trigger: TRIGGER,
  asOfMs: 1_750_000_000_000 as EpochMs,
  seed: 7,
  mode: "live",
  effectScope: effectScopeOf("workflow-1" as WorkflowId, 1, TRIGGER),
  variables: {},
  nodeStates: {},
};

export interface SampleOptions extends Partial<Omit<RunOptions, "plan" | "implementations">> {
  readonly nodes?: readonly SampleNode[];
  readonly start?: Partial<RunStarted>;
  readonly reused?: readonly StepSucceeded[];
  readonly events?: readonly RunEvent[];
}

export interface SampleRun {
  readonly plan: WorkflowPlan;
  readonly journal: MemoryJournal;
  readonly clock: VirtualClock;
  readonly finished: Promise<RunState>;
}

/** Begins a run of a sketch on a virtual clock and a journal in memory. Later nodes replace sample ones of their id. */
export function beginRun(sketch: WorkflowSketch, options: SampleOptions = {}): SampleRun {
  const { nodes: own = [], start, reused, events, ...rest } = options;
  const nodes = [...SAMPLE_NODES.filter(({ type }) => own.every((node) => node.type.id !== type.id)), ...own];
  const journal = (rest.journal as MemoryJournal) ?? new MemoryJournal();
  const clock = (rest.clock as VirtualClock) ?? new VirtualClock();
  const plan = planWorkflow(workflowOf(sketch), catalogueOf(nodes));
  const shared = {
    plan,
    implementations: implementationsOf(nodes),
    services: {} as NodeServices,
    ...rest,
    journal,
    clock,
  };
  const finished = executeRun(
    events ? { ...shared, events } : { ...shared, start: { ...START, ...start }, reused: reused ?? [] },
  );
  return { plan, journal, clock, finished };
}

/** Runs a sketch to its end. */
export async function runSketch(sketch: WorkflowSketch, options: SampleOptions = {}) {
  const { journal, finished, plan, clock } = beginRun(sketch, options);
  const state = await finished;
  return { state, journal, plan, clock };
}

/** Events in short, such as `step-succeeded b`. */
export function inShort(events: readonly RunEvent[]): string[] {
  return events.map((event) => {
    if (!("nodeId" in event)) return event.kind === "run-finished" ? `${event.kind} ${event.status}` : event.kind;
    const name = event.item === undefined ? event.nodeId : `${event.nodeId}[${event.item}]`;
    if (event.kind === "step-pruned") return `${event.kind} ${name}: ${event.reason} because of ${event.because}`;
    if (event.kind === "step-failed" || event.kind === "attempt-failed") return `${event.kind} ${name}: ${event.code}`;
    return `${event.kind} ${name}`;
  });
}
