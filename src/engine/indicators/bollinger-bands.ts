import { rollingSum } from "./rolling-sum.js";
import type { StreamingIndicator } from "./streaming-indicator.js";
import { requireWindow } from "./window.js";

export interface BollingerOptions {
  readonly window?: number;
  /** How many standard deviations each band lies from the middle. */
  readonly deviations?: number;
}

export interface BollingerPoint {
  readonly upper: number;
  readonly middle: number;
  readonly lower: number;
}

export interface BollingerColumns {
  readonly upper: Float64Array;
  readonly middle: Float64Array;
  readonly lower: Float64Array;
}

const UNDEFINED_POINT: BollingerPoint = { upper: NaN, middle: NaN, lower: NaN };

/**
 * Bollinger bands: the simple moving average and bands `deviations` population standard deviations (divisor
 * `window`, as TA-Lib has it) of the same values above and below; in the unit of the values, aligned with them.
 * `NaN` for the first `window − 1` defined values and where the input is `NaN`. Defaults: 20 values, 2 deviations.
 * @throws WINDOW_INVALID for a window below 2
 */
export function bollingerBands(values: Float64Array, options: BollingerOptions = {}): BollingerColumns {
  const indicator = streamingBollingerBands(options);
  const columns = {
    upper: new Float64Array(values.length),
    middle: new Float64Array(values.length),
    lower: new Float64Array(values.length),
  };
  for (let i = 0; i < values.length; i++) {
    const point = indicator.next(values[i]!);
    columns.upper[i] = point.upper;
    columns.middle[i] = point.middle;
    columns.lower[i] = point.lower;
  }
  return columns;
}

/** Streaming form of {@link bollingerBands}. @throws WINDOW_INVALID for a window below 2 */
export function streamingBollingerBands({
  window = 20,
  deviations = 2,
}: BollingerOptions = {}): StreamingIndicator<number, BollingerPoint> {
  requireWindow(window, { min: 2 });
  const sum = rollingSum(window);
  const recent = new Float64Array(window);
  let oldest = 0;
  return {
    next(value) {
      if (Number.isNaN(value)) return UNDEFINED_POINT;
      recent[oldest] = value;
      oldest = oldest + 1 === window ? 0 : oldest + 1;
      const middle = sum(value) / window;
      if (Number.isNaN(middle)) return UNDEFINED_POINT;
      let squares = 0;
      for (let i = 0; i < window; i++) squares += (recent[i]! - middle) ** 2;
      const width = deviations * Math.sqrt(squares / window);
      return { upper: middle + width, middle, lower: middle - width };
    },
  };
}
