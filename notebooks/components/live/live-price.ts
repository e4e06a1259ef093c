import type { MarketBoard } from "../../engine/live-market/market-board.js";
import type { SymbolQuote } from "../../engine/live-market/symbol-quote.js";
import { tradingDateOf } from "../../engine/units/trading-date.js";

/** Where a symbol stands in the stream. `NaN` where the stream has no value. */
export interface LivePrice {
  readonly price: number;
  /** What the change on the day is measured from. */
  readonly reference: number;
  readonly change: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
  readonly value: number;
  readonly eventTimeMs: number;
}

/** The last price of a share, or the level of an index; `undefined` before the first. */
export function livePrice(board: MarketBoard, symbol: string): LivePrice | undefined {
  const quote = board.quote(symbol as SymbolQuote["symbol"]);
  if (quote && Number.isFinite(quote.price)) {
    return { ...quote, volume: quote.cumulativeVolume, value: quote.cumulativeValue };
  }
  const level = board.index(symbol as SymbolQuote["symbol"]);
  if (!level || !Number.isFinite(level.value)) return undefined;
  return {
    price: level.value,
    reference: level.priorValue,
    change: level.value / level.priorValue - 1,
    open: Number.NaN,
    high: Number.NaN,
    low: Number.NaN,
    volume: level.cumulativeVolume,
    value: level.cumulativeValue,
    eventTimeMs: level.eventTimeMs,
  };
}

/** The trading day of an instant, as the pages hold days: epoch milliseconds at 00:00 UTC of its date. */
export function liveDayMs(eventTimeMs: number): number {
  return Number.isFinite(eventTimeMs) ? Date.parse(`${tradingDateOf(eventTimeMs)}T00:00:00Z`) : Number.NaN;
}
