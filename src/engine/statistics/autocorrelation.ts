/**
 * Autocorrelations of a series of mean 0 at lags 0 to `maxLag`: Σ xₜ xₜ₋ₖ / Σ xₜ². The mean is not subtracted.
 * All `NaN` for a series of zeros.
 */
export function autocorrelations(values: Float64Array, maxLag: number): Float64Array {
  const sums = new Float64Array(maxLag + 1);
  for (let lag = 0; lag <= maxLag; lag++) {
    let sum = 0;
    for (let row = lag; row < values.length; row++) sum += values[row]! * values[row - lag]!;
    sums[lag] = sum;
  }
  const square = sums[0]!;
  return sums.map((sum) => sum / square);
}
