import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { isWorkbenchError, WorkbenchError } from "../../../engine/errors.js";
import type { RunId } from "../../../engine/workflow/workflow-ids.js";
import type { QueuedRun, RunWorker, RunWorkerOptions } from "../run-queue.js";
import { FairTurns } from "./fair-turns.js";
import type { RunJobs, RunQueueTiming } from "./run-jobs.js";
import { Settlements } from "./settlements.js";

/** After an interruption, a run has so long to come to its end, in ms. */
const INTERRUPTED_MS = 2_000;
/** A run that failed for want of the database waits so long, in ms. */
const UNREACHABLE_DELAY_MS = 1_000;

export type ExecuteRun = (run: QueuedRun, signal: AbortSignal) => Promise<void>;

export interface RunQueueWorkerOptions extends RunWorkerOptions {
  readonly timing: RunQueueTiming;
  readonly logger: Logger;
}

interface RunAtWork {
  readonly run: QueuedRun;
  readonly interruption: AbortController;
  readonly end: Promise<void>;
}

/** Takes runs in turns, executes them, and tells the queue how they ended, in batches. */
export class RunQueueWorker implements RunWorker {
  readonly #jobs: RunJobs;
  readonly #execute: ExecuteRun;
  readonly #timing: RunQueueTiming;
  readonly #logger: Logger;
  readonly #turns: FairTurns;
  readonly #settlements: Settlements;
  readonly #atWork = new Map<RunId, RunAtWork>();
  /** Runs that others may have by now: their end is not reported. */
  readonly #lost = new Set<RunId>();
  readonly #loop: Promise<void>;
  readonly #leaseTimer: NodeJS.Timeout;
  #leaseRenewedAtMs = performance.now();
  #isRenewing = false;
  #askedAtMs = performance.now();
  #isStopping = false;
  #wakeUp: () => void = () => {};

  constructor(jobs: RunJobs, execute: ExecuteRun, options: RunQueueWorkerOptions) {
    this.#jobs = jobs;
    this.#execute = execute;
    this.#timing = options.timing;
    this.#logger = options.logger;
    this.#turns = new FairTurns(options);
    this.#settlements = new Settlements(jobs, options.logger);
    this.#leaseTimer = setInterval(() => this.#renewLease(), (options.timing.leaseSeconds * 1_000) / 3);
    this.#loop = this.#work();
  }

  /** Something was put into the queue. */
  wake(): void {
    this.#turns.mayHaveMore();
    this.#wakeUp();
  }

  /** Takes out a run that was taken and has not been started. */
  async withdraw(runId: RunId): Promise<boolean> {
    if (!this.#turns.remove(runId)) return false;
    await this.#jobs.done([runId]);
    return true;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wakeUp();
    // A database that hangs does not keep the process from ending.
    await Promise.race([this.#loop, sleep(this.#timing.graceMs, undefined, { ref: false })]);
    this.#settlements.giveBack(this.#turns.drain(), { delayMs: 0 });
    const ends = () => Promise.all([...this.#atWork.values()].map(({ end }) => end));
    await Promise.race([ends(), sleep(this.#timing.graceMs, undefined, { ref: false })]);
    for (const { interruption } of this.#atWork.values()) {
      interruption.abort(new WorkbenchError("CANCELLED", "the worker stops; another one goes on with this run"));
    }
    await Promise.race([ends(), sleep(INTERRUPTED_MS, undefined, { ref: false })]);
    this.#settlements.giveBack([...this.#atWork.keys()], { delayMs: 0 });
    clearInterval(this.#leaseTimer);
    await this.#settlements.close();
  }

  async #work(): Promise<void> {
    while (!this.#isStopping) {
      for (let run = this.#turns.start(); run; run = this.#turns.start()) this.#begin(run);
      this.#settlements.giveBack(this.#turns.surplus(), { delayMs: 0 });
      if (performance.now() - this.#askedAtMs >= this.#timing.pollMs) {
        this.#askedAtMs = performance.now();
        this.#turns.mayHaveMore();
      }
      const take = this.#turns.nextTake();
      if (!take) {
        await this.#pause();
        continue;
      }
      try {
        this.#turns.took(await this.#jobs.take(take.limit, take.leavingOut), take);
      } catch (error) {
        this.#logger.warn({ err: error }, "the queue gave no runs");
        await this.#pause();
      }
    }
  }

  /** Until a run ends, something is put in, or it is time to ask again. */
  async #pause(): Promise<void> {
    const timer = setTimeout(() => this.#wakeUp(), this.#timing.pollMs);
    await new Promise<void>((resolve) => {
      this.#wakeUp = resolve;
    });
    clearTimeout(timer);
  }

  #begin(run: QueuedRun): void {
    const interruption = new AbortController();
    const startedAtMs = performance.now();
    const end = this.#executeToEnd(run, interruption.signal).finally(() => {
      this.#atWork.delete(run.runId);
      this.#turns.ended(run, { tookMs: performance.now() - startedAtMs });
      this.#wakeUp();
    });
    this.#atWork.set(run.runId, { run, interruption, end });
  }

  async #executeToEnd(run: QueuedRun, signal: AbortSignal): Promise<void> {
    try {
      await this.#execute(run, signal);
      this.#lost.delete(run.runId);
      this.#settlements.done(run.runId);
    } catch (error) {
      if (this.#lost.delete(run.runId)) return;
      if (signal.aborted) this.#settlements.giveBack([run.runId], { delayMs: 0 });
      else if (isWorkbenchError(error) && error.code === "DATABASE_UNREACHABLE") {
        this.#settlements.giveBack([run.runId], { delayMs: UNREACHABLE_DELAY_MS });
      } else {
        this.#logger.warn({ err: error, ...run }, "a run failed in its worker");
        this.#settlements.failed({ runId: run.runId, message: (error as Error).message });
      }
    }
  }

  async #renewLease(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#leaseRenewedAtMs > this.#timing.leaseSeconds * 1_000) this.#loseAll();
    const held = [...this.#atWork.keys(), ...this.#turns.waiting, ...this.#settlements.open];
    if (held.length === 0) this.#leaseRenewedAtMs = nowMs;
    if (held.length === 0 || this.#isRenewing) return;
    this.#isRenewing = true;
    try {
      await this.#jobs.keep(held);
      this.#leaseRenewedAtMs = nowMs;
    } catch (error) {
      this.#logger.warn({ err: error }, "the queue was not told that runs are at work");
    } finally {
      this.#isRenewing = false;
    }
  }

  /** This process was asleep or cut off for so long that others may have its runs. */
  #loseAll(): void {
    this.#leaseRenewedAtMs = performance.now();
    this.#turns.drain();
    if (this.#atWork.size === 0) return;
    this.#logger.error({ runs: this.#atWork.size }, "lost the lease of runs at work: others may go on with them");
    for (const [runId, { interruption }] of this.#atWork) {
      this.#lost.add(runId);
      interruption.abort(new WorkbenchError("CANCELLED", "the worker was cut off; another one goes on with this run"));
    }
  }
}
