/**
 * Sum, up to each day, of forecast × outcome over the number of all days: it ends at the correlation of unit-variance
 * sides, and its slope over any time is the correlation of that time. `NaN` before the first forecast.
 */
export function runningForecast({
  shape,
  target,
  lag,
  direction,
}: {
  readonly shape: Float64Array;
  readonly target: Float64Array;
  readonly lag: number;
  readonly direction: 1 | -1;
}): Float64Array {
  const rows = target.length - lag;
  let sum = 0;
  return target.map((outcome, row) => {
    if (row < lag) return Number.NaN;
    sum += (direction * (shape[row - lag] ?? 0) * outcome) / rows;
    return sum;
  });
}
