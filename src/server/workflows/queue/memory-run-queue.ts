import type { Logger } from "pino";
import type { RunId, WorkflowId } from "../../../engine/workflow/workflow-ids.js";
import type { QueuedRun, RunQueue, RunWorker, RunWorkerOptions } from "../run-queue.js";
import { DEFAULT_RUN_QUEUE_TIMING, type FailedRun, type RunJobs, type RunQueueTiming } from "./run-jobs.js";
import { type ExecuteRun, RunQueueWorker } from "./run-queue-worker.js";

interface MemoryJob {
  readonly run: QueuedRun;
  state: "waiting" | "taken" | "dead";
  dueAtMs: number;
  failures: number;
}

export interface MemoryRunQueueOptions {
  readonly logger: Logger;
  readonly onDead?: (run: QueuedRun, message: string) => Promise<void>;
  readonly timing?: Partial<RunQueueTiming>;
}

/** A queue of one process that forgets everything with it. */
export class MemoryRunQueue implements RunQueue, RunJobs {
  readonly #jobs = new Map<RunId, MemoryJob>();
  readonly #workers = new Set<RunQueueWorker>();
  readonly #options: MemoryRunQueueOptions;
  readonly #timing: RunQueueTiming;

  constructor(options: MemoryRunQueueOptions) {
    this.#options = options;
    this.#timing = { ...DEFAULT_RUN_QUEUE_TIMING, ...options.timing };
  }

  async enqueue(runs: readonly QueuedRun[]): Promise<void> {
    for (const run of runs) {
      if (this.#jobs.has(run.runId)) continue;
      this.#jobs.set(run.runId, { run, state: "waiting", dueAtMs: 0, failures: 0 });
    }
    for (const worker of this.#workers) worker.wake();
  }

  async work(execute: ExecuteRun, options: RunWorkerOptions): Promise<RunWorker> {
    const worker = new RunQueueWorker(this, execute, {
      ...options,
      timing: this.#timing,
      logger: this.#options.logger,
    });
    this.#workers.add(worker);
    return {
      stop: async () => {
        this.#workers.delete(worker);
        await worker.stop();
      },
    };
  }

  async withdraw(runId: RunId): Promise<boolean> {
    for (const worker of this.#workers) if (await worker.withdraw(runId)) return true;
    const job = this.#jobs.get(runId);
    return job !== undefined && job.state !== "taken" && this.#jobs.delete(runId);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.stop()));
    this.#workers.clear();
  }

  async take(limit: number, leavingOut: readonly WorkflowId[]): Promise<readonly QueuedRun[]> {
    const nowMs = performance.now();
    const taken: QueuedRun[] = [];
    for (const job of this.#jobs.values()) {
      if (taken.length === limit) break;
      if (job.state !== "waiting" || job.dueAtMs > nowMs || leavingOut.includes(job.run.workflowId)) continue;
      job.state = "taken";
      taken.push(job.run);
    }
    return taken;
  }

  async done(runIds: readonly RunId[]): Promise<void> {
    for (const runId of runIds) this.#jobs.delete(runId);
  }

  async failed(failures: readonly FailedRun[]): Promise<void> {
    const { retries, retryDelaySeconds, retryDelayMaxSeconds } = this.#timing;
    for (const { runId, message } of failures) {
      const job = this.#jobs.get(runId);
      if (!job) continue;
      const delaySeconds = Math.min(retryDelayMaxSeconds, retryDelaySeconds * 2 ** job.failures);
      job.failures++;
      job.state = job.failures > retries ? "dead" : "waiting";
      job.dueAtMs = performance.now() + delaySeconds * 1_000;
      if (job.state === "dead") await this.#options.onDead?.(job.run, message);
    }
  }

  async giveBack(runIds: readonly RunId[], { delayMs }: { delayMs: number }): Promise<void> {
    for (const runId of runIds) {
      const job = this.#jobs.get(runId);
      if (!job) continue;
      job.state = "waiting";
      job.dueAtMs = performance.now() + delayMs;
    }
  }

  async keep(): Promise<void> {}
}
