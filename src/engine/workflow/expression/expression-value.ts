import { WorkbenchError } from "../../errors.js";

/**
 * What formulas compute with. Series are columns of equal length. `NaN`, alone or in a series, is "not defined here"
 * and stays so in everything computed from it; a series of truths holds 1, 0 and `NaN`.
 */
export type ExpressionValue = number | boolean | string | Float64Array;

export function kindOf(value: ExpressionValue): "number" | "boolean" | "text" | "series" {
  if (typeof value === "object") return "series";
  return typeof value === "string" ? "text" : (typeof value as "number" | "boolean");
}

/** Whether a formula that is asked for a yes or no says yes; of a series the last number counts. */
export function isTrue(value: ExpressionValue): boolean {
  if (typeof value === "boolean") return value;
  const number = typeof value === "object" ? value.at(-1) : value;
  if (typeof number === "string") throw expressionFailed(`text ${quoted(number)} where a condition is needed`);
  return number !== undefined && number !== 0 && !Number.isNaN(number);
}

/** True counts as 1 and false as 0. @throws EXPRESSION_FAILED for text and series */
export function numberOf(value: ExpressionValue, what: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  throw expressionFailed(`${what} got ${described(value)} (accepted: a number)`);
}

/** @throws EXPRESSION_FAILED for anything else */
export function textOf(value: ExpressionValue, what: string): string {
  if (typeof value === "string") return value;
  throw expressionFailed(`${what} got ${described(value)} (accepted: text)`);
}

export function described(value: ExpressionValue): string {
  if (typeof value === "object") return `a series of ${value.length}`;
  return typeof value === "string" ? `text ${quoted(value)}` : String(value);
}

/** Characters of a text that a formula or template makes. */
const MOST_CHARACTERS = 1_000_000;

export function requireTextSize({ length }: string): void {
  if (length > MOST_CHARACTERS) {
    throw expressionFailed(
      `a text of ${length} characters (accepted: at most ${MOST_CHARACTERS.toLocaleString("en-US")})`,
    );
  }
}

export function expressionFailed(problem: string): WorkbenchError {
  return new WorkbenchError("EXPRESSION_FAILED", `formula failed: ${problem}`);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
