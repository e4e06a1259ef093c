import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { isWorkbenchError } from "../engine/errors.js";
import { MS_PER_DAY, MS_PER_SECOND } from "../engine/units/epoch-ms.js";
import type { Database } from "../store/database.js";
import { ensureWeeklyPartitions, weekOf } from "../store/partitions.js";
import { readSpoolPosition } from "../store/queries/feed-spool-positions.js";
import type { Spool, SpoolPosition } from "./spool/spool.js";
import type { SpoolRecord } from "./spool/spool-record.js";
import { decodeBatch } from "./spool-batch.js";
import { RunStoredBefore, type SpoolRun, type StoredRun, storeRun } from "./store-run.js";

export interface DrainLimits {
  /** A batch is stored when so many ticks wait, or when the first of them has waited so long. */
  readonly batchTicks: number;
  readonly batchAgeMs: number;
  /** Most bytes in one transaction, unless one record has more. */
  readonly transactionBytes: number;
  /** Longest wait for a lock of another session, and for the end of a transaction, before it is tried anew. */
  readonly lockMs: number;
  readonly deadlineMs: number;
  /** Ticks that wait so long while none is stored tell of a database that hangs. */
  readonly behindAfterMs: number;
}

const PATIENCE = { lockMs: 15 * MS_PER_SECOND, deadlineMs: 30 * MS_PER_SECOND, behindAfterMs: 10 * MS_PER_SECOND };

/** What a batch of the server's size costs is mostly the transaction; the embedded one stops the process meanwhile. */
export const DRAIN_LIMITS: Readonly<Record<Database["kind"], DrainLimits>> = {
  postgresql: { batchTicks: 5_000, batchAgeMs: 200, transactionBytes: 1 << 23, ...PATIENCE },
  embedded: { batchTicks: 2_000, batchAgeMs: 200, transactionBytes: 1 << 19, ...PATIENCE },
  loopback: { batchTicks: 2_000, batchAgeMs: 200, transactionBytes: 1 << 19, ...PATIENCE },
};

export interface DrainOptions {
  readonly spool: Spool;
  readonly database: Database;
  readonly limits: DrainLimits;
  readonly logger: Logger;
  /** Before a run is stored: makes what its days need. May fail like the database. */
  readonly prepare: (run: SpoolRun) => Promise<void>;
  readonly onStored: (run: SpoolRun, result: StoredRun) => void;
  /** Called at each change, and with each new reason. */
  readonly onDatabase: (state: { isUp: boolean; reason: string }) => void;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
const IDLE_MS = 1_000;

/**
 * Brings the spool's records into the database, in order and each once, for as long as it runs. A database that is
 * down or refuses is tried again, for ever.
 */
export class SpoolDrain {
  readonly #options: DrainOptions;
  readonly #weeks = new Set<number>();
  #isUp = true;
  #hasBegun = false;
  #busy: Promise<unknown> = Promise.resolve();
  /** One at a time: two transactions that make the same table fail. */
  #partitioning: Promise<void> = Promise.resolve();

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  /**
   * Resolves some time after `stop` aborts: when all is stored, at the first failure from then on, or after the run that
   * is being stored when `giveUp` aborts.
   */
  async run(stop: AbortSignal, giveUp: AbortSignal): Promise<void> {
    const { spool, limits } = this.#options;
    let position = await this.#retried(stop, async () => this.#start());
    if (!position) return;
    this.#hasBegun = true;
    for (;;) {
      if (!stop.aborted) await this.#batchReady(stop);
      const { records, next } = await spool.read(position.at, limits.transactionBytes);
      if (records.length === 0) {
        position = { ...position, at: next };
        if (stop.aborted) return;
        continue;
      }
      for (const run of runsOf(records, next.segment)) {
        const from: SpoolPosition | undefined = position.isStored ? position.stored : undefined;
        const moved = await this.#retried(stop, () => this.exclusively(() => this.#store(from, run)));
        if (!moved) return;
        position = { at: run.to, stored: run.to, isStored: true };
        await spool.release(run.to, run.ticks);
        if (giveUp.aborted) return;
      }
    }
  }

  /** Whether anything waits to be stored, as far as is known. */
  get isWaiting(): boolean {
    const { pendingTicks, pendingBytes } = this.#options.spool.status;
    return pendingTicks > 0 || (!this.#hasBegun && pendingBytes > 0);
  }

  /** Runs `work` while nothing is being stored. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(work);
    this.#busy = result.catch(() => {});
    return result;
  }

  /** Makes the weekly partitions that rows of these instants need. */
  ensurePartitions(instants: readonly number[]): Promise<void> {
    const made = this.#partitioning.then(() => this.#makePartitions(instants));
    this.#partitioning = made.catch(() => {});
    return made;
  }

  async #makePartitions(instants: readonly number[]): Promise<void> {
    const missing = instants.filter((instant) => !this.#weeks.has(weekOf(instant)));
    if (missing.length === 0) return;
    await this.#options.database.transaction(async (session) => {
      for (const table of ["market_ticks", "market_candles_intraday"] as const) {
        await ensureWeeklyPartitions(session, table, Float64Array.from(missing));
      }
    });
    for (const instant of missing) this.#weeks.add(weekOf(instant));
  }

