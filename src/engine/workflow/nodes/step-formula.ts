import { WorkbenchError } from "../../errors.js";
import { compileExpression } from "../expression/compile-expression.js";
import { evaluate } from "../expression/evaluate-expression.js";
import type { ExpressionValue } from "../expression/expression-value.js";
import type { Inputs, StepContext } from "../node-handler.js";
import type { PortValue } from "../port-value.js";
import { invalidInput, valueAt } from "./step-inputs.js";

/** Values by name; a name without a value may be written, but not computed with. */
export type FormulaValues = Readonly<Record<string, ExpressionValue | undefined>>;

/** A formula over these values, the workflow's variables and the loop's item. @throws EXPRESSION_FAILED */
export function computed(source: string, values: FormulaValues, context: StepContext): ExpressionValue {
  return formulaOver(source, Object.keys(values), context)(values);
}

/** As `computed`, read once for many rows of values of the same names. @throws EXPRESSION_FAILED */
export function formulaOver(source: string, valueNames: readonly string[], context: StepContext) {
  const { names, values: constant } = surroundings(context);
  const compiled = compileExpression(source, [...valueNames, ...names]);
  if (!compiled.isValid) throw formulaInvalid(compiled.problems[0].message);
  return (values: FormulaValues): ExpressionValue =>
    evaluate(compiled.expression, new Map([...constant, ...definedOf(values)]));
}

/** What formulas see at these ports: numbers, texts and truths as they are, of a signal whether it is active. */
export function formulaValuesAt(inputs: Inputs, ports: readonly string[]): FormulaValues {
  return Object.fromEntries(
    ports.map((port) => {
      const value = valueAt(inputs, port);
      return [port, value === undefined ? undefined : expressionValueOf(value, port)];
    }),
  );
}

function expressionValueOf(value: PortValue, port: string): ExpressionValue {
  if (value.type === "number" || value.type === "text" || value.type === "boolean") return value.value;
  if (value.type === "signal") return value.value.isActive;
  if (value.type === "series") return value.value.values;
  throw invalidInput(port, `a ${value.type}`, "a number, text, boolean or signal");
}

function surroundings({ variables, item }: StepContext) {
  const values = Object.entries(variables).map(([name, value]): [string, ExpressionValue] => [`vars.${name}`, value]);
  if (item !== undefined) values.push(["item", item]);
  return { names: [...values.map(([name]) => name), "item"], values };
}

function definedOf(values: FormulaValues): [string, ExpressionValue][] {
  return Object.entries(values).filter((entry): entry is [string, ExpressionValue] => entry[1] !== undefined);
}

function formulaInvalid(problem: string): WorkbenchError {
  return new WorkbenchError("EXPRESSION_FAILED", `formula failed: ${problem}`);
}
