import { runOver, type StreamingIndicator } from "./streaming-indicator.js";
import { requireWindow } from "./window.js";

/**
 * The highest of the last `window` defined values, the newest among them, in their unit, aligned with them: the upper
 * line of Donchian's channel when fed with highs. `NaN` for the first `window − 1` defined values and where the input is
 * `NaN`. @throws WINDOW_INVALID
 */
export function rollingHighest(values: Float64Array, options: { window: number }): Float64Array {
  return runOver(streamingRollingHighest(options), values);
}

/** The lowest of the last `window` defined values; otherwise as {@link rollingHighest}. @throws WINDOW_INVALID */
export function rollingLowest(values: Float64Array, options: { window: number }): Float64Array {
  return runOver(streamingRollingLowest(options), values);
}

/** Streaming form of {@link rollingHighest}. @throws WINDOW_INVALID */
export function streamingRollingHighest({ window }: { window: number }): StreamingIndicator {
  return streamingExtreme(window, (newer, older) => newer >= older);
}

/** Streaming form of {@link rollingLowest}. @throws WINDOW_INVALID */
export function streamingRollingLowest({ window }: { window: number }): StreamingIndicator {
  return streamingExtreme(window, (newer, older) => newer <= older);
}

/** Keeps, oldest first, those values that may still become the extreme: each is worse than the one before it. */
function streamingExtreme(window: number, replaces: (newer: number, older: number) => boolean): StreamingIndicator {
  requireWindow(window);
  const candidates = new Float64Array(window);
  const rows = new Float64Array(window);
  let first = 0;
  let count = 0;
  let row = 0;
  const place = (nth: number) => (first + nth) % window;
  return {
    next(value) {
      if (Number.isNaN(value)) return NaN;
      if (count > 0 && rows[first]! <= row - window) {
        first = place(1);
        count--;
      }
      while (count > 0 && replaces(value, candidates[place(count - 1)]!)) count--;
      candidates[place(count)] = value;
      rows[place(count)] = row++;
      count++;
      return row < window ? NaN : candidates[first]!;
    },
  };
}
