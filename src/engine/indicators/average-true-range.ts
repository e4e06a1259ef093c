import { WorkbenchError } from "../errors.js";
import { streamingWilderAverage } from "./exponential-moving-average.js";
import type { StreamingIndicator } from "./streaming-indicator.js";
import { requireWindow } from "./window.js";

/** One candle as far as the true range needs it. */
export interface PriceRange {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Columns of equal length, such as a candle series. */
export interface PriceRangeColumns {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/**
 * Wilder's average true range, in the unit of the prices, aligned with the candles. The true range is the span of
 * the high, the low and the previous close; its first Wilder average comes at candle number `window + 1`, since the
 * first candle has no previous close (TA-Lib's convention). `NaN` before that, and for a candle in which any of the
 * three is `NaN`, which is passed over. See Wilder, New Concepts in Technical Trading Systems (1978).
 * @throws WINDOW_INVALID, SERIES_MISALIGNED
 */
export function averageTrueRange({ high, low, close }: PriceRangeColumns, options: { window: number }): Float64Array {
  const indicator = streamingAverageTrueRange(options);
  if (high.length !== close.length || low.length !== close.length) {
    throw new WorkbenchError(
      "SERIES_MISALIGNED",
      `misaligned candles: ${high.length} highs, ${low.length} lows, ${close.length} closes (accepted: equal lengths)`,
    );
  }
  return close.map((value, i) => indicator.next({ high: high[i]!, low: low[i]!, close: value }));
}

/** Streaming form of {@link averageTrueRange}. @throws WINDOW_INVALID */
export function streamingAverageTrueRange({ window }: { window: number }): StreamingIndicator<PriceRange> {
  requireWindow(window);
  const average = streamingWilderAverage({ window });
  let previousClose = NaN;
  return {
    next({ high, low, close }) {
      if (Number.isNaN(high) || Number.isNaN(low) || Number.isNaN(close)) return NaN;
      const trueRange = Math.max(high, previousClose) - Math.min(low, previousClose);
      previousClose = close;
      return average.next(trueRange);
    },
  };
}
