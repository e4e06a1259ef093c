import { autocorrelations } from "../statistics/autocorrelation.js";
import { normalTwoSided } from "../statistics/normal-distribution.js";
import { averageRanks } from "../statistics/ranks.js";
import { lagStatistics } from "./lag-statistics.js";
import {
  SHAPE_WEIGHTS,
  SOURCE_TRANSFORMS,
  type SourceTransform,
  transformSource,
  unitVariance,
} from "./source-transforms.js";
import { type SurrogateMaxima, surrogateMaxima } from "./surrogate-maxima.js";
import type { Innovations } from "./whitening.js";

/** A lag and shape of the source, and how the target's innovation goes with it. */
export interface LagFinding {
  readonly lag: number;
  readonly transform: SourceTransform;
  /** Correlation of scores. */
  readonly correlation: number;
  /** The correlation in units of its standard error. */
  readonly statistic: number;
  /** Chance of one as large, anywhere among all lags and shapes, between unrelated series. */
  readonly p: number;
}

export interface LagTest {
  readonly rows: number;
  /** Lags × shapes that were tried. */
  readonly tests: number;
  /** Strongest among the lags that can be traded. */
  readonly lead: LagFinding;
  /** Strongest at lag 0. */
  readonly sameDay: LagFinding;
  /** Correlation of scores by lag, of the source in proportion. */
  readonly correlations: Float64Array;
  /** Smallest correlation that this sample would have shown with {@link POWER} probability. */
  readonly detectableSize: number;
}

export interface LagTestOptions {
  readonly maxLag: number;
  readonly surrogates: number;
  readonly seed: number;
  /** Lag 0 counts as a lead when the source's value is known before the target's session begins. */
  readonly isLagZeroTradable?: boolean;
}

/** Significance level of a study, and the probability with which it should find what is there. */
export const SIGNIFICANCE = 0.05;
export const POWER = 0.8;

const POWER_QUANTILE = 0.8416212335729143;

/** Below this many surrogates beyond it, a p-value comes from the normal tail instead. */
const FEWEST_EXCEEDANCES = 10;

/** Lags over which left-over autocorrelation of both series widens the spread of their correlations. */
const WIDENING_LAGS = 20;

/**
 * Maximum-statistic test: the largest correlation over lags × shapes, judged by how large the largest gets between
 * unrelated series, so that trying many lags is paid for.
 */
export function testLags(innovations: Innovations, options: LagTestOptions): LagTest {
  const { maxLag, isLagZeroTradable = false } = options;
  const rows = innovations.target.length;
  const { statistics, targetRanks } = pairStatistics(innovations, maxLag);
  const maxima = surrogatesFor(rows, options);
  const sourceRanks = unitVariance(averageRanks(innovations.source));
  const finding = (index: number, sample: Float64Array, lags: number): LagFinding => {
    const { lag, transform } = lagAndShape(index);
    const statistic = statistics[index]! / sharedVolatility(sourceRanks, targetRanks, lag);
    return {
      lag,
      transform,
      correlation: statistics[index]! / Math.sqrt(rows - lag),
      statistic,
      p: chanceOfLargest(Math.abs(statistic) * SHAPE_WEIGHTS[index % SHAPE_WEIGHTS.length]!, sample, lags),
    };
  };
  const leadMaxima = isLagZeroTradable ? maxima.fromLag0 : maxima.fromLag1;
  const lead = indexOfStrongest(statistics, isLagZeroTradable ? 0 : 1, maxLag);
  return {
    rows,
    tests: statistics.length,
    lead: finding(lead, leadMaxima, isLagZeroTradable ? maxLag + 1 : maxLag),
    sameDay: finding(indexOfStrongest(statistics, 0, 0), maxima.fromLag0, maxLag + 1),
    correlations: Float64Array.from(
      { length: maxLag + 1 },
      (_, lag) => statistics[lag * SOURCE_TRANSFORMS.length]! / Math.sqrt(rows - lag),
    ),
    detectableSize: (criticalValue(leadMaxima) + POWER_QUANTILE) / Math.sqrt(rows),
  };
}

/** The lag, shape and direction that a study would choose, without asking how likely they are by chance. */
export function chooseLead(
  innovations: Innovations,
  { maxLag, isLagZeroTradable = false }: Pick<LagTestOptions, "maxLag" | "isLagZeroTradable">,
): { readonly lag: number; readonly transform: SourceTransform; readonly direction: 1 | -1 } {
  const { statistics } = pairStatistics(innovations, maxLag);
  const index = indexOfStrongest(statistics, isLagZeroTradable ? 0 : 1, maxLag);
  return { ...lagAndShape(index), direction: statistics[index]! < 0 ? -1 : 1 };
}

/**
 * Statistics of all lags and shapes. A later lag counts with the weaker of two: as it is, and once the target is
 * freed from the source's move of the same day. A strong relation of the same day leaves a trace of the source's
 * yesterday when the target's own past is taken out; that trace is gone in the second. What autocorrelation is left
 * is corrected for by Bartlett's (1946) variance of a cross-correlation, 1 + 2 Σ ρx(h) ρy(h).
 */
