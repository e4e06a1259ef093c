import { compileExpression, type Expression, type ExpressionProblem } from "./compile-expression.js";
import { type ExpressionScope, evaluate } from "./evaluate-expression.js";
import { requireTextSize } from "./expression-value.js";
import { formatValue } from "./text-functions.js";

/** Text with formulas in it, checked and ready to be filled in. */
export interface Template {
  readonly parts: readonly (string | Expression)[];
}

export type CompiledTemplate =
  | { readonly isValid: true; readonly template: Template }
  | { readonly isValid: false; readonly problems: readonly ExpressionProblem[] };

/** Reads a text in which `{{formula}}` stands for what the formula gives. Every formula that is wrong is a problem. */
export function compileTemplate(source: string, names: Iterable<string>): CompiledTemplate {
  const known: ReadonlySet<string> = names instanceof Set ? names : new Set(names);
  const parts: (string | Expression)[] = [];
  const problems: ExpressionProblem[] = [];
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf("{{", at);
    parts.push(source.slice(at, open < 0 ? source.length : open));
    if (open < 0) break;
    const close = source.indexOf("}}", open + 2);
    if (close < 0) {
      problems.push({ code: "EXPRESSION_INVALID", message: `{{ without }} at ${open}`, at: open });
      break;
    }
    const compiled = compileExpression(source.slice(open + 2, close), known);
    if (compiled.isValid) parts.push(compiled.expression);
    else problems.push({ ...compiled.problem, at: open + 2 + compiled.problem.at });
    at = close + 2;
  }
  return problems.length === 0 ? { isValid: true, template: { parts } } : { isValid: false, problems };
}

/** The text with its formulas filled in, numbers with up to 10 digits. @throws EXPRESSION_FAILED */
export function fillTemplate({ parts }: Template, scope: ExpressionScope): string {
  let filled = "";
  for (const part of parts) {
    filled += typeof part === "string" ? part : formatValue(evaluate(part, scope));
    requireTextSize(filled);
  }
  return filled;
}
