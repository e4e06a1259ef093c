import { rollingSum } from "./rolling-sum.js";
import { runOver, type StreamingIndicator } from "./streaming-indicator.js";
import { requireWindow } from "./window.js";

/**
 * Simple moving average: the mean of the last `window` defined values, in their unit, aligned with them.
 * `NaN` for the first `window − 1` defined values and where the input is `NaN`. @throws WINDOW_INVALID
 */
export function simpleMovingAverage(values: Float64Array, options: { window: number }): Float64Array {
  return runOver(streamingSimpleMovingAverage(options), values);
}

/** Streaming form of {@link simpleMovingAverage}. @throws WINDOW_INVALID */
export function streamingSimpleMovingAverage({ window }: { window: number }): StreamingIndicator {
  requireWindow(window);
  const sum = rollingSum(window);
  return {
    next: (value) => (Number.isNaN(value) ? NaN : sum(value) / window),
  };
}
