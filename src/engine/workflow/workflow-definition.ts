import type { JsonValue } from "./json-value.js";
import type { EdgeId, NodeId } from "./workflow-ids.js";

/** Raised when a stored definition could be misread by an older program. */
export const WORKFLOW_SCHEMA_VERSION = 1;

/**
 * A workflow as React Flow holds it, and what a run of it needs to know. Nodes of type `note` and `group` are for
 * people and never run. A node whose `parentId` names a `loop.universe` node runs once per item of that loop.
 */
export interface WorkflowDefinition {
  readonly schemaVersion: typeof WORKFLOW_SCHEMA_VERSION;
  readonly name: string;
  readonly description: string;
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly WorkflowEdge[];
  readonly viewport: { readonly x: number; readonly y: number; readonly zoom: number };
  readonly settings: WorkflowSettings;
}

export interface WorkflowNode {
  readonly id: NodeId;
  /** A type of the catalogue, `note` or `group`. */
  readonly type: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly parentId?: NodeId;
  readonly width?: number;
  readonly height?: number;
  readonly data: WorkflowNodeData;
}

export interface WorkflowNodeData {
  /** Version of the node type that this was drawn with. */
  readonly version: number;
  /** What people call it; the type's own label when empty. */
  readonly label?: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** A disabled node is pruned, with all that needs it. */
  readonly isDisabled?: boolean;
  /** Outputs to use in the place of running the node, as `encodePortValue` writes them, by output port. */
  readonly pinned?: Readonly<Record<string, JsonValue>>;
  /** Longest run of one attempt, in ms; the type's own when absent. */
  readonly timeoutMs?: number;
  readonly retry?: RetryPolicy;
  /** `prune` lets the run succeed without what follows this node; `fail` unless given. */
  readonly onError?: "fail" | "prune";
}

/** Waits `backoffMs`, then twice as long each time, at most five minutes. */
export interface RetryPolicy {
  /** Attempts in all, 1 to 10. */
  readonly attempts: number;
  readonly backoffMs: number;
}

export interface WorkflowEdge {
  readonly id: EdgeId;
  readonly source: NodeId;
  readonly target: NodeId;
  readonly sourceHandle: string;
  readonly targetHandle: string;
}

export const CONCURRENCY_POLICIES = ["skip", "queue", "parallel"] as const;
export const MISSED_RUN_POLICIES = ["skip", "latest", "all"] as const;

/** What a run of this workflow keeps to. */
export interface WorkflowSettings {
  /** Only nodes whose outputs follow from inputs, as-of time and seed; events are then committed in one order. */
  readonly isDeterministic: boolean;
  readonly seed: number;
  /** Longest run in all, in ms. */
  readonly deadlineMs: number;
  /** Nodes of one run at work at the same time. */
  readonly parallelNodes: number;
  /** While a run is at work: skip the next, let it wait, or let both work. */
  readonly concurrency: (typeof CONCURRENCY_POLICIES)[number];
  /** Schedules missed while the workbench was off: none, the last of them, or all. */
  readonly missedRuns: (typeof MISSED_RUN_POLICIES)[number];
  /** Limits that orders are placed under; workflows that order need one. */
  readonly riskProfile?: string;
  /** Values kept from run to run, with the value before the first. */
  readonly variables: Readonly<Record<string, WorkflowVariable>>;
}

export type WorkflowVariable = number | string | boolean;

export const DEFAULT_WORKFLOW_SETTINGS: WorkflowSettings = {
  isDeterministic: true,
  seed: 1,
  deadlineMs: 300_000,
  parallelNodes: 8,
  concurrency: "queue",
  missedRuns: "latest",
  variables: {},
};
