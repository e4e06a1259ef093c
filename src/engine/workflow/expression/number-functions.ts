import { commonLength, elementwise, elementwiseTruth } from "./elementwise.js";
import { type ExpressionFunction, MOST_ARGUMENTS } from "./expression-function.js";
import { type ExpressionValue, expressionFailed, isTrue, numberOf } from "./expression-value.js";

/** Functions that work number by number, and so on each place of a series. */
export const NUMBER_FUNCTIONS: readonly ExpressionFunction[] = [
  of("abs(x)", "x without its sign", Math.abs),
  of("sign(x)", "−1, 0 or 1", Math.sign),
  of("sqrt(x)", "the square root; undefined below 0", Math.sqrt),
  of("exp(x)", "e to the power of x", Math.exp),
  of("log(x)", "the natural logarithm; undefined below 0", Math.log),
  of("log10(x)", "the logarithm to base 10", Math.log10),
  of("floor(x)", "the integer at or below x", Math.floor),
  of("ceil(x)", "the integer at or above x", Math.ceil),
  of("pow(x, y)", "x to the power of y, as `x ^ y`", (x, y) => x ** y),
  { ...of("round(x, digits)", "x to so many decimals (0 unless given), halves away from 0", round), fewest: 1 },
  { ...of("min(x, y, …)", "the least; undefined when one is", Math.min), fewest: 1, most: MOST_ARGUMENTS },
  { ...of("max(x, y, …)", "the greatest; undefined when one is", Math.max), fewest: 1, most: MOST_ARGUMENTS },
  of("clamp(x, low, high)", "x, or the bound that it is beyond", (x, low, high) => Math.min(Math.max(x, low), high)),
  {
    ...of("nz(x, instead)", "x, or where it is undefined the other (0 unless given)", (x, instead = 0) =>
      Number.isNaN(x) ? instead : x,
    ),
    fewest: 1,
  },
  truth("isnan(x)", "whether x is undefined", (x) => (Number.isNaN(x) ? 1 : 0)),
  {
    name: "if",
    form: "if(condition, then, else)",
    gives: "one of the two, as `condition ? then : else`; both are computed",
    fewest: 3,
    most: 3,
    apply: choose,
  },
];

function of(form: string, gives: string, apply: (...numbers: number[]) => number): ExpressionFunction {
  const { name, arity } = readForm(form);
  return { name, form, gives, fewest: arity, most: arity, apply: (values) => elementwise(name, values, apply) };
}

function truth(form: string, gives: string, apply: (...numbers: number[]) => number): ExpressionFunction {
  const { name, arity } = readForm(form);
  return { name, form, gives, fewest: arity, most: arity, apply: (values) => elementwiseTruth(name, values, apply) };
}

function readForm(form: string): { readonly name: string; readonly arity: number } {
  const [name, parameters] = form.slice(0, -1).split("(") as [string, string];
  return { name, arity: parameters.split(", ").length };
}

function round(x: number, digits = 0): number {
  if (!Number.isInteger(digits) || digits < 0 || digits > 12) {
    throw expressionFailed(`round got ${digits} digits (accepted: an integer from 0 to 12)`);
  }
  const scale = 10 ** digits;
  const scaled = Math.abs(x) * scale;
  // Numbers this large have no decimals, and would lose digits on the way.
  if (!(scaled < 2 ** 52)) return x;
  // The next greater number makes up for halves that binary fractions fall short of, such as 1.005.
  return (Math.sign(x) * Math.floor(scaled * (1 + Number.EPSILON) + 0.5)) / scale;
}

function choose(values: readonly ExpressionValue[]): ExpressionValue {
  const [condition, then, otherwise] = values as readonly [ExpressionValue, ExpressionValue, ExpressionValue];
  if (commonLength("if", values) !== undefined) {
    return elementwise("if", values, (holds, a, b) => (Number.isNaN(holds) ? NaN : holds === 0 ? b : a));
  }
  if (typeof condition !== "boolean" && Number.isNaN(numberOf(condition, "if"))) return NaN;
  return isTrue(condition) ? then : otherwise;
}
