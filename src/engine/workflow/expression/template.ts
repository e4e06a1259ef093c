import { compileExpression, type Expression, type ExpressionProblem } from "./compile-expression.js";
import { type ExpressionScope, evaluate } from "./evaluate-expression.js";
import { requireTextSize } from "./expression-value.js";
import { formatValue } from "./text-functions.js";

/** Text with formulas in it, checked and ready to be filled in. */
export interface Template {
  readonly parts: readonly (string | Expression)[];
}

/** `names` are known ones that occur in its formulas, each once. */
export type CompiledTemplate = { readonly names: readonly string[] } & (
  | { readonly isValid: true; readonly template: Template }
  | { readonly isValid: false; readonly problems: readonly ExpressionProblem[] }
);

/** Reads a text in which `{{formula}}` stands for what the formula gives. Every formula is read, however many are wrong. */
export function compileTemplate(source: string, names: Iterable<string>): CompiledTemplate {
  const known: ReadonlySet<string> = names instanceof Set ? names : new Set(names);
  const parts: (string | Expression)[] = [];
  const problems: ExpressionProblem[] = [];
  const used = new Set<string>();
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
    const compiled = compileExpression(source.slice(open + 2, close), known, open + 2);
    if (compiled.isValid) parts.push(compiled.expression);
    else problems.push(...compiled.problems);
    for (const name of compiled.isValid ? compiled.expression.names : compiled.names) used.add(name);
    at = close + 2;
  }
  const occurring = [...used];
  if (problems.length > 0) return { isValid: false, problems, names: occurring };
  return { isValid: true, template: { parts }, names: occurring };
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
