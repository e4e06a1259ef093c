import { fUpperTail } from "../statistics/f-distribution.js";
import { leastSquares } from "../statistics/least-squares.js";

export interface GrangerTest {
  readonly lags: number;
  readonly f: number;
  readonly p: number;
  readonly rows: number;
}

/**
 * Granger's (1969) test that past returns of the source help to predict the target beyond the target's own past:
 * an F test of `lags` lags of both against `lags` lags of the target alone. A baseline: it assumes constant variance
 * and does not say which lag. `NaN` when fewer rows than coefficients are left.
 */
export function grangerTest(source: Float64Array, target: Float64Array, lags: number): GrangerTest {
  const rows = target.length - lags;
  const before = (column: Float64Array, lag: number) => column.subarray(lags - lag, column.length - lag);
  const pastOf = (column: Float64Array) => Array.from({ length: lags }, (_, i) => before(column, i + 1));
  const own = [new Float64Array(Math.max(0, rows)).fill(1), ...pastOf(target)];
  const freedom = rows - 2 * lags - 1;
  if (freedom < 1) return { lags, f: NaN, p: NaN, rows: Math.max(0, rows) };
  const restricted = leastSquares(before(target, 0), own).residualSumOfSquares;
  const unrestricted = leastSquares(before(target, 0), [...own, ...pastOf(source)]).residualSumOfSquares;
  const f = (restricted - unrestricted) / lags / (unrestricted / freedom);
  return { lags, f, p: fUpperTail(f, lags, freedom), rows };
}
