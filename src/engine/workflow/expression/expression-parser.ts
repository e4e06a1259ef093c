import type { Instruction } from "./compile-expression.js";
import { type ExpressionFunction, MOST_ARGUMENTS } from "./expression-function.js";
import { OPERATORS } from "./operators.js";
import { ExpressionSyntaxError, type Token } from "./tokens.js";

/** Formulas within formulas: parentheses, signs, choices. */
const DEEPEST = 64;

const BINARY_RANK: ReadonlyMap<string, number> = new Map([
  ["or", 1],
  ["and", 2],
  ["==", 4],
  ["!=", 4],
  ["<", 4],
  ["<=", 4],
  [">", 4],
  [">=", 4],
  ["+", 5],
  ["-", 5],
  ["*", 6],
  ["/", 6],
  ["%", 6],
]);
const NOT_RANK = 3;
const COMPARISON_RANK = 4;
const WORD_OF_SIGN: ReadonlyMap<string, string> = new Map([
  ["&&", "and"],
  ["||", "or"],
]);
const CONSTANTS: ReadonlyMap<string, number | boolean> = new Map<string, number | boolean>([
  ["true", true],
  ["false", false],
  ["nan", NaN],
  ["pi", Math.PI],
]);
const WORDS: ReadonlySet<string> = new Set([...CONSTANTS.keys(), "and", "or", "not"]);
const SHOWN_NAMES = 20;
/** Names of one formula that are refused before the rest of it is left unread. */
const MOST_UNKNOWN_NAMES = 20;

