import type { RunId, WorkflowId } from "../../../engine/workflow/workflow-ids.js";
import type { QueuedRun } from "../run-queue.js";

/** Where runs wait, as a worker needs it. Adapters: pg-boss, memory. */
export interface RunJobs {
  /** Takes those that have waited longest and are due, leaving out some workflows. A run is taken by one worker. */
  take(limit: number, leavingOut: readonly WorkflowId[]): Promise<readonly QueuedRun[]>;
  /** What was taken and is over. */
  done(runIds: readonly RunId[]): Promise<void>;
  /** Makes them wait for their next attempt, or dead after the last. */
  failed(failures: readonly FailedRun[]): Promise<void>;
  /** Back in the queue as if never taken. */
  giveBack(runIds: readonly RunId[], options: { readonly delayMs: number }): Promise<void>;
  /** Says that a worker is still at these. */
  keep(runIds: readonly RunId[]): Promise<void>;
}

export interface FailedRun {
  readonly runId: RunId;
  readonly message: string;
}

/** How a queue treats runs that fail, and workers that fall silent. */
export interface RunQueueTiming {
  /** Attempts after the first. */
  readonly retries: number;
  /** Wait before the first retry, in s; twice as long before each further one, with chance in it. */
  readonly retryDelaySeconds: number;
  readonly retryDelayMaxSeconds: number;
  /** A worker that says nothing for so long has died: others get its runs. At least 10 s. */
  readonly leaseSeconds: number;
  /** How often a queue is asked whose runs are put in by other processes, in ms. */
  readonly pollMs: number;
  /** How long a worker that stops waits for the runs at work before it interrupts them, in ms. */
  readonly graceMs: number;
}

export const DEFAULT_RUN_QUEUE_TIMING: RunQueueTiming = {
  retries: 4,
  retryDelaySeconds: 2,
  retryDelayMaxSeconds: 60,
  leaseSeconds: 15,
  pollMs: 250,
  graceMs: 5_000,
};
