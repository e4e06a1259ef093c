import { autocorrelations } from "../statistics/autocorrelation.js";
import { fUpperTail } from "../statistics/f-distribution.js";
import { leastSquares, residualsOf } from "../statistics/least-squares.js";
import { tradingDayNumberOf } from "../units/trading-date.js";
import type { AlignedReturns } from "./aligned-returns.js";
import { scaledByVolatility } from "./volatility-scaling.js";

/** Days of history of each factor that are partialled out: the day itself and the two before. */
export const FACTOR_LAGS = 2;

/** Days of its own history that each series is freed from in any case: a trading week. */
export const OWN_LAGS = 5;

/** Older days of its own that a series is freed from as well, when its autocorrelation there is beyond chance. */
const OLDEST_OWN_LAG = 60;
const BEYOND_CHANCE = 3.5;

/** Lenient, since missing means that both sides have makes false leads and taking out others costs nothing. */
const SHARED_WEEKDAYS_P = 0.25;

/** Rows lost to the history that the first residual needs. */
export const WHITENING_ROWS = Math.max(FACTOR_LAGS, OWN_LAGS);

/** What is new in each series on each day, in units of its volatility; all start at the same row. */
export interface Innovations {
  /** Opening times of the rows, {@link WHITENING_ROWS} fewer than there were returns. */
  readonly openedAtMs: Float64Array;
  readonly source: Float64Array;
  readonly target: Float64Array;
  /** The target freed from the source's move of the same day as well: what an earlier day of the source can explain. */
  readonly laterTarget: Float64Array;
}

/**
 * Frees source and target from the factors (lags 0 to {@link FACTOR_LAGS}) and shared means of the days of the week, then
 * from their own past ({@link OWN_LAGS} days, and older ones with a clear autocorrelation), by least squares, and
 * divides by an exponentially weighted volatility of the days before.
 *
 * The source is freed from the factors as well: a target that follows a factor late, by however many days, would
 * otherwise seem to follow everything that moves with it. And a target that moves with the source on the same day is
 * freed from that before its own past is taken out, or the source of yesterday would come back in with the target's.
 * Coefficients come from the first `fitRows` returns only (all by default), and are then applied to the rest, so the
 * rest can confirm what the first part showed.
 */
export function innovationsOf(returns: AlignedReturns, fitRows: number = returns.target.length): Innovations {
  const { source, target, factors } = returns;
  const fitCount = Math.min(target.length, fitRows);
  const common = [
    ...calendarColumns(returns, fitCount),
    ...factors.flatMap((factor) => Array.from({ length: FACTOR_LAGS + 1 }, (_, lag) => delayed(factor, lag))),
  ];
  const whitened = (series: Float64Array, sameDay: readonly Float64Array[] = []) =>
    scaledByVolatility(freedFromOwnPast(freedFrom(series, [...common, ...sameDay], fitCount), fitCount));
  return {
    openedAtMs: returns.openedAtMs.subarray(WHITENING_ROWS),
    source: whitened(source),
    target: whitened(target),
    laterTarget: whitened(target, [source]),
  };
}

/**
 * The constant, or the means of the days of the week when both sides may have them (F tests at
 * {@link SHARED_WEEKDAYS_P}): means that one side has alone make no lead.
 */
function calendarColumns({ openedAtMs, source, target }: AlignedReturns, fitCount: number): Float64Array[] {
  const days = Uint8Array.from(openedAtMs, weekdayOf);
  const mayHaveThem = (series: Float64Array) => weekdayMeansP(series, days, fitCount) <= SHARED_WEEKDAYS_P;
  if (!(mayHaveThem(source) && mayHaveThem(target))) return [new Float64Array(openedAtMs.length).fill(1)];
  return [...new Set(days)].map((day) => Float64Array.from(days, (each) => (each === day ? 1 : 0)));
}

const DAYS_A_WEEK = 7;

/** Thursday is 0; days before 1970 have negative numbers. */
function weekdayOf(instant: number): number {
  const remainder = tradingDayNumberOf(instant) % DAYS_A_WEEK;
  return remainder < 0 ? remainder + DAYS_A_WEEK : remainder;
}

/** Chance of means of the days of the week that differ as much when none do: one-way analysis of variance. */
function weekdayMeansP(series: Float64Array, days: Uint8Array, rows: number): number {
  const sums = new Float64Array(DAYS_A_WEEK);
  const counts = new Float64Array(DAYS_A_WEEK);
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    const value = series[row]!;
    sums[days[row]!]! += value;
    counts[days[row]!]!++;
    sum += value;
    squares += value * value;
  }
  let ofMeans = 0;
  let groups = 0;
  for (let day = 0; day < DAYS_A_WEEK; day++) {
    if (counts[day] === 0) continue;
    ofMeans += (sums[day]! * sums[day]!) / counts[day]!;
    groups++;
  }
  const between = (ofMeans - (sum * sum) / rows) / (groups - 1);
  const within = (squares - ofMeans) / (rows - groups);
  return fUpperTail(between / within, groups - 1, rows - groups);
}

function freedFrom(series: Float64Array, regressors: readonly Float64Array[], fitCount: number): Float64Array {
  const { coefficients, residuals } = leastSquares(
    series.subarray(0, fitCount),
    regressors.map((column) => column.subarray(0, fitCount)),
  );
  return fitCount === series.length ? residuals : residualsOf(series, regressors, coefficients);
}

function freedFromOwnPast(series: Float64Array, fitCount: number): Float64Array {
  const past = ownLags(series.subarray(0, fitCount)).map((lag) => delayed(series, lag).subarray(WHITENING_ROWS));
  return freedFrom(series.subarray(WHITENING_ROWS), past, fitCount - WHITENING_ROWS);
}

function ownLags(series: Float64Array): number[] {
  const bound = BEYOND_CHANCE / Math.sqrt(series.length);
  const correlations = autocorrelations(series, Math.min(OLDEST_OWN_LAG, series.length - 1));
  const lags: number[] = [];
  for (let lag = 1; lag < correlations.length; lag++) {
    if (lag <= OWN_LAGS || Math.abs(correlations[lag]!) > bound) lags.push(lag);
  }
  return lags;
}

/** The series `lag` rows before, 0 where there is none. */
function delayed(series: Float64Array, lag: number): Float64Array {
  const values = new Float64Array(series.length);
  values.set(series.subarray(0, series.length - lag), lag);
  return values;
}
