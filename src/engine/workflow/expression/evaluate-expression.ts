import type { Expression } from "./compile-expression.js";
import { type ExpressionValue, expressionFailed, requireTextSize } from "./expression-value.js";

/** Values by name, variables as `vars.name`. */
export type ExpressionScope = ReadonlyMap<string, ExpressionValue>;

/** Numbers that one evaluation may work on. */
const MOST_WORK = 100_000_000;

/**
 * Evaluates a formula. As soon as a series is among the values of an operator or function, it is applied place by place
 * and the result is a series. Nothing but the scope is read.
 *
 * @throws EXPRESSION_FAILED for a name without a value, values of a kind that an operation does not take, series of
 * different lengths, or more than 10⁸ operations on numbers
 */
export function evaluate({ program }: Expression, scope: ExpressionScope): ExpressionValue {
  const stack: ExpressionValue[] = [];
  let work = 0;
  for (const step of program) {
    if (step.kind === "constant") {
      stack.push(step.value);
    } else if (step.kind === "name") {
      const value = scope.get(step.name);
      if (value === undefined) throw expressionFailed(`${step.name} has no value`);
      stack.push(value);
    } else {
      const values = stack.splice(stack.length - step.arity, step.arity);
      for (const value of values) work += typeof value === "object" ? value.length : 1;
      if (work > MOST_WORK) {
        throw expressionFailed(`too much work (accepted: ${MOST_WORK.toLocaleString("en-US")} operations)`);
      }
      const result = step.callee.apply(values);
      if (typeof result === "string") requireTextSize(result);
      stack.push(result);
    }
  }
  return stack[0]!;
}
