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

const ESCAPED = /\\(.)/gs;
const DOUBLE_SIGNS: ReadonlySet<string> = new Set(["&&", "||", "<=", ">=", "==", "!="]);
const SINGLE_SIGNS: ReadonlySet<string> = new Set("-+*/%^<>!?:(),");

/** @throws ExpressionSyntaxError for a character that no formula has */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (isBlank(code)) {
      at++;
      continue;
    }
    let end = at;
    if (isDigit(code) || (code === DOT && isDigit(source.charCodeAt(at + 1)))) {
      end = endOfNumber(source, at);
      tokens.push({ kind: "number", text: source.slice(at, end), at });
    } else if (isLetter(code)) {
      end = endOfName(source, at);
      tokens.push({ kind: "name", text: source.slice(at, end), at });
    } else if (code === QUOTE || code === DOUBLE_QUOTE) {
      end = endOfText(source, at);
      tokens.push({ kind: "text", text: unescaped(source.slice(at + 1, end - 1)), at });
    } else {
      const sign = signAt(source, at);
      end = at + sign.length;
      tokens.push({ kind: "sign", text: sign, at });
    }
    at = end;
  }
  tokens.push({ kind: "end", text: "", at });
  return tokens;
}

const DOT = 46;
const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const BACKSLASH = 92;
const EQUALS = 61;
const AMPERSAND = 38;
const BAR = 124;

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Of A–Z, a–z and `_`. */
function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function endOfDigits(source: string, from: number): number {
  let at = from;
  while (isDigit(source.charCodeAt(at))) at++;
  return at;
}

/** `12`, `12.`, `1.5`, `.5`, each perhaps with an exponent. */
function endOfNumber(source: string, from: number): number {
  let at = endOfDigits(source, from);
  if (source.charCodeAt(at) === DOT) at = endOfDigits(source, at + 1);
  if ((source.charCodeAt(at) | 32) !== 101) return at;
  const sign = source.charCodeAt(at + 1);
  const digits = sign === 43 || sign === 45 ? at + 2 : at + 1;
  return isDigit(source.charCodeAt(digits)) ? endOfDigits(source, digits) : at;
}

/** A word, or two with a dot between them. */
function endOfName(source: string, from: number): number {
  const at = endOfWord(source, from);
  return source.charCodeAt(at) === DOT && isLetter(source.charCodeAt(at + 1)) ? endOfWord(source, at + 1) : at;
}

function endOfWord(source: string, from: number): number {
  let at = from;
  while (isLetter(source.charCodeAt(at)) || isDigit(source.charCodeAt(at))) at++;
  return at;
}

function endOfText(source: string, from: number): number {
  const quote = source.charCodeAt(from);
  for (let at = from + 1; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === BACKSLASH) at++;
  }
  throw new ExpressionSyntaxError("a text without an end", from);
}

function signAt(source: string, at: number): string {
  const one = source[at]!;
  const next = source.charCodeAt(at + 1);
  // The second of a double sign is one of these.
  if (next === EQUALS || next === AMPERSAND || next === BAR) {
    const two = source.slice(at, at + 2);
    if (DOUBLE_SIGNS.has(two)) return two;
  }
  if (SINGLE_SIGNS.has(one)) return one;
  if (one === "=") throw new ExpressionSyntaxError("a single = (accepted: == to compare)", at);
  const character = String.fromCodePoint(source.codePointAt(at)!);
  throw new ExpressionSyntaxError(`unexpected character ${JSON.stringify(character)}`, at);
}

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replaceAll(ESCAPED, (_, character: string) => (character === "n" ? "\n" : character));
}
