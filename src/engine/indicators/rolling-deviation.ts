import { recentValues } from "./recent-values.js";
import { runOver, type StreamingIndicator } from "./streaming-indicator.js";
import { requireWindow } from "./window.js";

/**
 * Sample standard deviation (divisor `window − 1`) of the last `window` defined values, in their unit, aligned with
 * them; 0 where they do not vary. `NaN` for the first `window − 1` defined values and where the input is `NaN`.
 * @throws WINDOW_INVALID for a window below 2
 */
export function rollingDeviation(values: Float64Array, options: { window: number }): Float64Array {
  return runOver(streamingRollingDeviation(options), values);
}

/**
 * How many sample standard deviations a value lies above the mean of the last `window` defined values, itself among
 * them, aligned with the values. At most (window − 1) / √window in size. `NaN` where {@link rollingDeviation} is `NaN`
 * or 0. @throws WINDOW_INVALID for a window below 2
 */
export function rollingZScore(values: Float64Array, options: { window: number }): Float64Array {
  return runOver(streamingRollingZScore(options), values);
}

/** Streaming form of {@link rollingDeviation}. @throws WINDOW_INVALID for a window below 2 */
export function streamingRollingDeviation(options: { window: number }): StreamingIndicator {
  return streamingSpread(options, (_value, { deviation }) => deviation);
}

/** Streaming form of {@link rollingZScore}. @throws WINDOW_INVALID for a window below 2 */
export function streamingRollingZScore(options: { window: number }): StreamingIndicator {
  return streamingSpread(options, (value, { mean, deviation }) => (deviation > 0 ? (value - mean) / deviation : NaN));
}

interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

function streamingSpread(
  { window }: { window: number },
  outputOf: (value: number, spread: Spread) => number,
): StreamingIndicator {
  requireWindow(window, { min: 2 });
  const recent = recentValues(window);
  return {
    next(value) {
      if (Number.isNaN(value)) return NaN;
      recent.push(value);
      return recent.isFull() ? outputOf(value, spreadOf(recent.values)) : NaN;
    },
  };
}

/** Taken anew for each window from differences to one of its values, so that no rounding of large values stays behind. */
function spreadOf(values: Float64Array): Spread {
  const origin = values[0]!;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! - origin;
  const meanFromOrigin = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - origin - meanFromOrigin) ** 2;
  return { mean: origin + meanFromOrigin, deviation: Math.sqrt(squares / (values.length - 1)) };
}
