import type { RunId, WorkflowId } from "../../engine/workflow/workflow-ids.js";

/** A run that waits for a worker. */
export interface QueuedRun {
  readonly runId: RunId;
  readonly workflowId: WorkflowId;
}

export interface RunWorkerOptions {
  /** Runs at work at the same time in this process. */
  readonly parallelRuns: number;
  /** Of these, of one workflow: a busy workflow does not starve the others. */
  readonly parallelRunsPerWorkflow: number;
}

export interface RunWorker {
  /** Takes no more runs; resolves when those at work have ended or given up their place. */
  stop(): Promise<void>;
}

/** Brings runs to workers, each to one at a time; a worker that dies gives its runs back. */
export interface RunQueue {
  /** A run that is queued already is not queued again. */
  enqueue(runs: readonly QueuedRun[]): Promise<void>;
  /** `execute` must stand being called for a run that another worker began. */
  work(execute: (run: QueuedRun, signal: AbortSignal) => Promise<void>, options: RunWorkerOptions): Promise<RunWorker>;
  /** Takes a run that no worker has out of the queue; false when one has it already. */
  withdraw(runId: RunId): Promise<boolean>;
  close(): Promise<void>;
}
