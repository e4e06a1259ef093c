import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { RunId } from "../../../engine/workflow/workflow-ids.js";
import type { FailedRun, RunJobs } from "./run-jobs.js";

const RETRY_MS = 500;
/** A worker that stops while the queue is out of reach leaves the rest to its lease. */
const CLOSING_ATTEMPTS = 4;

/** Tells the queue how runs ended: all that ended while it was being told of others goes at once. */
export class Settlements {
  readonly #jobs: RunJobs;
  readonly #logger: Logger;
  readonly #done: RunId[] = [];
  readonly #failed: FailedRun[] = [];
  readonly #givenBack = new Map<number, RunId[]>();
  #telling: Promise<void> | undefined;
  #attemptsLeft = Number.POSITIVE_INFINITY;

  constructor(jobs: RunJobs, logger: Logger) {
    this.#jobs = jobs;
    this.#logger = logger;
  }

  done(runId: RunId): void {
    this.#done.push(runId);
    this.#tell();
  }

  failed(failure: FailedRun): void {
    this.#failed.push(failure);
    this.#tell();
  }

  giveBack(runIds: readonly RunId[], { delayMs }: { delayMs: number }): void {
    if (runIds.length === 0) return;
    const waiting = this.#givenBack.get(delayMs);
    if (waiting) waiting.push(...runIds);
    else this.#givenBack.set(delayMs, [...runIds]);
    this.#tell();
  }

  /** Ended, and the queue does not know it yet. */
  get open(): readonly RunId[] {
    return [...this.#done, ...this.#failed.map(({ runId }) => runId), ...[...this.#givenBack.values()].flat()];
  }

  async close(): Promise<void> {
    this.#attemptsLeft = CLOSING_ATTEMPTS;
    await this.#telling;
  }

  #tell(): void {
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = undefined;
    });
  }

  async #tellAll(): Promise<void> {
    // What ends within this turn of the event loop goes together.
    await Promise.resolve();
    while (this.open.length > 0 && this.#attemptsLeft > 0) {
      try {
        await this.#tellOnce();
      } catch (error) {
        this.#attemptsLeft--;
        this.#logger.warn({ err: error }, "the queue was not told how runs ended");
        await sleep(RETRY_MS);
      }
    }
  }

  /** Each list is emptied only of what the queue was told. */
  async #tellOnce(): Promise<void> {
    const done = [...this.#done];
    if (done.length > 0) await this.#jobs.done(done);
    this.#done.splice(0, done.length);
    const failed = [...this.#failed];
    if (failed.length > 0) await this.#jobs.failed(failed);
    this.#failed.splice(0, failed.length);
    for (const [delayMs, runIds] of [...this.#givenBack]) {
      const told = runIds.length;
      await this.#jobs.giveBack([...runIds], { delayMs });
      runIds.splice(0, told);
      if (runIds.length === 0) this.#givenBack.delete(delayMs);
    }
  }
}
