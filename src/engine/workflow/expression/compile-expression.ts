import type { ExpressionFunction } from "./expression-function.js";
import { EXPRESSION_FUNCTIONS } from "./expression-functions.js";
import { ExpressionParser } from "./expression-parser.js";
import { ExpressionSyntaxError, type Token, tokensOf } from "./tokens.js";

/** A formula, checked and ready to be evaluated any number of times. */
export interface Expression {
  readonly source: string;
  /** For a machine with a stack: values are pushed, calls replace their values by their result. */
  readonly program: readonly Instruction[];
  /** Names that occur in it, each once, variables as `vars.name`. */
  readonly names: readonly string[];
}

export type Instruction =
  | { readonly kind: "constant"; readonly value: number | boolean | string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "call"; readonly callee: ExpressionFunction; readonly arity: number };

export interface ExpressionProblem {
  readonly code: "EXPRESSION_INVALID" | "VARIABLE_UNRESOLVED";
  /** What is wrong and what is accepted, such as `unknown name clsoe at 4 (accepted: close, open)`. */
  readonly message: string;
  /** Where in the formula, or in the text around it, from 0. */
  readonly at: number;
}

export type CompiledExpression = { readonly isValid: true; readonly expression: Expression } | InvalidExpression;

export interface InvalidExpression {
  readonly isValid: false;
  /** At least one, by position: the first twenty unknown names, and where it could not be read further. */
  readonly problems: readonly [ExpressionProblem, ...ExpressionProblem[]];
  /** Known names that occur in what could be read, each once. */
  readonly names: readonly string[];
}

/** Characters of a formula. */
export const MOST_EXPRESSION_CHARACTERS = 10_000;

/**
 * Reads a formula: numbers, texts, truths, arithmetic, comparison, logic, choice and the functions of
 * `EXPRESSION_FUNCTIONS`, over the given names, among which variables are written `vars.name`. There is nothing else in
 * the language: no property, no index, no assignment, no loop. Work and memory are linear in its length.
 *
 * @param startsAt where the formula begins in the text around it, for the positions of problems
 */
export function compileExpression(source: string, accepted: Iterable<string>, startsAt = 0): CompiledExpression {
  const known: ReadonlySet<string> = accepted instanceof Set ? accepted : new Set(accepted);
  let parser: ExpressionParser | undefined;
  let program: readonly Instruction[] = [];
  const errors: ExpressionSyntaxError[] = [];
  try {
    parser = new ExpressionParser(checkedTokensOf(source), known, EXPRESSION_FUNCTIONS);
    program = parser.parse();
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    errors.push(error);
  }
  const names = [...(parser?.used ?? [])];
  const [first, ...others] = [...(parser?.unknown.values() ?? []), ...errors].map((error) =>
    problemOf(error, startsAt),
  );
  if (!first) return { isValid: true, expression: { source, program, names } };
  return { isValid: false, problems: [first, ...others], names };
}

function checkedTokensOf(source: string): Token[] {
  if (source.length > MOST_EXPRESSION_CHARACTERS) {
    const most = MOST_EXPRESSION_CHARACTERS.toLocaleString("en-US");
    throw new ExpressionSyntaxError(`${source.length} characters (accepted: at most ${most})`, 0);
  }
  return tokensOf(source);
}

function problemOf(error: ExpressionSyntaxError, startsAt: number): ExpressionProblem {
  const at = startsAt + error.at;
  return { code: error.code, message: `${error.message} at ${at}`, at };
}
