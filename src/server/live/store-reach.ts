import { performance } from "node:perf_hooks";
import type { Logger } from "pino";
import { isWorkbenchError, WorkbenchError } from "../../engine/errors.js";

/** A store that takes longer counts as down for the answer that waits for it. */
export const STORE_PATIENCE_MS = 2_000;

/** How long a store that kept an answer waiting is not asked again, unless it answers after all. */
const PAUSE_MS = 5_000;

/** What the store gave, or why it gave nothing. */
export type StoreAnswer<T> =
  | { readonly isUp: true; readonly value: T }
  | { readonly isUp: false; readonly reason: string; readonly error: unknown };

export interface StoreReachOptions {
  readonly logger: Logger;
  /** `STORE_PATIENCE_MS` unless given. */
  readonly patienceMs?: number | undefined;
}

/**
 * Questions to the store on behalf of answers that can do without it. None waits longer than the patience; after a
 * question that was given up, the next ones fail at once for a while, so that they do not queue behind it.
 */
export class StoreReach {
  readonly #logger: Logger;
  readonly #patienceMs: number;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #isUp = true;

  constructor({ logger, patienceMs = STORE_PATIENCE_MS }: StoreReachOptions) {
    this.#logger = logger;
    this.#patienceMs = patienceMs;
  }

  /** @throws DATABASE_UNREACHABLE when the store does not answer in time, or what `work` throws */
  async ask<T>(work: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#pausedUntilMs) throw this.#tooSlow();
    let timer: NodeJS.Timeout | undefined;
    const working = work();
    const patience = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        this.#pausedUntilMs = performance.now() + PAUSE_MS;
        const resume = () => {
          this.#pausedUntilMs = Number.NEGATIVE_INFINITY;
        };
        working.then(resume, () => {});
        reject(this.#tooSlow());
      }, this.#patienceMs);
    });
    try {
      const value = await Promise.race([working, patience]);
      this.#noteUp();
      return value;
    } catch (error) {
      this.#noteDown(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** As `ask`, for those who go on without the store. */
  async tryAsk<T>(work: () => Promise<T>): Promise<StoreAnswer<T>> {
    try {
      return { isUp: true, value: await this.ask(work) };
    } catch (error) {
      return { isUp: false, reason: reasonOf(error), error };
    }
  }

  #tooSlow(): WorkbenchError {
    return new WorkbenchError(
      "DATABASE_UNREACHABLE",
      `the database did not answer within ${this.#patienceMs / 1_000} s: try again`,
    );
  }

  #noteUp(): void {
    if (!this.#isUp) this.#logger.info("the store answers again");
    this.#isUp = true;
  }

  #noteDown(error: unknown): void {
    if (this.#isUp) this.#logger.warn({ err: error }, "the store is away: the market is served from memory");
    this.#isUp = false;
  }
}

/** The message of a foreseen failure; that of any other one stays in the log. */
function reasonOf(error: unknown): string {
  return isWorkbenchError(error) ? error.message : "the database failed";
}
