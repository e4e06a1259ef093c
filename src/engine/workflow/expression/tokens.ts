export interface Token {
  readonly kind: "number" | "name" | "text" | "sign" | "end";
  /** As written; of a text what it says. */
  readonly text: string;
  /** Where it begins in the formula, from 0. */
  readonly at: number;
}

/** A formula that cannot be read, and from where on. */
export class ExpressionSyntaxError extends Error {
  constructor(
    message: string,
    readonly at: number,
    readonly code: "EXPRESSION_INVALID" | "VARIABLE_UNRESOLVED" = "EXPRESSION_INVALID",
  ) {
    super(message);
  }
}

const TOKEN =
  /(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<sign>&&|\|\||[<>=!]=|[-+*/%^<>!?:(),])/sy;
const BLANK = /\s*/y;
const ESCAPED = /\\(.)/gs;

/** @throws ExpressionSyntaxError for a character that no formula has */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (true) {
    BLANK.lastIndex = at;
    BLANK.test(source);
    at = BLANK.lastIndex;
    if (at >= source.length) break;
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(source)?.groups;
    if (!groups) throw unreadable(source, at);
    const [kind, text] = Object.entries(groups).find(([, text]) => text !== undefined) as [Token["kind"], string];
    tokens.push({ kind, text: kind === "text" ? unescaped(text.slice(1, -1)) : text, at });
    at = TOKEN.lastIndex;
  }
  return [...tokens, { kind: "end", text: "", at }];
}

function unescaped(text: string): string {
  return text.replaceAll(ESCAPED, (_, character: string) => (character === "n" ? "\n" : character));
}

function unreadable(source: string, at: number): ExpressionSyntaxError {
  const character = String.fromCodePoint(source.codePointAt(at)!);
  if (character === '"' || character === "'") return new ExpressionSyntaxError("a text without an end", at);
  if (character === "=") return new ExpressionSyntaxError("a single = (accepted: == to compare)", at);
  return new ExpressionSyntaxError(`unexpected character ${JSON.stringify(character)}`, at);
}
