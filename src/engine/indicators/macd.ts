import { streamingExponentialMovingAverage } from "./exponential-moving-average.js";
import type { StreamingIndicator } from "./streaming-indicator.js";
import { requireWindow } from "./window.js";

export interface MacdWindows {
  readonly fastWindow?: number;
  readonly slowWindow?: number;
  readonly signalWindow?: number;
}

export interface MacdPoint {
  readonly macd: number;
  readonly signal: number;
  /** `macd − signal`. */
  readonly histogram: number;
}

export interface MacdColumns {
  readonly macd: Float64Array;
  readonly signal: Float64Array;
  readonly histogram: Float64Array;
}

const UNDEFINED_POINT: MacdPoint = { macd: NaN, signal: NaN, histogram: NaN };

/**
 * Moving average convergence divergence (Appel): the fast less the slow exponential moving average, its own
 * exponential moving average as signal, and their difference; in the unit of the values, aligned with them.
 *
 * TA-Lib's convention: both averages begin at the same row, so the fast one is seeded by the last `fastWindow` of the
 * first `slowWindow` values, and all three columns are `NaN` until the signal exists, at defined value number
 * `slowWindow + signalWindow − 1`. `NaN` too where the input is `NaN`.
 * @throws WINDOW_INVALID also when the fast window is not shorter than the slow one
 */
export function macd(values: Float64Array, windows: MacdWindows = {}): MacdColumns {
  const indicator = streamingMacd(windows);
  const columns = {
    macd: new Float64Array(values.length),
    signal: new Float64Array(values.length),
    histogram: new Float64Array(values.length),
  };
  for (let i = 0; i < values.length; i++) {
    const point = indicator.next(values[i]!);
    columns.macd[i] = point.macd;
    columns.signal[i] = point.signal;
    columns.histogram[i] = point.histogram;
  }
  return columns;
}

/** Streaming form of {@link macd}. @throws WINDOW_INVALID */
export function streamingMacd({
  fastWindow = 12,
  slowWindow = 26,
  signalWindow = 9,
}: MacdWindows = {}): StreamingIndicator<number, MacdPoint> {
  requireWindow(fastWindow, { name: "fastWindow" });
  requireWindow(slowWindow, { name: "slowWindow", min: fastWindow + 1 });
  requireWindow(signalWindow, { name: "signalWindow" });
  const fastAverage = streamingExponentialMovingAverage({ window: fastWindow });
  const slowAverage = streamingExponentialMovingAverage({ window: slowWindow });
  const signalAverage = streamingExponentialMovingAverage({ window: signalWindow });
  let rowsBeforeFast = slowWindow - fastWindow;
  return {
    next(value) {
      if (Number.isNaN(value)) return UNDEFINED_POINT;
      const slow = slowAverage.next(value);
      const fast = rowsBeforeFast > 0 ? NaN : fastAverage.next(value);
      rowsBeforeFast--;
      const line = fast - slow;
      const signal = signalAverage.next(line);
      return Number.isNaN(signal) ? UNDEFINED_POINT : { macd: line, signal, histogram: line - signal };
    },
  };
}
