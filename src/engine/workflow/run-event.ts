import type { EpochMs } from "../units/epoch-ms.js";
import type { JsonValue } from "./json-value.js";
import type { PortValue } from "./port-value.js";
import type { WorkflowVariable } from "./workflow-definition.js";
import type { IdempotencyKey, NodeId, RunId, TriggerInstance, WorkflowId } from "./workflow-ids.js";

export const TRIGGER_KINDS = [
  "manual",
  "cron",
  "candle-close",
  "price-cross",
  "incident",
  "webhook",
  "backfill",
] as const;

/** The occurrence that started a run. */
export interface TriggerFacts {
  readonly kind: (typeof TRIGGER_KINDS)[number];
  readonly instance: TriggerInstance;
  readonly firedAtMs: EpochMs;
  readonly payload: JsonValue;
}

export const RUN_MODES = ["live", "dry-run"] as const;
export const RUN_STATUSES = ["queued", "running", "succeeded", "failed", "cancelled", "timed-out"] as const;
export const PRUNE_REASONS = ["condition-false", "upstream-failed", "upstream-pruned", "disabled"] as const;

export type RunMode = (typeof RUN_MODES)[number];
export type RunStatus = (typeof RUN_STATUSES)[number];
export type FinalRunStatus = Exclude<RunStatus, "queued" | "running">;
export type PruneReason = (typeof PRUNE_REASONS)[number];

/** A node, and within a loop the item it works on. */
export interface StepKey {
  readonly nodeId: NodeId;
  readonly item?: string;
}

export interface Outputs {
  readonly [port: string]: PortValue;
}

/** A run is the list of its events, in the order of `sequence` from 0: nothing else is remembered. */
export type RunEvent = { readonly sequence: number; readonly atMs: EpochMs } & RunFact;

export type RunFact =
  | RunStarted
  | (StepKey & { readonly kind: "step-started"; readonly attempt: number; readonly inputsDigest: string })
  /** About to do what must not happen twice and has no key to prevent it. */
  | (StepKey & { readonly kind: "effect-intended"; readonly attempt: number })
  /** A loop's items, in their order; its body runs once for each. */
  | (StepKey & { readonly kind: "loop-expanded"; readonly items: readonly string[] })
  | StepSucceeded
  /** The attempt failed; another one begins at `retryAtMs`. */
  | (StepKey & {
      readonly kind: "attempt-failed";
      readonly attempt: number;
      readonly code: string;
      readonly message: string;
      readonly retryAtMs: EpochMs;
    })
  | (StepKey & {
      readonly kind: "step-failed";
      readonly attempt: number;
      readonly code: string;
      readonly message: string;
    })
  /** `because` is the nearest node that led to it. */
  | (StepKey & {
      readonly kind: "step-pruned";
      readonly reason: PruneReason;
      readonly because: NodeId;
      readonly note?: string;
    })
  | { readonly kind: "cancel-requested"; readonly by: string }
  | { readonly kind: "run-finished"; readonly status: FinalRunStatus; readonly message?: string };

export interface RunStarted {
  readonly kind: "run-started";
  readonly runId: RunId;
  readonly workflowId: WorkflowId;
  readonly revision: number;
  readonly trigger: TriggerFacts;
  /** The instant at which the run looks at the market: nothing later is read. */
  readonly asOfMs: EpochMs;
  readonly seed: number;
  readonly mode: RunMode;
  /** What keys of effects are made of: of a rerun, those of the run it repeats. */
  readonly effectScope: string;
  /** The workflow's variables as they were then. */
  readonly variables: Readonly<Record<string, WorkflowVariable>>;
  /** What nodes left for their next run, by `stepName`. */
  readonly nodeStates: Readonly<Record<string, JsonValue>>;
}

export type StepSucceeded = StepKey & {
  readonly kind: "step-succeeded";
  readonly attempt: number;
  readonly outputs: Outputs;
  /** Where the outputs came from, when the node did not run. */
  readonly reused?: "pinned" | "earlier-run";
  /** Why an output is inactive, for people. */
  readonly note?: string;
  readonly idempotencyKey?: IdempotencyKey;
  /** Kept for this node's next run. */
  readonly nodeState?: JsonValue;
  /** Variables set, for the next run. */
  readonly variables?: Readonly<Record<string, WorkflowVariable>>;
};

/** The name of a step in maps and logs: `n3`, or `n3[HPG]` within a loop. */
export function stepName({ nodeId, item }: StepKey): string {
  return item === undefined ? nodeId : `${nodeId}[${item}]`;
}
