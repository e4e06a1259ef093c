import { SOURCE_TRANSFORMS } from "./source-transforms.js";

/**
 * Correlations of the target with each shape of the source at each lag from 0 to `maxLag`, in units of their
 * standard error: √(n − k) times the mean of the products over the n − k pairs of lag k. All columns have mean 0 and
 * variance 1. Entry `lag · shapes + shape`; written to `out` when given.
 */
export function lagStatistics(
  shapes: readonly Float64Array[],
  target: Float64Array,
  maxLag: number,
  out: Float64Array = new Float64Array((maxLag + 1) * shapes.length),
): Float64Array {
  const [a, b, c] = shapes as [Float64Array, Float64Array, Float64Array];
  const rows = target.length;
  for (let lag = 0; lag <= maxLag; lag++) {
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    for (let row = lag; row < rows; row++) {
      const y = target[row]!;
      const x = row - lag;
      sumA += a[x]! * y;
      sumB += b[x]! * y;
      sumC += c[x]! * y;
    }
    const scale = 1 / Math.sqrt(rows - lag);
    const at = lag * SOURCE_TRANSFORMS.length;
    out[at] = sumA * scale;
    out[at + 1] = sumB * scale;
    out[at + 2] = sumC * scale;
  }
  return out;
}
