import type { Branded } from "../units/branded.js";

/** A stored workflow; a UUID. */
export type WorkflowId = Branded<string, "WorkflowId">;

/** One execution of one revision of a workflow; a UUID. */
export type RunId = Branded<string, "RunId">;

/** Names a node within its workflow, as React Flow does. */
export type NodeId = Branded<string, "NodeId">;

/** Names an edge within its workflow, as React Flow does. */
export type EdgeId = Branded<string, "EdgeId">;

/**
 * Names the occurrence that started a run, such as `cron:n1:1763967600000` or `manual:live:7f0c…`. Delivered
 * twice, it starts one run.
 */
export type TriggerInstance = Branded<string, "TriggerInstance">;

/** Names one effect of one occurrence, so that a broker or a table performs it once. */
export type IdempotencyKey = Branded<string, "IdempotencyKey">;
