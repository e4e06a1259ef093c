import { streamingWilderAverage } from "./exponential-moving-average.js";
import { runOver, type StreamingIndicator } from "./streaming-indicator.js";
import { requireWindow } from "./window.js";

/**
 * Wilder's relative strength index, 0 to 100, aligned with the values: 100 · G / (G + L), where G and L are Wilder's
 * averages of rises and falls between consecutive defined values. First output after `window` changes.
 * `NaN` before it, where the input is `NaN`, and while nothing has moved (TA-Lib writes 0 there).
 * See Wilder, New Concepts in Technical Trading Systems (1978). @throws WINDOW_INVALID for a window below 2
 */
export function relativeStrengthIndex(values: Float64Array, options: { window: number }): Float64Array {
  return runOver(streamingRelativeStrengthIndex(options), values);
}

/** Streaming form of {@link relativeStrengthIndex}. @throws WINDOW_INVALID for a window below 2 */
export function streamingRelativeStrengthIndex({ window }: { window: number }): StreamingIndicator {
  requireWindow(window, { min: 2 });
  const averageGain = streamingWilderAverage({ window });
  const averageLoss = streamingWilderAverage({ window });
  let previous = NaN;
  return {
    next(value) {
      if (Number.isNaN(value)) return NaN;
      const change = value - previous;
      previous = value;
      const gain = averageGain.next(Number.isNaN(change) ? NaN : Math.max(change, 0));
      const loss = averageLoss.next(Number.isNaN(change) ? NaN : Math.max(-change, 0));
      return (100 * gain) / (gain + loss);
    },
  };
}
