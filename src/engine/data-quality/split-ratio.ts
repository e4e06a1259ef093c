/**
 * Old price over new price for the usual splits, stock dividends and bonus issues: one new share for every
 * ten, five, four, three or two held and so on, then whole splits.
 */
const USUAL_RATIOS = [
  1.1,
  1.15,
  1.2,
  1.25,
  1.3,
  4 / 3,
  1.35,
  1.4,
  1.5,
  1.6,
  5 / 3,
  1.75,
  1.8,
  2,
  2.5,
  3,
  4,
  5,
  6,
  7,
  8,
  10,
  15,
  20,
] as const;

/** Falls by a third or more are rare enough in trading for the ratio to mean something without a price band. */
const RATIOS_UNLIKE_TRADING = USUAL_RATIOS.filter((ratio) => ratio >= 1.5);

/** Shares are merged in whole numbers. */
const MERGER_RATIOS = USUAL_RATIOS.filter((ratio) => ratio >= 2 && Number.isInteger(ratio));

/** Without a band, what may remain of a return once it is corrected by the ratio. */
const UNBANDED_REST = 0.04;

/**
 * New shares for one old share, by the usual ratio nearest to a simple return of the price (in relative terms):
 * above 1 for a fall (split, bonus issue), below 1 for a rise (reverse split). `undefined` when the price
 * corrected by that ratio has still moved by more than `band`, or by 4% where trading has no band.
 */
export function nearestSplitRatio(change: number, band: number | undefined): number | undefined {
  const isFall = change < 0;
  const factor = isFall ? 1 / (1 + change) : 1 + change;
  const fallRatios = band === undefined ? RATIOS_UNLIKE_TRADING : USUAL_RATIOS;
  let nearest: number | undefined;
  let smallestRest = band ?? UNBANDED_REST;
  for (const ratio of isFall ? fallRatios : MERGER_RATIOS) {
    const rest = Math.abs(ratio / factor - 1);
    if (rest <= smallestRest) {
      smallestRest = rest;
      nearest = ratio;
    }
  }
  if (nearest === undefined || isFall) return nearest;
  return 1 / nearest;
}
