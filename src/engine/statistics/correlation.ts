import { WorkbenchError } from "../errors.js";
import { averageRanks } from "./ranks.js";

/** Two columns of equal length without `NaN`. */
export interface Pairs {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The pairs in which both values are defined, in order. @throws SERIES_MISALIGNED */
export function definedPairs(x: Float64Array, y: Float64Array): Pairs {
  if (x.length !== y.length) {
    throw new WorkbenchError(
      "SERIES_MISALIGNED",
      `misaligned series: ${x.length} and ${y.length} values (accepted: two series of equal length)`,
      { details: { xLength: x.length, yLength: y.length } },
    );
  }
  const keptX = new Float64Array(x.length);
  const keptY = new Float64Array(x.length);
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    const a = x[i]!;
    const b = y[i]!;
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    keptX[count] = a;
    keptY[count] = b;
    count++;
  }
  return { x: keptX.subarray(0, count), y: keptY.subarray(0, count) };
}

/**
 * Pearson's product-moment correlation, in [−1, 1], over the pairs in which both values are defined.
 * `NaN` for fewer than three pairs or when either side does not vary. @throws SERIES_MISALIGNED
 */
export function pearsonCorrelation(x: Float64Array, y: Float64Array): number {
  return correlationOf(definedPairs(x, y));
}

/**
 * Spearman's rank correlation, in [−1, 1]: Pearson's of average ranks, so ties are corrected for.
 * Ranks are taken over the pairs in which both values are defined.
 * `NaN` for fewer than three pairs or when either side does not vary. @throws SERIES_MISALIGNED
 */
export function spearmanCorrelation(x: Float64Array, y: Float64Array): number {
  const pairs = definedPairs(x, y);
  return correlationOf({ x: averageRanks(pairs.x), y: averageRanks(pairs.y) });
}

function correlationOf({ x, y }: Pairs): number {
  const n = x.length;
  if (n < 3 || isFlat(x) || isFlat(y)) return NaN;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < n; i++) {
    sumX += x[i]!;
    sumY += y[i]!;
  }
  const meanX = sumX / n;
  const meanY = sumY / n;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - meanX;
    const dy = y[i]! - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx) / Math.sqrt(yy)));
}

/** Decided on the values: the deviations of equal values from their rounded mean need not be zero. */
function isFlat(values: Float64Array): boolean {
  const first = values[0];
  return values.every((value) => value === first);
}
