import { elementwise, elementwiseTruth } from "./elementwise.js";
import type { ExpressionFunction } from "./expression-function.js";
import { described, type ExpressionValue, expressionFailed } from "./expression-value.js";

/** A truth is 1, 0 or `NaN`; these are the connectives of Kleene's strong three-valued logic. */
const not = (a: number) => (Number.isNaN(a) ? NaN : a === 0 ? 1 : 0);
const and = (a: number, b: number) => (a === 0 || b === 0 ? 0 : Number.isNaN(a + b) ? NaN : 1);
const or = (a: number, b: number) => (isSet(a) || isSet(b) ? 1 : Number.isNaN(a) || Number.isNaN(b) ? NaN : 0);
const isSet = (a: number) => a !== 0 && !Number.isNaN(a);

/** The remainder has the sign of the divisor, as in spreadsheets. */
const remainder = (a: number, b: number) => a - b * Math.floor(a / b);

/** Operators by sign; `neg` is the minus of one value. `and`, `or` and `not` are written as words or as signs. */
export const OPERATORS: ReadonlyMap<string, ExpressionFunction> = new Map(
  [
    arithmetic("-", (a, b) => a - b),
    arithmetic("*", (a, b) => a * b),
    arithmetic("/", (a, b) => a / b),
    arithmetic("%", remainder),
    arithmetic("^", (a, b) => a ** b),
    operator("+", 2, add),
    operator("neg", 1, (values) => elementwise("-", values, (a) => -a)),
    comparison("<", (a, b) => a < b),
    comparison("<=", (a, b) => a <= b),
    comparison(">", (a, b) => a > b),
    comparison(">=", (a, b) => a >= b),
    comparison("==", (a, b) => a === b),
    comparison("!=", (a, b) => a !== b),
    operator("not", 1, (values) => elementwiseTruth("not", values, not)),
    operator("and", 2, (values) => elementwiseTruth("and", values, and)),
    operator("or", 2, (values) => elementwiseTruth("or", values, or)),
  ].map((operation) => [operation.name, operation]),
);

function operator(name: string, arity: number, apply: ExpressionFunction["apply"]): ExpressionFunction {
  return { name, form: name, gives: "", fewest: arity, most: arity, apply };
}

function arithmetic(name: string, apply: (a: number, b: number) => number): ExpressionFunction {
  return operator(name, 2, (values) => elementwise(name, values, apply));
}

/** Texts are compared by their characters' codes, numbers as numbers; undefined with an undefined number. */
function comparison(name: string, holds: (a: number | string, b: number | string) => boolean): ExpressionFunction {
  const ofNumbers = (a: number, b: number) => (Number.isNaN(a) || Number.isNaN(b) ? NaN : holds(a, b) ? 1 : 0);
  return operator(name, 2, (values) => {
    const [a, b] = values as readonly [ExpressionValue, ExpressionValue];
    if (typeof a === "string" && typeof b === "string") return holds(a, b);
    if (typeof a === "string" || typeof b === "string") {
      throw expressionFailed(`${described(a)} ${name} ${described(b)} (accepted: two texts or two numbers)`);
    }
    return elementwiseTruth(name, values, ofNumbers);
  });
}

function add(values: readonly ExpressionValue[]): ExpressionValue {
  const [a, b] = values as readonly [ExpressionValue, ExpressionValue];
  if (typeof a === "string" && typeof b === "string") return a + b;
  if (typeof a === "string" || typeof b === "string") {
    throw expressionFailed(`${described(a)} + ${described(b)} (accepted: two texts or two numbers; see text())`);
  }
  return elementwise("+", values, (left, right) => left + right);
}
