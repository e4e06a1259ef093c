import type { ExpressionFunction } from "./expression-function.js";
import { described, type ExpressionValue, expressionFailed, numberOf } from "./expression-value.js";

/** Functions that see a series as a whole. A number is a series of one; undefined places count for nothing. */
export const SERIES_FUNCTIONS: readonly ExpressionFunction[] = [
  summary("first(x)", "the first number, defined or not", (all) => all[0] ?? NaN, { keepsUndefined: true }),
  summary("last(x)", "the last number, defined or not", (all) => all.at(-1) ?? NaN, { keepsUndefined: true }),
  summary("count(x)", "how many are defined", (defined) => defined.length),
  summary("sum(x)", "the sum; 0 of none", sum),
  summary("mean(x)", "the mean; undefined of none", mean),
  summary("stdev(x)", "the standard deviation of a sample (n − 1); undefined of fewer than two", standardDeviation),
  summary("highest(x)", "the greatest; undefined of none", (defined) => extreme(defined, Math.max)),
  summary("lowest(x)", "the least; undefined of none", (defined) => extreme(defined, Math.min)),
  {
    name: "lag",
    form: "lag(x, n)",
    gives: "the series n places later, so that each place sees the n-th before it; the first n are undefined",
    fewest: 2,
    most: 2,
    apply: ([series, places]) => lag(series!, numberOf(places!, "lag")),
  },
];

function summary(
  form: string,
  gives: string,
  reduce: (numbers: Float64Array) => number,
  { keepsUndefined = false } = {},
): ExpressionFunction {
  const name = form.slice(0, form.indexOf("("));
  const apply = ([value]: readonly ExpressionValue[]) => {
    const all = typeof value === "object" ? value : Float64Array.of(numberOf(value!, name));
    return reduce(keepsUndefined ? all : all.filter((number) => !Number.isNaN(number)));
  };
  return { name, form, gives, fewest: 1, most: 1, apply };
}

function sum(numbers: Float64Array): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function mean(numbers: Float64Array): number {
  return numbers.length === 0 ? NaN : sum(numbers) / numbers.length;
}

function standardDeviation(numbers: Float64Array): number {
  if (numbers.length < 2) return NaN;
  const center = mean(numbers);
  return Math.sqrt(numbers.reduce((total, number) => total + (number - center) ** 2, 0) / (numbers.length - 1));
}

function extreme(numbers: Float64Array, better: (a: number, b: number) => number): number {
  return numbers.length === 0 ? NaN : numbers.reduce((best, number) => better(best, number));
}

function lag(series: ExpressionValue, places: number): Float64Array {
  if (typeof series !== "object") throw expressionFailed(`lag got ${described(series)} (accepted: a series)`);
  if (!Number.isInteger(places) || places < 0) {
    throw expressionFailed(`lag got ${places} places (accepted: an integer of at least 0)`);
  }
  const result = new Float64Array(series.length).fill(NaN);
  if (places < series.length) result.set(series.subarray(0, series.length - places), places);
  return result;
}