/** Writes the program of a formula while reading it, by precedence climbing. */
export class ExpressionParser {
  readonly #program: Instruction[] = [];
  /** Known names that were read so far, each once. */
  readonly used = new Set<string>();
  /** Of each unknown name that was read so far, what is wrong where it first stands. */
  readonly unknown = new Map<string, ExpressionSyntaxError>();
  #next = 0;
  #depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly names: ReadonlySet<string>,
    private readonly functions: ReadonlyMap<string, ExpressionFunction>,
  ) {}

  /**
   * The program; of no use where names are unknown.
   *
   * @throws ExpressionSyntaxError where the rest cannot be read
   */
  parse(): readonly Instruction[] {
    this.#readChoice();
    if (this.#token.kind !== "end") throw this.#unexpected("an operator or the end");
    return this.#program;
  }

  get #token(): Token {
    return this.tokens[this.#next]!;
  }

  /** condition ? then : else */
  #readChoice(): void {
    this.#enter();
    this.#readBinary(1);
    if (this.#take("?")) {
      this.#readChoice();
      this.#require(":");
      this.#readChoice();
      this.#call(this.functions.get("if")!, 3);
    }
    this.#depth--;
  }

  #readBinary(fewestRank: number): void {
    this.#readUnary(fewestRank);
    let compared = false;
    for (let operator = this.#binary(); operator; operator = this.#binary()) {
      const rank = BINARY_RANK.get(operator)!;
      if (rank < fewestRank) return;
      if (rank === COMPARISON_RANK && compared) {
        throw new ExpressionSyntaxError("a second comparison (accepted: a < b and b < c)", this.#token.at);
      }
      compared = rank === COMPARISON_RANK;
      this.#next++;
      this.#readBinary(rank + 1);
      this.#call(OPERATORS.get(operator)!, 2);
    }
  }

  /** The operator that comes next, if one does. */
  #binary(): string | undefined {
    const { kind, text } = this.#token;
    if (kind !== "sign" && kind !== "name") return undefined;
    const operator = WORD_OF_SIGN.get(text) ?? text;
    return BINARY_RANK.has(operator) ? operator : undefined;
  }

  #readUnary(rank: number): void {
    const { kind, text } = this.#token;
    const isWord = kind === "name" && text === "not";
    if (!isWord && !(kind === "sign" && (text === "-" || text === "+" || text === "!"))) {
      this.#readPower();
      return;
    }
    this.#enter();
    this.#next++;
    if (isWord) this.#readBinary(Math.max(rank, NOT_RANK));
    else this.#readUnary(rank);
    if (text === "-") this.#call(OPERATORS.get("neg")!, 1);
    if (isWord || text === "!") this.#call(OPERATORS.get("not")!, 1);
    this.#depth--;
  }

  /** Binds more tightly than a sign before it, less than one after it: −2 ^ −2 is −(2 ^ (−2)). */
  #readPower(): void {
    this.#readPrimary();
    if (!this.#take("^")) return;
    this.#enter();
    this.#readUnary(COMPARISON_RANK);
    this.#call(OPERATORS.get("^")!, 2);
    this.#depth--;
  }

  #readPrimary(): void {
    const token = this.#token;
    if (token.kind === "number") {
      this.#next++;
      this.#program.push({ kind: "constant", value: Number(token.text) });
    } else if (token.kind === "text") {
      this.#next++;
      this.#program.push({ kind: "constant", value: token.text });
    } else if (token.kind === "name") {
      this.#next++;
      this.#readName(token);
    } else if (this.#take("(")) {
      this.#readChoice();
      this.#require(")");
    } else throw this.#unexpected("a value");
  }

  #readName(token: Token): void {
    const name = token.text;
    const constant = CONSTANTS.get(name);
    if (this.#token.kind === "sign" && this.#token.text === "(") this.#readCall(token);
    else if (constant !== undefined) this.#program.push({ kind: "constant", value: constant });
    else if (WORDS.has(name)) throw new ExpressionSyntaxError(`unexpected ${name} (accepted: a value)`, token.at);
    else {
      if (this.names.has(name)) this.used.add(name);
      else if (this.functions.has(name))
        throw new ExpressionSyntaxError(`function ${name} without its values`, token.at);
      else this.#refuseName(token);
      this.#program.push({ kind: "name", name });
    }
  }

  #readCall({ text, at }: Token): void {
    const callee = this.functions.get(text);
    if (!callee) {
      throw new ExpressionSyntaxError(
        `unknown function ${text.slice(0, 60)} (accepted: ${[...this.functions.keys()].join(", ")})`,
        at,
      );
    }
    this.#require("(");
    let arity = 0;
    if (!this.#take(")")) {
      do {
        if (++arity > MOST_ARGUMENTS) break;
        this.#readChoice();
      } while (this.#take(","));
      if (arity <= MOST_ARGUMENTS) this.#require(")");
    }
    if (arity < callee.fewest || arity > callee.most) {
      throw new ExpressionSyntaxError(`${arity} values for ${text} (accepted: ${callee.form})`, at);
    }
    this.#call(callee, arity);
  }

  /** Reading goes on, so that a formula tells all of its unknown names at once. */
  #refuseName({ text, at }: Token): void {
    if (this.unknown.has(text)) return;
    const isVariable = text.startsWith("vars.");
    const names = [...this.names].filter((name) => name.startsWith("vars.") === isVariable);
    const shown = names.length === 0 ? "none" : names.slice(0, SHOWN_NAMES).join(", ");
    const error = new ExpressionSyntaxError(
      `unknown ${isVariable ? "variable" : "name"} ${text.slice(0, 60)} (accepted: ${shown})`,
      at,
      isVariable ? "VARIABLE_UNRESOLVED" : "EXPRESSION_INVALID",
    );
    if (this.unknown.size + 1 === MOST_UNKNOWN_NAMES) throw error;
    this.unknown.set(text, error);
  }

  #call(callee: ExpressionFunction, arity: number): void {
    this.#program.push({ kind: "call", callee, arity });
  }

  #enter(): void {
    if (++this.#depth > DEEPEST) {
      throw new ExpressionSyntaxError(`formulas nested too deeply (accepted: at most ${DEEPEST})`, this.#token.at);
    }
  }

  #take(sign: string): boolean {
    if (this.#token.kind !== "sign" || this.#token.text !== sign) return false;
    this.#next++;
    return true;
  }

  #require(sign: string): void {
    if (!this.#take(sign)) throw this.#unexpected(sign);
  }

  #unexpected(accepted: string): ExpressionSyntaxError {
    const { kind, text, at } = this.#token;
    const found = kind === "end" ? "unexpected end" : `unexpected ${text.slice(0, 40)}`;
    return new ExpressionSyntaxError(`${found} (accepted: ${accepted})`, at);
  }
}
