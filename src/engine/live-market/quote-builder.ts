import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import { tradingDateToEpochMs, tradingDayNumberOf } from "../units/trading-date.js";
import { type Board, PRICE_FORMING_BOARDS } from "./board.js";
import type { BookTop, IndexLevel, PriceLevel, ReferencePrice, Tick } from "./market-event.js";
import type { SessionPhase } from "./session-phase.js";
import type { SymbolQuote } from "./symbol-quote.js";
import { VolumeCoverage } from "./volume-coverage.js";

/** Which total of a quote a board's volume belongs to. */
type VolumeTotal = "cumulativeVolume" | "oddLotVolume" | "putThroughVolume";

interface BoardVolume {
  readonly total: VolumeTotal;
  readonly coverage: VolumeCoverage;
  highest: number;
  /** Part of `highest` that a seed already counted under another board. */
  counted: number;
}

/** Boards to which a seed's volumes are credited; a quote no longer says how they were split. */
const MAIN_BOARDS: ReadonlySet<Board> = new Set<Board>(["G1", "MAIN", "INDEX", "G4"]);

/**
 * A symbol's quote from its events, in any order and repeated at will: prices go by event time, then cumulative
 * volume, and only volume not accounted for adds to the traded value. The first event of a later trading date
 * starts the day over; events of an earlier one are left out.
 */
export class QuoteBuilder {
  readonly #symbol: InstrumentSymbol;
  #quote: SymbolQuote | undefined;
  #day = -Infinity;
  #reference = NaN;
  #ceiling = NaN;
  #floor = NaN;
  #open = NaN;
  #high = NaN;
  #low = NaN;
  #price = NaN;
  #lastQuantity = NaN;
  #session: SessionPhase = "closed";
  #value = 0;
  #firstMs = Infinity;
  #firstVolume = Infinity;
  #lastMs = -Infinity;
  #lastVolume = -Infinity;
  #bookMs = -Infinity;
  #bids: readonly PriceLevel[] = [];
  #asks: readonly PriceLevel[] = [];
  #eventTimeMs = NaN;
  #receivedAtMs = NaN;
  #volumes = new Map<Board, BoardVolume>();
  #seed: SymbolQuote | undefined;

  constructor(symbol: InstrumentSymbol) {
    this.#symbol = symbol;
  }

