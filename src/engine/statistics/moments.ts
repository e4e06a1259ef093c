/** Moments of the defined values of a sample, in the unit of the values (skewness and kurtosis have none). */
export interface SampleSummary {
  /** How many values are defined. */
  readonly count: number;
  readonly mean: number;
  /** With divisor `count − 1`. */
  readonly sampleStdDev: number;
  /** g₁ = m₃ / m₂^1.5, from central moments with divisor `count`. */
  readonly skewness: number;
  /** g₂ = m₄ / m₂² − 3, from central moments with divisor `count`; 0 for a normal distribution. */
  readonly excessKurtosis: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Mean, spread and shape of a sample; `NaN` values are left out.
 * `mean`, `min` and `max` are `NaN` for no value, `sampleStdDev` for fewer than two, `skewness` and
 * `excessKurtosis` when the values do not vary. Formulas: Joanes and Gill (1998), in two passes.
 */
export function summarize(values: ArrayLike<number>): SampleSummary {
  let count = 0;
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count === 0) {
    return { count, mean: NaN, sampleStdDev: NaN, skewness: NaN, excessKurtosis: NaN, min: NaN, max: NaN };
  }
  if (min === max) {
    const sampleStdDev = count > 1 ? 0 : NaN;
    return { count, mean: min, sampleStdDev, skewness: NaN, excessKurtosis: NaN, min, max };
  }

  const roughMean = sum / count;
  let residual = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isNaN(value)) residual += value - roughMean;
  }
  const mean = roughMean + residual / count;

  let squares = 0;
  let cubes = 0;
  let fourths = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const deviation = value - mean;
    const square = deviation * deviation;
    squares += square;
    cubes += square * deviation;
    fourths += square * square;
  }
  const variance = squares / count;
  return {
    count,
    mean,
    sampleStdDev: Math.sqrt(squares / (count - 1)),
    skewness: cubes / count / (variance * Math.sqrt(variance)),
    excessKurtosis: fourths / count / (variance * variance) - 3,
    min,
    max,
  };
}
