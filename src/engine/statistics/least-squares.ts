import { WorkbenchError } from "../errors.js";

export interface LeastSquaresFit {
  /** One for each regressor, in order; 0 for one that the regressors before it determine. */
  readonly coefficients: Float64Array;
  /** Observation minus fitted value, aligned with the response. */
  readonly residuals: Float64Array;
  readonly residualSumOfSquares: number;
  /** How many regressors are not determined by those before them. */
  readonly rank: number;
}

/** A regressor counts as determined by others when this share of its square or less is left of it. */
const RANK_TOLERANCE = 1e-10;

/**
 * Ordinary least squares of `response` on the `regressors`, which include the constant if there is to be one. Solved
 * by Cholesky's factorisation of the normal equations of regressors scaled to length one.
 * @throws SERIES_MISALIGNED for columns of unequal length
 */
export function leastSquares(response: Float64Array, regressors: readonly Float64Array[]): LeastSquaresFit {
  const misaligned = regressors.find(({ length }) => length !== response.length);
  if (misaligned) {
    throw new WorkbenchError(
      "SERIES_MISALIGNED",
      `misaligned regressor: ${misaligned.length} and ${response.length} values (accepted: columns of equal length)`,
    );
  }
  const lengths = regressors.map((column) => Math.sqrt(dot(column, column)) || 1);
  const { factor, isKept } = cholesky(regressors, lengths);
  const projections = regressors.map((column, i) => dot(column, response) / lengths[i]!);
  const solution = solve(factor, isKept, projections);
  const coefficients = Float64Array.from(solution, (value, i) => value / lengths[i]!);
  const residuals = residualsOf(response, regressors, coefficients);
  return {
    coefficients,
    residuals,
    residualSumOfSquares: dot(residuals, residuals),
    rank: isKept.filter(Boolean).length,
  };
}

/** Observation minus fitted value for coefficients that may come from other rows. */
export function residualsOf(
  response: Float64Array,
  regressors: readonly Float64Array[],
  coefficients: Float64Array,
): Float64Array {
  const residuals = response.slice();
  regressors.forEach((column, i) => {
    const coefficient = coefficients[i]!;
    if (coefficient === 0) return;
    for (let row = 0; row < residuals.length; row++) residuals[row]! -= coefficient * column[row]!;
  });
  return residuals;
}

/** Lower triangle, by rows, of the factor of the products of columns of length one, and which columns enter it. */
function cholesky(
  columns: readonly Float64Array[],
  lengths: readonly number[],
): { factor: number[][]; isKept: boolean[] } {
  const factor: number[][] = [];
  const isKept: boolean[] = [];
  const product = (i: number, j: number) => dot(columns[i]!, columns[j]!) / (lengths[i]! * lengths[j]!);
  for (let i = 0; i < columns.length; i++) {
    const row: number[] = [];
    let left = product(i, i);
    for (let j = 0; j < i; j++) {
      let entry = 0;
      if (isKept[j]) {
        entry = product(i, j);
        for (let k = 0; k < j; k++) entry -= row[k]! * factor[j]![k]!;
        entry /= factor[j]![j]!;
      }
      row.push(entry);
      left -= entry * entry;
    }
    const kept = left > RANK_TOLERANCE;
    isKept.push(kept);
    row.push(kept ? Math.sqrt(left) : 0);
    factor.push(row);
  }
  return { factor, isKept };
}

function solve(factor: readonly number[][], isKept: readonly boolean[], right: readonly number[]): number[] {
  const size = factor.length;
  const forward = new Array<number>(size).fill(0);
  for (let i = 0; i < size; i++) {
    if (!isKept[i]) continue;
    let value = right[i]!;
    for (let k = 0; k < i; k++) value -= factor[i]![k]! * forward[k]!;
    forward[i] = value / factor[i]![i]!;
  }
  const solution = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    if (!isKept[i]) continue;
    let value = forward[i]!;
    for (let k = i + 1; k < size; k++) value -= factor[k]![i]! * solution[k]!;
    solution[i] = value / factor[i]![i]!;
  }
  return solution;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
