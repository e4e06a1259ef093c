import type { RunMode, TriggerFacts } from "../../engine/workflow/run-event.js";
import type { NodeId, RunId, WorkflowId } from "../../engine/workflow/workflow-ids.js";

/** Something happened that an active workflow waits for. */
export interface TriggerFiring {
  readonly workflowId: WorkflowId;
  /** The trigger node; undefined when a person or a program started it beside its trigger. */
  readonly nodeId?: NodeId;
  readonly facts: TriggerFacts;
  /** The instant at which the run looks at the market; that of the firing unless given. */
  readonly asOfMs?: number;
  /** `live` unless given; a backfill only says what it would do unless someone asks for more. */
  readonly mode?: RunMode;
}

export type DispatchOutcome =
  | { readonly kind: "queued"; readonly runId: RunId }
  /** The same occurrence was delivered before. */
  | { readonly kind: "repeated"; readonly runId: RunId }
  /** Another run is at work and the workflow's policy is to skip. */
  | { readonly kind: "skipped"; readonly because: RunId };

/** Turns firings into runs of the active revision, under the workflow's concurrency policy. */
export interface TriggerDispatcher {
  /** @throws NOT_FOUND for an unknown workflow, WORKFLOW_INACTIVE where no revision is active */
  fire(firing: TriggerFiring): Promise<DispatchOutcome>;
}
