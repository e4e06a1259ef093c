/** Decay of RiskMetrics' daily volatility (J.P. Morgan 1996). */
const DECAY = 0.94;

/** Rows from whose squares the first volatility comes. */
export const VOLATILITY_WARM_UP = 20;

/** Least variance, as a share of the variance of the rows before: a source may stand still for weeks. */
const LEAST_VARIANCE = 1e-4;

/**
 * Each value over the exponentially weighted volatility of the values before it. The first
 * {@link VOLATILITY_WARM_UP} rows share the volatility of all of them; after those, no row depends on a later one.
 * Zeros throughout when nothing varies.
 */
export function scaledByVolatility(values: Float64Array): Float64Array {
  const warmUp = Math.min(VOLATILITY_WARM_UP, values.length);
  let variance = 0;
  for (let row = 0; row < warmUp; row++) variance += (values[row]! * values[row]!) / warmUp;
  let sumOfSquares = variance * warmUp;
  let rows = warmUp;
  return values.map((value, row) => {
    const least = (LEAST_VARIANCE * sumOfSquares) / rows;
    const scale = Math.max(variance, least);
    variance = DECAY * variance + (1 - DECAY) * value * value;
    if (row >= warmUp) {
      sumOfSquares += value * value;
      rows++;
    }
    return scale > 0 ? value / Math.sqrt(scale) : 0;
  });
}
