import type { Logger } from "pino";
import { PRICE_FORMING_BOARDS } from "../engine/live-market/board.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import { inferInstrumentConventions } from "../engine/market-data/instrument-conventions.js";
import type { InstrumentSymbol } from "../engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../engine/units/trading-date.js";
import type { Database } from "../store/database.js";
import { refreshAllMinuteCandles, refreshMinuteCandles, type TouchedMinutes } from "../store/queries/feed-candles.js";
import { boundsOfDay, listUnsettledFeedDays, openFeedDay, settleFeedDay } from "../store/queries/feed-days.js";
import { upsertInstruments } from "../store/queries/instrument-queries.js";
import { refreshDirtyRollups } from "../store/rollups.js";
import type { SpoolRun } from "./store-run.js";
import type { TallyEntry } from "./tick-tally.js";

const forming: ReadonlySet<string> = new Set(PRICE_FORMING_BOARDS);

interface OpenDay {
  readonly feed: string;
  readonly dataset: Dataset;
  readonly tradingDate: TradingDate;
  readonly batchId: number;
  /** Minutes whose candles are behind, by symbol; `all` when nobody knows which. */
  readonly touched: Map<string, { fromMs: number; toMs: number }>;
  isAllTouched: boolean;
}

/**
 * Keeps minute candles equal to what the stored ticks say. Minutes are made anew from ticks some time after they were
 * touched; a day that an earlier process left behind is made anew as a whole. Rollups follow when a day is over.
 */
export class CandleKeeper {
  readonly #database: Database;
  readonly #patient: Database;
  #hasFailed = false;
  readonly #logger: Logger;
  readonly #days = new Map<string, OpenDay>();
  readonly #listed = new Set<string>();

  /** @param patient the same database, for work on whole days */
  constructor({ database, patient, logger }: { database: Database; patient: Database; logger: Logger }) {
    this.#database = database;
    this.#patient = patient;
    this.#logger = logger;
  }

