import { type ExpressionValue, expressionFailed, numberOf } from "./expression-value.js";

/** Applies a function of numbers; as soon as one argument is a series, to each place of it. */
export function elementwise(
  name: string,
  values: readonly ExpressionValue[],
  apply: (...numbers: number[]) => number,
): number | Float64Array {
  const length = commonLength(name, values);
  if (length === undefined) return apply(...values.map((value) => numberOf(value, name)));
  const series = values.map((value) => (typeof value === "object" ? value : undefined));
  const scalars = values.map((value) => (typeof value === "object" ? NaN : numberOf(value, name)));
  const result = new Float64Array(length);
  if (values.length === 1) {
    const [a] = series;
    for (let i = 0; i < length; i++) result[i] = apply(a![i]!);
  } else if (values.length === 2) {
    const [a, b] = series;
    const [x, y] = scalars;
    for (let i = 0; i < length; i++) result[i] = apply(a ? a[i]! : x!, b ? b[i]! : y!);
  } else {
    const numbers = [...scalars];
    for (let i = 0; i < length; i++) {
      for (let k = 0; k < numbers.length; k++) if (series[k]) numbers[k] = series[k]![i]!;
      result[i] = apply(...numbers);
    }
  }
  return result;
}

/** As `elementwise`, for functions whose 1 and 0 mean true and false. */
export function elementwiseTruth(
  name: string,
  values: readonly ExpressionValue[],
  apply: (...numbers: number[]) => number,
): ExpressionValue {
  const result = elementwise(name, values, apply);
  return typeof result === "object" || Number.isNaN(result) ? result : result !== 0;
}

/** @throws EXPRESSION_FAILED for series of different lengths */
export function commonLength(name: string, values: readonly ExpressionValue[]): number | undefined {
  let length: number | undefined;
  for (const value of values) {
    if (typeof value !== "object") continue;
    if (length !== undefined && value.length !== length) {
      throw expressionFailed(`${name} got series of ${length} and of ${value.length} (accepted: equal lengths)`);
    }
    length = value.length;
  }
  return length;
}
