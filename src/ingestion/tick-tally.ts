import type { TradingDate } from "../engine/units/trading-date.js";
import { tradingDateOf, tradingDayNumberOf } from "../engine/units/trading-date.js";

/** What became of the ticks of one symbol, board and day, and the event times of the accepted ones. */
export interface TallyEntry {
  readonly symbol: string;
  readonly board: string;
  readonly tradingDate: TradingDate;
  received: number;
  accepted: number;
  duplicates: number;
  rejected: number;
  /** Of the accepted ones. */
  backfilled: number;
  /** `Infinity` and `-Infinity` while none was accepted. */
  firstMs: number;
  lastMs: number;
}

/** Counts by symbol, board and trading day. */
export class TickTally {
  readonly #entries = new Map<string, TallyEntry>();
  #day = Number.NaN;
  #date = "" as TradingDate;

  entry(symbol: string, board: string, instantMs: number): TallyEntry {
    const day = tradingDayNumberOf(instantMs);
    if (day !== this.#day) {
      this.#day = day;
      this.#date = tradingDateOf(instantMs);
    }
    return this.#entryOf(symbol, board, this.#date);
  }

  /** Adds what another tally counted. */
  add(other: TallyEntry): void {
    const entry = this.#entryOf(other.symbol, other.board, other.tradingDate);
    entry.received += other.received;
    entry.accepted += other.accepted;
    entry.duplicates += other.duplicates;
    entry.rejected += other.rejected;
    entry.backfilled += other.backfilled;
    entry.firstMs = Math.min(entry.firstMs, other.firstMs);
    entry.lastMs = Math.max(entry.lastMs, other.lastMs);
  }

  get entries(): TallyEntry[] {
    return [...this.#entries.values()];
  }

  /** The entries so far; begins anew. */
  take(): TallyEntry[] {
    const taken = this.entries;
    this.#entries.clear();
    return taken;
  }

  #entryOf(symbol: string, board: string, tradingDate: TradingDate): TallyEntry {
    const key = `${symbol} ${board} ${tradingDate}`;
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = {
        symbol,
        board,
        tradingDate,
        received: 0,
        accepted: 0,
        duplicates: 0,
        rejected: 0,
        backfilled: 0,
        firstMs: Number.POSITIVE_INFINITY,
        lastMs: Number.NEGATIVE_INFINITY,
      };
      this.#entries.set(key, entry);
    }
    return entry;
  }
}
