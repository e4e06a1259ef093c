import { recentValues } from "./recent-values.js";
import { runOver, type StreamingIndicator } from "./streaming-indicator.js";
import { requireWindow } from "./window.js";

/**
 * Rate of change in %, aligned with the values: 100 · (x / x of `window` defined values before − 1), TA-Lib's ROC.
 * `NaN` for the first `window` defined values, where the input is `NaN`, and where the earlier value is 0.
 * @throws WINDOW_INVALID
 */
export function rateOfChange(values: Float64Array, options: { window: number }): Float64Array {
  return runOver(streamingRateOfChange(options), values);
}

/** Streaming form of {@link rateOfChange}. @throws WINDOW_INVALID */
export function streamingRateOfChange({ window }: { window: number }): StreamingIndicator {
  requireWindow(window);
  const recent = recentValues(window);
  return {
    next(value) {
      if (Number.isNaN(value)) return NaN;
      const earlier = recent.push(value);
      return earlier === 0 ? NaN : 100 * (value / earlier - 1);
    },
  };
}
