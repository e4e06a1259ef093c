import { WorkbenchError } from "../errors.js";

export interface Histogram {
  /** Ascending, one more than `counts`; bin `i` is [edges[i], edges[i+1]), the last one closed on both sides. */
  readonly edges: Float64Array;
  readonly counts: Float64Array;
}

/** Either how many bins of equal width from the minimum to the maximum, or a width whose multiples are the edges. */
export type HistogramBins = { readonly binCount: number } | { readonly binWidth: number };

const MAX_BIN_COUNT = 100_000;

/**
 * Counts of values per bin of equal width, edges in the unit of the values. `NaN` and infinite values are left
 * out; without any value both columns are empty. Values that do not vary get a range of one unit around them.
 * @throws ARGUMENT_INVALID for a bin count or width that is not positive or makes more than 100,000 bins
 */
export function histogram(values: ArrayLike<number>, bins: HistogramBins): Histogram {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const edges = "binCount" in bins ? edgesByCount(min, max, bins.binCount) : edgesByWidth(min, max, bins.binWidth);
  const counts = new Float64Array(Math.max(0, edges.length - 1));
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) counts[binOf(value, edges)]!++;
  }
  return { edges, counts };
}

/** Density of the normal distribution at `x`, per unit of `x`; `NaN` unless `stdDev` is positive. */
export function normalDensity(x: number, { mean, stdDev }: { mean: number; stdDev: number }): number {
  if (!(stdDev > 0)) return NaN;
  const z = (x - mean) / stdDev;
  return Math.exp(-0.5 * z * z) / (stdDev * Math.sqrt(2 * Math.PI));
}

function edgesByCount(min: number, max: number, binCount: number): Float64Array {
  if (!Number.isInteger(binCount) || binCount < 1 || binCount > MAX_BIN_COUNT) {
    throw new WorkbenchError(
      "ARGUMENT_INVALID",
      `invalid binCount: ${binCount} (accepted: an integer from 1 to ${MAX_BIN_COUNT})`,
      { details: { binCount } },
    );
  }
  if (min > max) return new Float64Array(0);
  const [low, high] = min === max ? [min - 0.5, max + 0.5] : [min, max];
  return Float64Array.from({ length: binCount + 1 }, (_, i) =>
    i === binCount ? high : low + ((high - low) * i) / binCount,
  );
}

function edgesByWidth(min: number, max: number, binWidth: number): Float64Array {
  const first = Math.floor(min / binWidth);
  const binCount = min > max ? 0 : Math.max(1, Math.ceil(max / binWidth) - first);
  if (!(binWidth > 0 && binWidth < Infinity) || binCount > MAX_BIN_COUNT) {
    throw new WorkbenchError(
      "ARGUMENT_INVALID",
      `invalid binWidth: ${binWidth} (accepted: a positive number that makes at most ${MAX_BIN_COUNT} bins)`,
      { details: { binWidth } },
    );
  }
  return binCount === 0
    ? new Float64Array(0)
    : Float64Array.from({ length: binCount + 1 }, (_, i) => (first + i) * binWidth);
}

/**
 * The estimate by division is corrected against the edges themselves, which are what the reader sees. A range of
 * subnormal numbers may have a width that rounds to zero; the correction alone then finds the bin.
 */
function binOf(value: number, edges: Float64Array): number {
  const last = edges.length - 2;
  const width = (edges[last + 1]! - edges[0]!) / (last + 1);
  const estimate = width > 0 ? Math.floor((value - edges[0]!) / width) : 0;
  let bin = Math.max(0, Math.min(last, estimate));
  while (bin > 0 && value < edges[bin]!) bin--;
  while (bin < last && value >= edges[bin + 1]!) bin++;
  return bin;
}
