import type { FeatureColumns } from "../boosting/gradient-boosting.js";
import { gaussianRandom, seededRandom } from "../statistics/seeded-random.js";

/** A series that features are made of, each value with the time from which it was known, in ascending order. */
export interface InputSeries {
  readonly name: string;
  /** In any unit that ascends, the same for all series and decisions: milliseconds, or plain row numbers. */
  readonly knownAt: Float64Array;
  readonly values: Float64Array;
}

/** Features with the time at which each row's decision was taken, in ascending order and the unit of the inputs. */
export interface DecidedFeatures extends FeatureColumns {
  readonly decidedAt: Float64Array;
}

/** Columns of one table as inputs: the value of row i is known at time i. */
export function inputsByRow({ names, columns }: FeatureColumns): InputSeries[] {
  return columns.map((values, index) => ({ name: names[index]!, knownAt: rowNumbers(values.length), values }));
}

/** Features whose row i is decided on at time i. */
export function decidedByRow(features: FeatureColumns): DecidedFeatures {
  return { ...features, decidedAt: rowNumbers(features.rowCount) };
}

/** The inputs as they stood at a time. */
export function inputsKnownAt(inputs: readonly InputSeries[], time: number): InputSeries[] {
  return inputs.map(({ name, knownAt, values }) => {
    const known = knownAt.findLastIndex((each) => each <= time) + 1;
    return { name, knownAt: knownAt.slice(0, known), values: values.slice(0, known) };
  });
}

/** The inputs with other values at the times for which `isAltered` holds; a series of positive values stays positive. */
export function inputsAltered(
  inputs: readonly InputSeries[],
  isAltered: (time: number, series: string) => boolean,
  seed: number,
): InputSeries[] {
  return inputs.map(({ name, knownAt, values }) => {
    const gaussian = gaussianRandom(seededRandom(seed));
    const isPositive = values.every((value) => !(value <= 0));
    const scale = typicalSize(values);
    const altered = values.map((value, row) => {
      const shock = gaussian();
      if (!isAltered(knownAt[row]!, name)) return value;
      return isPositive ? value * Math.exp(shock) : value + scale * shock;
    });
    return { name, knownAt: knownAt.slice(), values: altered };
  });
}

/** Root mean square of the defined values; 1 when there is none or all are 0. */
function typicalSize(values: Float64Array): number {
  const defined = values.filter((value) => Number.isFinite(value));
  return Math.sqrt(defined.reduce((sum, value) => sum + value * value, 0) / defined.length) || 1;
}

function rowNumbers(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => row);
}
