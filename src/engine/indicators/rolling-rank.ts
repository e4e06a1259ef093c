import { recentValues } from "./recent-values.js";
import { runOver, type StreamingIndicator } from "./streaming-indicator.js";
import { requireWindow } from "./window.js";

/**
 * Place of each value among the last `window` defined values, itself among them, aligned with the values: 0 for the
 * lowest, 1 for the highest, (rank − 1) / (window − 1). Equal values share the average of the ranks they occupy, so a
 * window that does not vary gives 0.5. `NaN` for the first `window − 1` defined values and where the input is `NaN`.
 * @throws WINDOW_INVALID for a window below 2
 */
export function rollingRank(values: Float64Array, options: { window: number }): Float64Array {
  return runOver(streamingRollingRank(options), values);
}

/** Streaming form of {@link rollingRank}. @throws WINDOW_INVALID for a window below 2 */
export function streamingRollingRank({ window }: { window: number }): StreamingIndicator {
  requireWindow(window, { min: 2 });
  const recent = recentValues(window);
  return {
    next(value) {
      if (Number.isNaN(value)) return NaN;
      recent.push(value);
      if (!recent.isFull()) return NaN;
      let below = 0;
      let equal = 0;
      for (let i = 0; i < window; i++) {
        if (recent.values[i]! < value) below++;
        else if (recent.values[i] === value) equal++;
      }
      return (below + (equal - 1) / 2) / (window - 1);
    },
  };
}
