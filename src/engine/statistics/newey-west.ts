/**
 * Standard error of the mean of a series that may be autocorrelated and heteroskedastic: Newey and West (1987) with
 * Bartlett's weights and the lag ⌊4 (n/100)^(2/9)⌋. `NaN` for fewer than two values.
 */
export function neweyWestStandardError(values: Float64Array): number {
  const n = values.length;
  if (n < 2) return NaN;
  let mean = 0;
  for (const value of values) mean += value / n;
  const lags = Math.min(n - 1, truncationLag(n));
  let variance = autocovariance(values, mean, 0);
  for (let lag = 1; lag <= lags; lag++) {
    variance += 2 * (1 - lag / (lags + 1)) * autocovariance(values, mean, lag);
  }
  return Math.sqrt(Math.max(0, variance) / n);
}

/** ⌊4 (n/100)^(2/9)⌋ by whole steps: the largest lag with (lag/4)⁹ ≤ (n/100)². */
function truncationLag(n: number): number {
  const bound = (n / 100) * (n / 100);
  let lag = 0;
  while (ninthPower((lag + 1) / 4) <= bound) lag++;
  return lag;
}

function ninthPower(value: number): number {
  const cube = value * value * value;
  return cube * cube * cube;
}

function autocovariance(values: Float64Array, mean: number, lag: number): number {
  let sum = 0;
  for (let i = lag; i < values.length; i++) sum += (values[i]! - mean) * (values[i - lag]! - mean);
  return sum / values.length;
}
