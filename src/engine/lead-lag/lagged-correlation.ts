import { WorkbenchError } from "../errors.js";
import type { PriceSeries } from "../market-data/price-series.js";
import { logReturns } from "../market-data/returns.js";
import { definedPairs, pearsonCorrelation, spearmanCorrelation } from "../statistics/correlation.js";
import { type EpochMs, epochMs } from "../units/epoch-ms.js";
import { type CalendarOptions, onCommonCalendar, rowsWithin, type StudyWindow } from "./common-calendar.js";

export interface LaggedCorrelationOptions extends CalendarOptions, StudyWindow {
  /** First and last lag in rows of the common calendar, both included; a positive lag means the source leads. */
  readonly minLag?: number;
  readonly maxLag: number;
}

/** Correlation of the target's returns with the source's returns `lag` rows earlier. */
export interface LagCorrelation {
  readonly lag: number;
  /** Pairs of returns. */
  readonly n: number;
  readonly pearson: number;
  readonly spearman: number;
  /** Half-width of the band that holds 95% of Pearson correlations of independent series at this one lag. */
  readonly band95: number;
}

export interface LaggedCorrelations {
  /** Pairs of returns at lag 0. */
  readonly n: number;
  readonly firstReturnMs: EpochMs;
  readonly lastReturnMs: EpochMs;
  readonly lags: readonly LagCorrelation[];
}

/** Two-sided 95% quantile of the standard normal distribution, rounded as the literature has it. */
const Z_95 = 1.96;

const FEWEST_PAIRS = 3;

/**
 * Returns closer than this are tied for the rank correlation. The same price move from two levels gives logarithms
 * that differ in the last bits, and which ones differ depends on the unit of the prices.
 */
const RETURN_TIE_RESOLUTION = 1e-12;

/**
 * Cross-correlation of the logarithmic returns of two series over a range of lags.
 *
 * The series are put on one calendar, cut to the window, and differenced over consecutive rows. At lag k the source's
 * return of row t − k meets the target's return of row t. Each lag has its own mean and variance over the pairs it
 * has, and its band is 1.96/√n (Bartlett 1946), which is right for one lag: among thirty independent lags one or two
 * fall outside. A return that touches a price of zero or less is left out. Correlations are `NaN` when returns do
 * not vary. They do not depend on the unit of either price.
 *
 * @throws LAG_INVALID, RANGE_INVALID, SERIES_MISALIGNED; SERIES_TOO_SHORT when a lag has fewer than three pairs
 */
export function laggedCorrelation(
  source: PriceSeries,
  target: PriceSeries,
  { minLag = 0, maxLag, fromMs, toMs, ...calendar }: LaggedCorrelationOptions,
): LaggedCorrelations {
  requireLags(minLag, maxLag);
  const joined = onCommonCalendar(source, target, calendar);
  const { begin, end } = rowsWithin(joined.openedAtMs, { fromMs, toMs });
  const rowCount = end - begin;
  const widestLag = Math.max(Math.abs(minLag), Math.abs(maxLag));
  if (rowCount - 1 - widestLag < FEWEST_PAIRS) throw tooShort(Math.max(0, rowCount - 1), widestLag);

  const sourceReturns = logReturns(joined.sourcePrices.subarray(begin, end)).subarray(1);
  const targetReturns = logReturns(joined.targetPrices.subarray(begin, end)).subarray(1);
  const lags: LagCorrelation[] = [];
  for (let lag = minLag; lag <= maxLag; lag++) {
    const correlation = correlationAtLag(sourceReturns, targetReturns, lag);
    if (correlation.n < FEWEST_PAIRS) throw tooShort(correlation.n, lag);
    lags.push(correlation);
  }
  return {
    n: definedPairs(sourceReturns, targetReturns).x.length,
    firstReturnMs: epochMs(joined.openedAtMs[begin + 1]!),
    lastReturnMs: epochMs(joined.openedAtMs[end - 1]!),
    lags,
  };
}

function correlationAtLag(sourceReturns: Float64Array, targetReturns: Float64Array, lag: number): LagCorrelation {
  const overlap = targetReturns.length - Math.abs(lag);
  const sourceBegin = Math.max(0, -lag);
  const targetBegin = Math.max(0, lag);
  const { x, y } = definedPairs(
    sourceReturns.subarray(sourceBegin, sourceBegin + overlap),
    targetReturns.subarray(targetBegin, targetBegin + overlap),
  );
  return {
    lag,
    n: x.length,
    pearson: pearsonCorrelation(x, y),
    spearman: spearmanCorrelation(withTies(x), withTies(y)),
    band95: Z_95 / Math.sqrt(x.length),
  };
}

function withTies(returns: Float64Array): Float64Array {
  return returns.map((value) => Math.round(value / RETURN_TIE_RESOLUTION));
}

function requireLags(minLag: number, maxLag: number): void {
  if (Number.isSafeInteger(minLag) && Number.isSafeInteger(maxLag) && minLag <= maxLag) return;
  throw new WorkbenchError(
    "LAG_INVALID",
    `invalid lags: ${minLag} to ${maxLag} (accepted: two integers, the first not above the second)`,
    { details: { minLag, maxLag } },
  );
}

function tooShort(returnCount: number, lag: number): WorkbenchError {
  return new WorkbenchError(
    "SERIES_TOO_SHORT",
    `series too short: ${returnCount} common returns for lag ${lag} (accepted: at least ${FEWEST_PAIRS} pairs at each lag)`,
    { details: { returnCount, lag } },
  );
}
