import type { Tick } from "../../src/engine/live-market/market-event.js";
import { type InstrumentSymbol, instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { seededRandom } from "../../src/engine/statistics/seeded-random.js";

/** Columns of one symbol's trades, in the order in which they were made. */
class TradeColumns {
  length = 0;
  #times = new Float64Array(1_024);
  #prices = new Float64Array(1_024);
  #quantities = new Float64Array(1_024);
  #volumes = new Float64Array(1_024);

  add(time: number, price: number, quantity: number, volume: number): void {
    if (this.length === this.#times.length) {
      this.#times = doubled(this.#times);
      this.#prices = doubled(this.#prices);
      this.#quantities = doubled(this.#quantities);
      this.#volumes = doubled(this.#volumes);
    }
    this.#times[this.length] = time;
    this.#prices[this.length] = price;
    this.#quantities[this.length] = quantity;
    this.#volumes[this.length++] = volume;
  }

  at(row: number): { time: number; price: number; quantity: number; volume: number } {
    return {
      time: this.#times[row]!,
      price: this.#prices[row]!,
      quantity: this.#quantities[row]!,
      volume: this.#volumes[row]!,
    };
  }

  /** The first row whose cumulative volume is above `volume`. */
  rowAbove(volume: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#volumes[middle]! > volume) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function doubled(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(values.length * 2);
  grown.set(values);
  return grown;
}

/** An exchange's day: makes trades of some symbols and remembers every one of them. */
export class TradedDay {
  readonly symbols: readonly InstrumentSymbol[];
  readonly #columns: TradeColumns[];
  readonly #random: () => number;
  #count = 0;

  constructor({ symbolCount, seed }: { symbolCount: number; seed: number }) {
    this.symbols = Array.from({ length: symbolCount }, (_, i) => instrumentSymbol(`S${String(i).padStart(3, "0")}`));
    this.#columns = this.symbols.map(() => new TradeColumns());
    this.#random = seededRandom(seed);
  }

  /** Trades made so far. */
  get count(): number {
    return this.#count;
  }

  /** Makes a trade, of a random symbol unless one is named by its number. */
  trade(eventTimeMs: number, symbolNumber = Math.floor(this.#random() * this.symbols.length)): Tick {
    const columns = this.#columns[symbolNumber]!;
    const quantity = 100 * (1 + Math.floor(this.#random() * 10));
    const price = 20_000 + symbolNumber * 100 + 50 * Math.floor(this.#random() * 20);
    const before = columns.length === 0 ? 0 : columns.at(columns.length - 1).volume;
    columns.add(eventTimeMs, price, quantity, before + quantity);
    this.#count++;
    return this.#tick(symbolNumber, columns.length - 1, false);
  }

  /** A symbol's trades with cumulative volumes above `volume`, up to an event time, marked as backfilled. */
  *since(symbol: InstrumentSymbol, volume: number, toMs: number): Generator<Tick> {
    const number = this.symbols.indexOf(symbol);
    if (number < 0) return;
    const columns = this.#columns[number]!;
    for (let row = columns.rowAbove(volume); row < columns.length && columns.at(row).time <= toMs; row++) {
      yield this.#tick(number, row, true);
    }
  }

  /** Every trade of a symbol, in order. */
  *of(symbol: InstrumentSymbol): Generator<Tick> {
    yield* this.since(symbol, -1, Number.POSITIVE_INFINITY);
  }

  #tick(symbolNumber: number, row: number, isBackfill: boolean): Tick {
    const { time, price, quantity, volume } = this.#columns[symbolNumber]!.at(row);
    return {
      kind: "tick",
      symbol: this.symbols[symbolNumber]!,
      board: "G1",
      eventTimeMs: time,
      receivedAtMs: time + 1,
      price,
      quantity,
      cumulativeVolume: volume,
      side: row % 2 === 0 ? "B" : "S",
      session: "continuous",
      source: "dnse",
      isBackfill,
    };
  }
}
