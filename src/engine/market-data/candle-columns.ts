import type { InstrumentSymbol } from "./instrument-symbol.js";

/**
 * Candles as columns of equal length. Row `i` belongs to `symbols[symbolCodes[i]]`.
 *
 * Prices are in major units of the instrument's currency (VND, not thousand VND), or in points for an
 * index; volume is in shares, contracts or the unit of the vendor. `NaN` means the source gave no value.
 * `openedAtMs` is UTC epoch milliseconds; a daily candle carries 00:00 Asia/Ho_Chi_Minh of its trading date.
 */
export interface CandleColumns {
  readonly length: number;
  readonly symbols: readonly InstrumentSymbol[];
  readonly symbolCodes: Int32Array;
  readonly openedAtMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** Candles of one instrument, in ascending order of time, without duplicates. */
export type CandleSeries = Omit<CandleColumns, "symbols" | "symbolCodes">;
