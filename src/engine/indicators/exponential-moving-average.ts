import { runOver, type StreamingIndicator } from "./streaming-indicator.js";
import { requireWindow } from "./window.js";

/**
 * Exponential moving average with weight 2 / (window + 1) on the newest value, in the unit of the values, aligned
 * with them. The first output, at the `window`-th defined value, is the simple average of the values so far, which
 * is TA-Lib's seeding. `NaN` before it and where the input is `NaN`. @throws WINDOW_INVALID
 */
export function exponentialMovingAverage(values: Float64Array, options: { window: number }): Float64Array {
  return runOver(streamingExponentialMovingAverage(options), values);
}

/** Streaming form of {@link exponentialMovingAverage}. @throws WINDOW_INVALID */
export function streamingExponentialMovingAverage({ window }: { window: number }): StreamingIndicator {
  requireWindow(window);
  return seededAverage(window, 2 / (window + 1));
}

/**
 * Wilder's smoothing: an exponential moving average with weight 1 / window on the newest value, seeded by the
 * simple average of the first `window` values. The building block of Wilder's RSI and ATR. @throws WINDOW_INVALID
 */
export function streamingWilderAverage({ window }: { window: number }): StreamingIndicator {
  requireWindow(window);
  return seededAverage(window, 1 / window);
}

function seededAverage(window: number, weight: number): StreamingIndicator {
  let count = 0;
  let seedSum = 0;
  let average = NaN;
  return {
    next(value) {
      if (Number.isNaN(value)) return NaN;
      if (count < window) {
        count++;
        seedSum += value;
        if (count === window) average = seedSum / window;
      } else {
        average += weight * (value - average);
      }
      return average;
    },
  };
}
