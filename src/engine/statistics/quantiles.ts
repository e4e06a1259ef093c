import { WorkbenchError } from "../errors.js";

/**
 * Sample quantiles at the given probabilities, in the unit of the values: linear interpolation of the order
 * statistics, definition 7 of Hyndman and Fan (1996). `NaN` values are left out; all results are `NaN` when
 * none remains. @throws ARGUMENT_INVALID for a probability outside [0, 1]
 */
export function quantiles(values: ArrayLike<number>, probabilities: readonly number[]): Float64Array {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return Float64Array.from(probabilities, (probability) => {
    if (!(probability >= 0 && probability <= 1)) {
      throw new WorkbenchError(
        "ARGUMENT_INVALID",
        `invalid probability: ${probability} (accepted: a number from 0 to 1)`,
        { details: { probability } },
      );
    }
    return orderStatistic(sorted, probability * (sorted.length - 1));
  });
}

/** The sample quantile at one probability; see {@link quantiles}. */
export function quantile(values: ArrayLike<number>, probability: number): number {
  return quantiles(values, [probability])[0]!;
}

function orderStatistic(sorted: Float64Array, position: number): number {
  if (sorted.length === 0) return NaN;
  const below = Math.floor(position);
  const lower = sorted[below]!;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return lower === upper ? lower : lower + (upper - lower) * (position - below);
}