function pairStatistics(
  { source, target, laterTarget }: Innovations,
  maxLag: number,
): { readonly statistics: Float64Array; readonly targetRanks: Float64Array } {
  const shapes = transformSource(source);
  const targetRanks = unitVariance(averageRanks(target));
  const statistics = lagStatistics(shapes, targetRanks, maxLag);
  const later = lagStatistics(shapes, unitVariance(averageRanks(laterTarget)), maxLag);
  for (let i = shapes.length; i < statistics.length; i++) statistics[i] = weaker(statistics[i]!, later[i]!);
  widen(statistics, shapes, targetRanks);
  return { statistics, targetRanks };
}

function weaker(a: number, b: number): number {
  if (a * b <= 0) return 0;
  return Math.abs(a) < Math.abs(b) ? a : b;
}

function lagAndShape(index: number): { lag: number; transform: SourceTransform } {
  const shapes = SOURCE_TRANSFORMS.length;
  return { lag: Math.floor(index / shapes), transform: SOURCE_TRANSFORMS[index % shapes]! };
}

/**
 * Lengths for which surrogates are drawn. Statistics are in units of their standard error, so the largest hardly
 * depends on the length: its 95% point shows no trend from 244 to 2,268 rows beyond the noise of 4,000 surrogates.
 */
const SHORTEST_GRID_ROWS = 200;
const LONGEST_GRID_ROWS = 800;
const GRID_STEP = 1.25;

const REMEMBERED = new Map<string, SurrogateMaxima>();

/** Surrogates of the longest length on the grid that the pair fills. */
function surrogatesFor(rows: number, { maxLag, surrogates, seed }: LagTestOptions): SurrogateMaxima {
  let gridRows = Math.max(SHORTEST_GRID_ROWS, 2 * maxLag);
  const longest = Math.min(rows, LONGEST_GRID_ROWS);
  for (let next = gridRows; next <= longest; next = Math.floor(next * GRID_STEP)) gridRows = next;
  const key = [gridRows, maxLag, surrogates, seed].join();
  let maxima = REMEMBERED.get(key);
  if (maxima === undefined) {
    maxima = surrogateMaxima({ rows: gridRows, maxLag, surrogates, seed });
    REMEMBERED.set(key, maxima);
  }
  return maxima;
}

/** Divides each statistic by the standard deviation it has when unrelated series keep some autocorrelation. */
function widen(statistics: Float64Array, shapes: readonly Float64Array[], target: Float64Array): void {
  const targetCorrelations = autocorrelations(target, WIDENING_LAGS);
  shapes.forEach((shape, at) => {
    const own = autocorrelations(shape, WIDENING_LAGS);
    let variance = 1;
    for (let lag = 1; lag <= WIDENING_LAGS; lag++) variance += 2 * own[lag]! * targetCorrelations[lag]!;
    const scale = variance > 1 ? 1 / Math.sqrt(variance) : 1;
    for (let i = at; i < statistics.length; i += shapes.length) statistics[i]! *= scale;
  });
}

/**
 * Standard deviation of the products of ranks at a lag (White 1980), at least 1: volatility that two markets share
 * makes large products more common than among permuted days.
 */
function sharedVolatility(source: Float64Array, target: Float64Array, lag: number): number {
  let sum = 0;
  for (let row = lag; row < target.length; row++) {
    const product = source[row - lag]! * target[row]!;
    sum += product * product;
  }
  return Math.sqrt(Math.max(1, sum / (target.length - lag)));
}

/**
 * Share of surrogates whose largest statistic is at least this one (Phipson and Smyth 2010). Where fewer than
 * {@link FEWEST_EXCEEDANCES} are, the normal tail with Bonferroni's correction, which never understates.
 */
function chanceOfLargest(statistic: number, maxima: Float64Array, lags: number): number {
  const exceedances = maxima.length - firstIndexNotBelow(maxima, statistic);
  if (exceedances >= FEWEST_EXCEEDANCES) return (exceedances + 1) / (maxima.length + 1);
  const bound = SHAPE_WEIGHTS.reduce((sum, weight) => sum + lags * normalTwoSided(statistic / weight), 0);
  return Math.min((FEWEST_EXCEEDANCES + 1) / (maxima.length + 1), bound);
}

function criticalValue(maxima: Float64Array): number {
  return maxima[Math.min(maxima.length - 1, Math.ceil((1 - SIGNIFICANCE) * maxima.length))]!;
}

function firstIndexNotBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the statistic that counts most among the lags from `firstLag` to `lastLag`. */
function indexOfStrongest(statistics: Float64Array, firstLag: number, lastLag: number): number {
  const shapes = SHAPE_WEIGHTS.length;
  const weighted = (i: number) => Math.abs(statistics[i]!) * SHAPE_WEIGHTS[i % shapes]!;
  let index = firstLag * shapes;
  for (let i = index + 1; i < (lastLag + 1) * shapes; i++) if (weighted(i) > weighted(index)) index = i;
  return index;
}
