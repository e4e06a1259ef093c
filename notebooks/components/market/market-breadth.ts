/** How many of a group of shares rose, fell and stayed, and how many stand above their average. */
export interface MarketBreadth {
  readonly advancers: number;
  readonly decliners: number;
  readonly unchanged: number;
  /** Shares with a close and enough history for the average, and those of them that close above it. */
  readonly withAverage: number;
  readonly aboveAverage: number;
}

const AVERAGE_DAYS = 50;

/**
 * Breadth of shares by their changes (fractions; `NaN` is not counted) and last closes (oldest first). The average
 * is the simple mean of the last 50 closes; a share with fewer is left out of it.
 */
export function marketBreadth(
  shares: readonly { readonly change: number; readonly recentCloses: ArrayLike<number> }[],
): MarketBreadth {
  let [advancers, decliners, unchanged, withAverage, aboveAverage] = [0, 0, 0, 0, 0];
  for (const { change, recentCloses } of shares) {
    if (change > 0) advancers++;
    else if (change < 0) decliners++;
    else if (change === 0) unchanged++;
    const average = meanOfLast(recentCloses, AVERAGE_DAYS);
    if (Number.isNaN(average)) continue;
    withAverage++;
    if ((recentCloses[recentCloses.length - 1] ?? Number.NaN) > average) aboveAverage++;
  }
  return { advancers, decliners, unchanged, withAverage, aboveAverage };
}

function meanOfLast(values: ArrayLike<number>, count: number): number {
  if (values.length < count) return Number.NaN;
  let sum = 0;
  for (let index = values.length - count; index < values.length; index++) sum += values[index] ?? Number.NaN;
  return sum / count;
}
