import type { MarketEvent, Tick } from "../../engine/live-market/market-event.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";

/** What happened since the last flush. Numbers are of updates, by symbol. */
export interface FastChanges {
  readonly ticks: readonly Tick[];
  /** Places in `ticks`, ascending. */
  readonly ticksOf: ReadonlyMap<InstrumentSymbol, readonly number[]>;
  readonly books: ReadonlyMap<InstrumentSymbol, number>;
  readonly indexes: ReadonlyMap<InstrumentSymbol, number>;
}

/** Sequences at which each symbol's state changed last. */
export interface ChangedAt {
  readonly quotes: ReadonlyMap<InstrumentSymbol, number>;
  readonly books: ReadonlyMap<InstrumentSymbol, number>;
  readonly indexes: ReadonlyMap<InstrumentSymbol, number>;
}

/**
 * Collects what clients have yet to hear. Trades, books and indexes are taken at every flush, quotes more seldom. The
 * memory it takes is bounded by the number of symbols and the trades of one flush.
 */
export class ChangeLog {
  #ticks: Tick[] = [];
  #ticksOf = new Map<InstrumentSymbol, number[]>();
  #books = new Map<InstrumentSymbol, number>();
  #indexes = new Map<InstrumentSymbol, number>();
  #quotes = new Map<InstrumentSymbol, number>();
  readonly #changedAt = {
    quotes: new Map<InstrumentSymbol, number>(),
    books: new Map<InstrumentSymbol, number>(),
    indexes: new Map<InstrumentSymbol, number>(),
  };

  add(events: readonly MarketEvent[], sequence: number): void {
    for (const event of events) {
      switch (event.kind) {
        case "tick": {
          const places = this.#ticksOf.get(event.symbol);
          if (places) places.push(this.#ticks.length);
          else this.#ticksOf.set(event.symbol, [this.#ticks.length]);
          this.#ticks.push(event);
          this.#quoteChanged(event.symbol, sequence);
          break;
        }
        case "book":
          count(this.#books, event.symbol);
          this.#changedAt.books.set(event.symbol, sequence);
          break;
        case "index":
          count(this.#indexes, event.symbol);
          this.#changedAt.indexes.set(event.symbol, sequence);
          this.#quoteChanged(event.symbol, sequence);
          break;
        case "reference":
          this.#quoteChanged(event.symbol, sequence);
      }
    }
  }

  get hasFast(): boolean {
    return this.#ticks.length > 0 || this.#books.size > 0 || this.#indexes.size > 0;
  }

  get hasQuotes(): boolean {
    return this.#quotes.size > 0;
  }

  get changedAt(): ChangedAt {
    return this.#changedAt;
  }

  takeFast(): FastChanges {
    const taken = { ticks: this.#ticks, ticksOf: this.#ticksOf, books: this.#books, indexes: this.#indexes };
    this.#ticks = [];
    this.#ticksOf = new Map();
    this.#books = new Map();
    this.#indexes = new Map();
    return taken;
  }

  takeQuotes(): ReadonlyMap<InstrumentSymbol, number> {
    const taken = this.#quotes;
    this.#quotes = new Map();
    return taken;
  }

  /** Forgets everything: the board was filled anew, and whoever was behind needs all of it. */
  clear(): void {
    this.takeFast();
    this.takeQuotes();
    for (const changedAt of Object.values(this.#changedAt)) changedAt.clear();
  }

  #quoteChanged(symbol: InstrumentSymbol, sequence: number): void {
    count(this.#quotes, symbol);
    this.#changedAt.quotes.set(symbol, sequence);
  }
}

function count(updates: Map<InstrumentSymbol, number>, symbol: InstrumentSymbol): void {
  updates.set(symbol, (updates.get(symbol) ?? 0) + 1);
}