  async #start(): Promise<{ at: SpoolPosition; stored: SpoolPosition | undefined; isStored: boolean }> {
    const { spool, database } = this.#options;
    const stored = await readSpoolPosition(database, spool.id);
    return { at: await spool.drainFrom(stored), stored, isStored: stored !== undefined };
  }

  async #store(from: SpoolPosition | undefined, run: SpoolRun): Promise<true> {
    const { database, spool, prepare, onStored } = this.#options;
    const accepted = run.batches.flatMap(({ tally }) => tally.filter((entry) => entry.accepted > 0));
    await this.ensurePartitions(accepted.flatMap(({ firstMs, lastMs }) => [firstMs, lastMs]));
    await prepare(run);
    try {
      onStored(run, await storeRun(database, spool.id, from, run));
    } catch (error) {
      if (!(error instanceof RunStoredBefore)) throw error;
      const stored = await readSpoolPosition(database, spool.id);
      if (stored?.segment !== run.to.segment || stored.offset !== run.to.offset) {
        throw new Error(`the spool is stored up to ${JSON.stringify(stored)}, not to the end of the last batch`);
      }
      // A commit whose answer was lost. Counts of this start lack it; those in the database do not.
      const entries = run.batches.flatMap(({ tally }) => tally);
      const facts = run.batches.flatMap((batch) => batch.facts);
      onStored(run, { entries, facts, stored: run.ticks, duplicates: 0, backfilled: 0 });
    }
    return true;
  }

  /** Waits until a batch is full or old enough. */
  async #batchReady(stop: AbortSignal): Promise<void> {
    const { spool, limits } = this.#options;
    await spool.appended(IDLE_MS);
    const { pendingTicks, pendingBytes } = spool.status;
    if (pendingBytes === 0 || pendingTicks >= limits.batchTicks) return;
    const startedAtMs = performance.now();
    while (!stop.aborted && performance.now() - startedAtMs < limits.batchAgeMs) {
      await delay(Math.min(20, limits.batchAgeMs));
      if (spool.status.pendingTicks >= limits.batchTicks) return;
    }
  }

  /** Tries again until it succeeds; `undefined` when it fails while the drain is to stop. */
  async #retried<T>(stop: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
    const { onDatabase, logger } = this.#options;
    let failures = 0;
    let said = "";
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS)) {
      try {
        const result = await work();
        if (!this.#isUp) {
          this.#isUp = true;
          onDatabase({ isUp: true, reason: "" });
        }
        return result;
      } catch (error) {
        const { message } = error as Error;
        logger[message === said ? "debug" : "warn"](
          { error: message },
          "the database takes no ticks; they stay in the spool",
        );
        said = message;
        // One refusal may be a conflict with another process that a second attempt does not meet.
        if (++failures > 1 || (isWorkbenchError(error) && error.code === "DATABASE_UNREACHABLE")) {
          this.#isUp = false;
          onDatabase({ isUp: false, reason: message });
        }
      }
      if (stop.aborted) return undefined;
      await delay(retryMs, undefined, { signal: stop }).catch(() => {});
    }
  }
}

/** The longest wait for a partition that is made ahead. */
export const PARTITIONS_AHEAD_MS = 7 * MS_PER_DAY;

/** Records that go into one transaction: of one feed, and a day's reset alone. */
function* runsOf(records: readonly SpoolRecord[], segment: number): Generator<SpoolRun> {
  let open:
    | { feed: string; dataset: SpoolRun["dataset"]; batches: SpoolRun["batches"][number][]; ticks: number }
    | undefined;
  let end = 0;
  const close = (): SpoolRun[] => {
    const run = open && { ...open, to: { segment, offset: end } };
    open = undefined;
    return run ? [run] : [];
  };
  for (const record of records) {
    const batch = decodeBatch(record.payload);
    const isReset = batch.facts.some(({ kind }) => kind === "day-reset");
    if (isReset || open?.feed !== batch.feed || open.dataset !== batch.dataset) yield* close();
    open ??= { feed: batch.feed, dataset: batch.dataset, batches: [], ticks: 0 };
    open.batches.push(batch);
    open.ticks += record.ticks;
    end = record.end;
    if (isReset) yield* close();
  }
  yield* close();
}
