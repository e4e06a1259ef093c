import type { ExpressionValue } from "./expression-value.js";

/** A function or operator of formulas. */
export interface ExpressionFunction {
  readonly name: string;
  /** As the documentation shows it: `clamp(x, low, high)`. */
  readonly form: string;
  /** What it gives, for people. */
  readonly gives: string;
  readonly fewest: number;
  readonly most: number;
  /** @throws EXPRESSION_FAILED for values that it does not take */
  readonly apply: (values: readonly ExpressionValue[]) => ExpressionValue;
}

/** Most values that a function takes. */
export const MOST_ARGUMENTS = 32;
