import { WorkbenchError } from "../errors.js";
import { asOfJoin } from "../market-data/align-series.js";
import type { PriceSeries } from "../market-data/price-series.js";
import { leastSquares } from "../statistics/least-squares.js";

/** Fewest returns from which betas are measured: 60, six horizons, and ten for each source. */
const LEAST_RETURNS = 60;
const LEAST_HORIZONS = 6;
const LEAST_RETURNS_A_SOURCE = 10;

/** A source with less than this share of the longest history is left out, so that it does not shorten the others'. */
const LEAST_SHARE_OF_ROWS = 0.5;

/** Under this share of its square a return is determined by those of the other sources. */
const COLLINEAR = 1e-9;

export interface BetaSource {
  readonly series: PriceSeries;
  /** How long after a row opened its price was known, in milliseconds. */
  readonly closesAfterMs?: number;
}

export interface MeasuredBeta {
  /** Log return of the target for a log return of one of the source, the other sources held. */
  readonly beta: number;
  readonly standardError: number;
  /** Returns that were used; overlapping ones each count. */
  readonly n: number;
}

export interface BetaOptions {
  /** Rows of the target's calendar that a return spans; 1 for daily returns of daily prices. */
  readonly horizon?: number;
  readonly targetClosesAfterMs?: number;
}

/**
 * Betas of a target on all its sources at once: least squares of log returns with an intercept, on the target's
 * calendar with the last price of each source known at the target's close. Measured together, each is the direct effect
 * of its source, so that products along paths sum to a total effect (path coefficients, Wright 1934).
 *
 * Returns span `horizon` rows and overlap, so that a response that takes days is counted; 20, about a month, unless
 * given. Standard errors by Newey and West (1987) with Bartlett weights and max(⌊4(n/100)^(2/9)⌋, 2(horizon − 1)) lags.
 * `NaN` for too few returns, for a source with half the history of the longest or less, and for one that does not vary
 * or that the others determine. @throws SERIES_MISALIGNED, ARGUMENT_INVALID
 */
export function measureBetas(
  sources: readonly BetaSource[],
  target: PriceSeries,
  { horizon = 20, targetClosesAfterMs = 0 }: BetaOptions = {},
): MeasuredBeta[] {
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > 250) {
    throw new WorkbenchError("ARGUMENT_INVALID", `invalid horizon: ${horizon} (accepted: an integer from 1 to 250)`);
  }
  const known = sources.map(({ series, closesAfterMs = 0 }) =>
    knownPrices(series, target, { sourceClosesAfterMs: closesAfterMs, targetClosesAfterMs }),
  );
  const rowCounts = known.map((prices) => prices.reduce((count, price) => count + (Number.isNaN(price) ? 0 : 1), 0));
  const longest = Math.max(0, ...rowCounts);
  const kept = sources.flatMap((_, i) => (rowCounts[i]! > LEAST_SHARE_OF_ROWS * longest ? [i] : []));
  const [y, ...xs] = commonReturns([target.prices, ...kept.map((i) => known[i]!)], horizon) as [
    Float64Array,
    ...Float64Array[],
  ];
  const n = y.length;
  const isEnough = n >= Math.max(LEAST_RETURNS, LEAST_HORIZONS * horizon, LEAST_RETURNS_A_SOURCE * xs.length);
  const lags = Math.max(Math.floor(4 * (n / 100) ** (2 / 9)), 2 * (horizon - 1));
  const measured = isEnough ? partialSlopes(y, xs, lags) : [];
  return sources.map((_, i) => ({ ...(measured[kept.indexOf(i)] ?? { beta: NaN, standardError: NaN }), n }));
}

/** The source's last known price at each row of the target; `NaN` before its first. */
function knownPrices(
  source: PriceSeries,
  target: PriceSeries,
  offsets: { readonly sourceClosesAfterMs: number; readonly targetClosesAfterMs: number },
): Float64Array {
  const { openedAtMs, sourcePrices } = asOfJoin(source, target, offsets);
  const prices = new Float64Array(target.openedAtMs.length).fill(NaN);
  let at = 0;
  for (let row = 0; row < prices.length && at < openedAtMs.length; row++) {
    if (target.openedAtMs[row] === openedAtMs[at]) prices[row] = sourcePrices[at++]!;
  }
  return prices;
}

/** Log returns over `horizon` of the rows in which every column has a price, where all of them are defined. */
function commonReturns(columns: readonly Float64Array[], horizon: number): Float64Array[] {
  const rows = Array.from(columns[0]!.keys()).filter((row) => columns.every((prices) => !Number.isNaN(prices[row]!)));
  const returns = columns.map((prices) =>
    // A price of zero or below has no logarithm: the spot price of oil was negative for a day.
    Float64Array.from(rows.slice(horizon), (row, i) => Math.log(prices[row]! / prices[rows[i]!]!)),
  );
  const isDefined = (i: number) => returns.every((column) => Number.isFinite(column[i]!));
  return returns.map((column) => column.filter((_, i) => isDefined(i)));
}

/** Slope of y on each x given the others, by the theorem of Frisch, Waugh and Lovell, with its Newey-West error. */
function partialSlopes(
  y: Float64Array,
  xs: readonly Float64Array[],
  lags: number,
): { readonly beta: number; readonly standardError: number }[] {
  const constant = new Float64Array(y.length).fill(1);
  const { residuals } = leastSquares(y, [constant, ...xs]);
  return xs.map((x, j) => {
    const own = leastSquares(x, [constant, ...xs.filter((_, i) => i !== j)]).residuals;
    const square = sumOf(own, (value) => value * value);
    if (!(square > COLLINEAR * sumOf(x, (value) => value * value))) return { beta: NaN, standardError: NaN };
    const beta = sumOf(own, (value, i) => value * y[i]!) / square;
    const scores = own.map((value, i) => value * residuals[i]!);
    return { beta, standardError: Math.sqrt(Math.max(longRunSum(scores, lags), 0)) / square };
  });
}

function longRunSum(scores: Float64Array, lags: number): number {
  let total = 0;
  for (let lag = 0; lag <= lags; lag++) {
    let products = 0;
    for (let i = lag; i < scores.length; i++) products += scores[i]! * scores[i - lag]!;
    total += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * products;
  }
  return total;
}

function sumOf(values: Float64Array, term: (value: number, i: number) => number): number {
  return values.reduce((sum, value, i) => sum + term(value, i), 0);
}
