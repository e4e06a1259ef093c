import type { Logger } from "pino";
import type { RunId } from "../../engine/workflow/workflow-ids.js";
import type { LeaseNews } from "../../store/queries/workflow-run-leases.js";
import type { RunLease } from "../../store/queries/workflow-runs.js";
import type { RunStore } from "./run-store.js";

export interface WatchedRun {
  readonly lease: RunLease;
  readonly onCancelled: (by: string) => void;
  /** Another worker has it, or it has ended. */
  readonly onLost: () => void;
}

export interface RunWatchTiming {
  /** How long a worker has a run from its last sign of life on, in ms. */
  readonly leaseMs: number;
  /** How often it is looked whether someone cancelled a run, in ms. */
  readonly lookMs: number;
  /** What steps at work get to end by themselves when their run is left to another worker, in ms. */
  readonly graceMs: number;
}

export const DEFAULT_RUN_WATCH_TIMING: RunWatchTiming = { leaseMs: 15_000, lookMs: 500, graceMs: 1_500 };

/** Keeps the leases of this process's runs, and tells runs what others want of them. One query for all. */
export class RunWatch {
  readonly #runs: RunStore;
  readonly #timing: RunWatchTiming;
  readonly #logger: Logger;
  readonly #watched = new Map<RunId, WatchedRun>();
  #timer: NodeJS.Timeout | undefined;
  #extendedAtMs = 0;

  constructor(runs: RunStore, timing: RunWatchTiming, logger: Logger) {
    this.#runs = runs;
    this.#timing = timing;
    this.#logger = logger;
  }

  /** Watches a run until the function it returns is called. */
  add(run: WatchedRun): () => void {
    this.#watched.set(run.lease.runId, run);
    if (this.#timer === undefined) {
      this.#extendedAtMs = performance.now();
      this.#schedule();
    }
    return () => {
      if (this.#watched.get(run.lease.runId) === run) this.#watched.delete(run.lease.runId);
    };
  }

  /** Tells a run of this process at once that it was cancelled. */
  cancel(runId: RunId, by: string): void {
    this.#watched.get(runId)?.onCancelled(by);
  }

  #schedule(): void {
    this.#timer = setTimeout(() => void this.#look(), this.#timing.lookMs);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { leaseMs } = this.#timing;
    const nowMs = performance.now();
    const isExtending = nowMs - this.#extendedAtMs >= leaseMs / 3;
    const leases = [...this.#watched.values()].map(({ lease }) => lease);
    try {
      const news = leases.length === 0 ? [] : await this.#runs.look(leases, isExtending ? leaseMs : undefined);
      if (isExtending) this.#extendedAtMs = nowMs;
      for (const one of news) this.#tell(one);
    } catch (error) {
      this.#logger.warn({ err: error }, "runs at work could not be looked at");
    }
    this.#timer = undefined;
    if (this.#watched.size > 0) this.#schedule();
  }

  #tell({ runId, isHeld, cancelledBy }: LeaseNews): void {
    const run = this.#watched.get(runId);
    if (!isHeld) run?.onLost();
    else if (cancelledBy !== undefined) run?.onCancelled(cancelledBy);
  }
}