  trade(tick: Tick): void {
    if (!this.#isOfDay(tick.eventTimeMs)) return;
    const { board, eventTimeMs, price, cumulativeVolume } = tick;
    const newVolume = this.#count(tick);
    if (PRICE_FORMING_BOARDS.has(board)) {
      this.#value += price * newVolume;
      this.#show(eventTimeMs, cumulativeVolume, price, tick.quantity, tick.session);
    }
    this.#note(eventTimeMs, tick.receivedAtMs);
  }

  publish(level: IndexLevel, session: SessionPhase): void {
    if (!this.#isOfDay(level.eventTimeMs)) return;
    const { eventTimeMs, value, cumulativeVolume, cumulativeValue } = level;
    const volume = this.#volume("INDEX");
    const rise = cumulativeVolume - volume.highest;
    volume.highest = Math.max(volume.highest, cumulativeVolume);
    if (cumulativeValue > this.#value) this.#value = cumulativeValue;
    if (!Number.isNaN(level.priorValue)) this.#reference = level.priorValue;
    this.#show(eventTimeMs, cumulativeVolume, value, Math.max(0, rise), session);
    this.#note(eventTimeMs, level.receivedAtMs);
  }

  offer(book: BookTop): void {
    if (!PRICE_FORMING_BOARDS.has(book.board) || !this.#isOfDay(book.eventTimeMs)) return;
    if (book.eventTimeMs >= this.#bookMs) {
      this.#bookMs = book.eventTimeMs;
      this.#bids = book.bids;
      this.#asks = book.asks;
    }
    this.#note(book.eventTimeMs, book.receivedAtMs);
  }

  refer({ tradingDate, reference, ceiling, floor, receivedAtMs }: ReferencePrice): void {
    const openedAtMs = tradingDateToEpochMs(tradingDate);
    if (!this.#isOfDay(openedAtMs)) return;
    this.#reference = reference;
    this.#ceiling = ceiling;
    this.#floor = floor;
    this.#note(openedAtMs, receivedAtMs);
  }

  seed(quote: SymbolQuote): void {
    if (quote.eventTimeMs < this.#eventTimeMs) return;
    // A symbol without trades has a reference price, which came on its day.
    if (!this.#isOfDay(Number.isNaN(quote.eventTimeMs) ? quote.receivedAtMs : quote.eventTimeMs)) return;
    this.#reset(this.#day);
    this.#seed = quote;
    ({ reference: this.#reference, ceiling: this.#ceiling, floor: this.#floor, session: this.#session } = quote);
    ({ price: this.#price, open: this.#open, high: this.#high, low: this.#low } = quote);
    ({ lastQuantity: this.#lastQuantity, bids: this.#bids, asks: this.#asks } = quote);
    this.#value = Number.isNaN(quote.cumulativeValue) ? 0 : quote.cumulativeValue;
    if (!Number.isNaN(quote.price)) {
      this.#firstMs = -Infinity;
      this.#lastMs = quote.eventTimeMs;
    }
    this.#note(quote.eventTimeMs, quote.receivedAtMs);
  }

  quote(): SymbolQuote {
    this.#quote ??= {
      symbol: this.#symbol,
      price: this.#price,
      reference: this.#reference,
      ceiling: this.#ceiling,
      floor: this.#floor,
      change: this.#price / this.#reference - 1,
      open: this.#open,
      high: this.#high,
      low: this.#low,
      lastQuantity: this.#lastQuantity,
      cumulativeVolume: this.#total("cumulativeVolume"),
      cumulativeValue: this.#value,
      oddLotVolume: this.#total("oddLotVolume"),
      putThroughVolume: this.#total("putThroughVolume"),
      session: this.#session,
      bids: this.#bids,
      asks: this.#asks,
      eventTimeMs: this.#eventTimeMs,
      receivedAtMs: this.#receivedAtMs,
    };
    return this.#quote;
  }

  #isOfDay(eventTimeMs: number): boolean {
    const day = tradingDayNumberOf(eventTimeMs);
    if (day > this.#day) this.#reset(day);
    return day === this.#day;
  }

  #reset(day: number): void {
    this.#quote = undefined;
    this.#seed = undefined;
    this.#day = day;
    this.#reference = this.#ceiling = this.#floor = NaN;
    this.#open = this.#high = this.#low = this.#price = this.#lastQuantity = NaN;
    this.#session = "closed";
    this.#value = 0;
    this.#firstMs = this.#firstVolume = Infinity;
    this.#lastMs = this.#lastVolume = this.#bookMs = -Infinity;
    this.#bids = this.#asks = [];
    this.#eventTimeMs = this.#receivedAtMs = NaN;
    this.#volumes = new Map();
  }

  /** Raises the board's volume and returns the part of the trade that was not accounted for. */
  #count({ board, eventTimeMs, quantity, cumulativeVolume }: Tick): number {
    const volume = this.#volume(board);
    const volumeBefore = cumulativeVolume - quantity;
    if (this.#seed !== undefined && !MAIN_BOARDS.has(board)) {
      // The seed's total has what this board traded until then: all below its first later trade.
      if (eventTimeMs <= this.#seed.eventTimeMs) {
        volume.coverage.add(volumeBefore, cumulativeVolume);
        return 0;
      }
      volume.counted = Math.min(volume.counted, volumeBefore);
    }
    volume.highest = Math.max(volume.highest, cumulativeVolume);
    return volume.coverage.add(volumeBefore, cumulativeVolume);
  }

  #volume(board: Board): BoardVolume {
    let volume = this.#volumes.get(board);
    if (volume === undefined) {
      volume = { total: totalOf(board), coverage: new VolumeCoverage(), highest: 0, counted: 0 };
      if (this.#seed !== undefined) {
        if (MAIN_BOARDS.has(board)) volume.highest = this.#seed[volume.total];
        else volume.counted = Infinity;
        volume.coverage.add(0, volume.highest);
      }
      this.#volumes.set(board, volume);
    }
    return volume;
  }

  #total(total: VolumeTotal): number {
    let sum = 0;
    let hasMainBoard = false;
    for (const [board, volume] of this.#volumes) {
      if (volume.total !== total) continue;
      hasMainBoard ||= MAIN_BOARDS.has(board);
      sum += Math.max(0, volume.highest - volume.counted);
    }
    return hasMainBoard ? sum : sum + (this.#seed?.[total] ?? 0);
  }

  #show(eventTimeMs: number, cumulativeVolume: number, price: number, quantity: number, session: SessionPhase): void {
    if (comesBefore(eventTimeMs, cumulativeVolume, this.#firstMs, this.#firstVolume)) {
      this.#open = price;
      this.#firstMs = eventTimeMs;
      this.#firstVolume = cumulativeVolume;
    }
    if (comesBefore(this.#lastMs, this.#lastVolume, eventTimeMs, cumulativeVolume)) {
      this.#price = price;
      this.#lastQuantity = quantity;
      this.#session = session;
      this.#lastMs = eventTimeMs;
      this.#lastVolume = cumulativeVolume;
    }
    if (!(price <= this.#high)) this.#high = price;
    if (!(price >= this.#low)) this.#low = price;
  }

  #note(eventTimeMs: number, receivedAtMs: number): void {
    this.#quote = undefined;
    if (!(eventTimeMs <= this.#eventTimeMs)) this.#eventTimeMs = eventTimeMs;
    if (!(receivedAtMs <= this.#receivedAtMs)) this.#receivedAtMs = receivedAtMs;
  }
}

function totalOf(board: Board): VolumeTotal {
  if (PRICE_FORMING_BOARDS.has(board)) return "cumulativeVolume";
  return board === "G4" ? "oddLotVolume" : "putThroughVolume";
}

function comesBefore(timeMs: number, volume: number, otherMs: number, otherVolume: number): boolean {
  return timeMs < otherMs || (timeMs === otherMs && volume < otherVolume);
}