  /** Takes over what an earlier process of this feed left behind. */
  async recover(of: { feed: string; dataset: Dataset }): Promise<void> {
    for (const { tradingDate, batchId } of await listUnsettledFeedDays(this.#database, of)) {
      const day = { ...of, tradingDate, batchId, touched: new Map(), isAllTouched: true };
      const known = this.#days.get(keyOf(day));
      // Opened a moment ago, by what the earlier process left in the spool.
      if (known) known.isAllTouched = true;
      else this.#days.set(keyOf(day), day);
    }
  }

  /** Opens the days of a run and lists its instruments, before it is stored. */
  async prepare(run: SpoolRun): Promise<void> {
    await this.#listInstruments(run);
    const { feed, dataset, batches } = run;
    for (const { tally } of batches) {
      for (const { tradingDate, accepted } of tally) {
        const key = keyOf({ feed, dataset, tradingDate });
        if (accepted === 0 || this.#days.has(key)) continue;
        const batchId = await openFeedDay(this.#database, { feed, dataset, tradingDate });
        this.#days.set(key, { feed, dataset, tradingDate, batchId, touched: new Map(), isAllTouched: false });
      }
    }
  }

  /** What is not described by a file is listed by the conventions of its symbol, as an import of prices does. */
  async #listInstruments({ dataset, batches }: SpoolRun): Promise<void> {
    const fresh = new Set<InstrumentSymbol>();
    for (const { tally } of batches) {
      for (const { symbol, accepted } of tally) {
        if (accepted > 0 && !this.#listed.has(symbol)) fresh.add(symbol as InstrumentSymbol);
      }
    }
    if (fresh.size === 0) return;
    const conventions = Array.from(fresh, (symbol) => ({
      ...inferInstrumentConventions(symbol),
      symbol,
      name: symbol,
      sector: undefined,
      industry: undefined,
      marketCap: undefined,
      marketCapDate: undefined,
    }));
    await this.#database.transaction((session) =>
      upsertInstruments(session, conventions, { dataset, described: false }),
    );
    for (const symbol of fresh) this.#listed.add(symbol);
  }

  /** Notes the minutes of ticks that are stored now. */
  touch({ feed, dataset }: { feed: string; dataset: Dataset }, entries: readonly TallyEntry[]): void {
    for (const { symbol, board, tradingDate, accepted, firstMs, lastMs } of entries) {
      if (accepted === 0 || !forming.has(board)) continue;
      this.#touch(this.#days.get(keyOf({ feed, dataset, tradingDate })), symbol, { fromMs: firstMs, toMs: lastMs });
    }
  }

  /** Notes the minute of a tick that is stored no more. */
  touchMinute(
    { feed, dataset }: { feed: string; dataset: Dataset },
    { symbol, tradingDate, eventTimeMs }: { symbol: string; tradingDate: TradingDate; eventTimeMs: number },
  ): void {
    const day = this.#days.get(keyOf({ feed, dataset, tradingDate }));
    this.#touch(day, symbol, { fromMs: eventTimeMs, toMs: eventTimeMs });
  }

  #touch(day: OpenDay | undefined, symbol: string, { fromMs, toMs }: { fromMs: number; toMs: number }): void {
    if (!day || day.isAllTouched) return;
    const known = day.touched.get(symbol);
    day.touched.set(symbol, {
      fromMs: Math.min(fromMs, known?.fromMs ?? fromMs),
      toMs: Math.max(toMs, known?.toMs ?? toMs),
    });
  }

  /** Forgets a day whose ticks were deleted, candles included. */
  forget(of: { feed: string; dataset: Dataset; tradingDate: TradingDate }): void {
    const day = this.#days.get(keyOf(of));
    day?.touched.clear();
  }

  /** Brings the candles of touched minutes up to date. What fails is left for the next time. */
  async refresh(): Promise<void> {
    for (const day of this.#days.values()) {
      const { dataset, batchId, tradingDate } = day;
      const touched: TouchedMinutes[] = Array.from(day.touched, ([symbol, window]) => ({ symbol, ...window }));
      const wasAllTouched = day.isAllTouched;
      day.touched.clear();
      day.isAllTouched = false;
      try {
        if (wasAllTouched) {
          await refreshAllMinuteCandles(this.#patient, { dataset, batchId, ...boundsOfDay(tradingDate) });
        } else {
          // After a failure there may be more to do than fits into the usual time.
          await refreshMinuteCandles(this.#hasFailed ? this.#patient : this.#database, { dataset, batchId, touched });
        }
        this.#hasFailed = false;
      } catch (error) {
        this.#hasFailed = true;
        day.isAllTouched ||= wasAllTouched;
        for (const { symbol, fromMs, toMs } of touched) {
          const known = day.touched.get(symbol);
          day.touched.set(symbol, {
            fromMs: Math.min(fromMs, known?.fromMs ?? fromMs),
            toMs: Math.max(toMs, known?.toMs ?? toMs),
          });
        }
        throw error;
      }
    }
  }

  /** Trading dates that are not settled. */
  get openDates(): readonly TradingDate[] {
    return [...this.#days.values()].map(({ tradingDate }) => tradingDate);
  }

  /**
   * Settles the days that are over: their candles are compared with their ticks once more, rollups are refreshed, and
   * queries see the day from then on. To be called while nothing is being stored.
   */
  async settle(isOver: (tradingDate: TradingDate) => boolean): Promise<void> {
    let isAny = false;
    for (const [key, day] of this.#days) {
      if (!isOver(day.tradingDate)) continue;
      await settleFeedDay(this.#patient, day);
      this.#days.delete(key);
      isAny = true;
      this.#logger.info({ feed: day.feed, tradingDate: day.tradingDate }, "the trading day is settled");
    }
    if (isAny) await refreshDirtyRollups(this.#patient);
  }
}

function keyOf({ feed, dataset, tradingDate }: { feed: string; dataset: Dataset; tradingDate: TradingDate }): string {
  return `${feed} ${dataset} ${tradingDate}`;
}
