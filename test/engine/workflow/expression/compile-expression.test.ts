import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileExpression } from "../../../../src/engine/workflow/expression/compile-expression.js";
import { evaluate } from "../../../../src/engine/workflow/expression/evaluate-expression.js";

function problemOf(source: string, names: readonly string[] = ["close", "volume", "vars.limit"]) {
  const compiled = compileExpression(source, names);
  return compiled.isValid ? undefined : compiled.problems[0];
}

describe("compileExpression(source, names)", () => {
  it("lists the names that occur, each once", () => {
    const compiled = compileExpression("close > vars.limit and close < 2 * vars.limit", ["close", "vars.limit"]);
    expect(compiled.isValid && compiled.expression.names).toEqual(["close", "vars.limit"]);
  });

  it.each([
    ["", "unexpected end (accepted: a value) at 0"],
    ["1 +", "unexpected end (accepted: a value) at 3"],
    ["1 2", "unexpected 2 (accepted: an operator or the end) at 2"],
    ["(1", "unexpected end (accepted: )) at 2"],
    ["1)", "unexpected ) (accepted: an operator or the end) at 1"],
    ["a", "unknown name a (accepted: close, volume) at 0"],
    ["close = 1", "a single = (accepted: == to compare) at 6"],
    ["1 < 2 < 3", "a second comparison (accepted: a < b and b < c) at 6"],
    ["'open", "a text without an end at 0"],
    ["sqrt()", "0 values for sqrt (accepted: sqrt(x)) at 0"],
    ["clamp(1, 2)", "2 values for clamp (accepted: clamp(x, low, high)) at 0"],
    ["1 + abs", "function abs without its values at 4"],
    ["close ? 1", "unexpected end (accepted: :) at 9"],
    ["and 1", "unexpected and (accepted: a value) at 0"],
    ["1; 2", 'unexpected character ";" at 1'],
    ["close[0]", 'unexpected character "[" at 5'],
    ["1_000", "unexpected _000 (accepted: an operator or the end) at 1"],
    ["😀", 'unexpected character "😀" at 0'],
  ])("refuses %j: %s", (source, message) => {
    expect(problemOf(source)).toMatchObject({ code: "EXPRESSION_INVALID", message });
  });

  it("tells a variable that nobody declared from a wrong name", () => {
    expect(problemOf("close > vars.stop")).toEqual({
      code: "VARIABLE_UNRESOLVED",
      message: "unknown variable vars.stop (accepted: vars.limit) at 8",
      at: 8,
    });
  });

  it("tells every unknown name once, where it first stands, and then where reading ended", () => {
    const compiled = compileExpression("vars.b + a > vars.c and close < vars.b + volume +", ["close", "volume"]);
    expect(compiled).toMatchObject({ isValid: false, names: ["close", "volume"] });
    expect(compiled.isValid ? [] : compiled.problems.map(({ message }) => message)).toEqual([
      "unknown variable vars.b (accepted: none) at 0",
      "unknown name a (accepted: close, volume) at 9",
      "unknown variable vars.c (accepted: none) at 13",
      "unexpected end (accepted: a value) at 49",
    ]);
  });

  it("reads no further than twenty unknown names", () => {
    const compiled = compileExpression(Array.from({ length: 30 }, (_, i) => `n${i}`).join("+"), []);
    expect(compiled.isValid ? [] : compiled.problems.map(({ at }) => at)).toHaveLength(20);
  });

  it.each([
    "constructor",
    "constructor.constructor('return process')()",
    "__proto__",
    "close.constructor",
    "close.__proto__.x",
    "vars.constructor",
    "vars.__proto__",
    "vars['limit']",
    "this",
    "globalThis",
    "globalThis.process",
    "process.env",
    "require('fs')",
    "import('fs')",
    "eval('1')",
    "Function('return 1')()",
    "toString()",
    "hasOwnProperty('a')",
    "valueOf()",
    "`1`",
    "'a'.length",
    "(1).toFixed(2)",
    "abs.call(1)",
    "abs.constructor('x')",
    "if.constructor(1, 2, 3)",
    "x => x",
    "close = 5",
    "new Date()",
    "1, 2",
    "{}",
    "[]",
    "a\u0000b",
    "/x/.exec('x')",
    "void 0",
    "typeof close",
    "delete close",
    "await 1",
    "1n",
    "0x10",
    "=1+1",
    "@SUM(1)",
    "// comment",
    "/* */ 1",
    "null",
    "undefined",
  ])("has no way out: %s", (source) => {
    expect(problemOf(source)).toBeDefined();
  });

  it.each([
    ["parentheses", `${"(".repeat(100_000)}1${")".repeat(100_000)}`, "100,000"],
    ["parentheses", `${"(".repeat(4_000)}1${")".repeat(4_000)}`, "nested too deeply (accepted: at most 64)"],
    ["signs", `${"-".repeat(9_000)}1`, "nested too deeply"],
    ["not", `${"not ".repeat(2_000)}1`, "nested too deeply"],
    ["powers", Array.from({ length: 2_000 }, () => "2").join("^"), "nested too deeply"],
    ["choices", `${"1 ? 1 : ".repeat(1_000)}1`, "nested too deeply"],
    ["calls", `${"abs(".repeat(2_000)}1${")".repeat(2_000)}`, "nested too deeply"],
    ["values", `max(${Array.from({ length: 40 }, () => "1").join(", ")})`, "33 values for max"],
    ["quotes", "'".repeat(9_999), "a text without an end"],
  ])("is not led astray by many %s", (_, source, problem) => {
    const message = problemOf(source)?.message ?? "";
    const most = source.length > 10_000 ? "accepted: at most 10,000" : problem;
    expect(message).toContain(most);
  });

  it("takes a long sum", () => {
    const source = Array.from({ length: 3_000 }, () => "1").join("+");
    const compiled = compileExpression(source, []);
    expect(compiled.isValid && evaluate(compiled.expression, new Map())).toBe(3_000);
  });

  it("answers anything at all with an expression or a problem", () => {
    const piece = fc.constantFrom(
      ..."()+-*/%^<>=!?:,&|'\"\\.`[]{}$@;".split(""),
      ..."close vars.limit vars. 1 .5 1e9 1e not and or true nan if min lag abs 'a' == constructor __proto__".split(
        " ",
      ),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(" ")),
    );
    const scope = new Map<string, number>([
      ["close", 1],
      ["volume", 2],
      ["vars.limit", 3],
    ]);
    fc.assert(
      fc.property(text, (source) => {
        const compiled = compileExpression(source, scope.keys());
        if (!compiled.isValid) {
          expect(compiled.problems[0].message).not.toBe("");
          return;
        }
        try {
          expect(["number", "boolean", "string", "object"]).toContain(typeof evaluate(compiled.expression, scope));
        } catch (error) {
          expect(error).toMatchObject({ code: "EXPRESSION_FAILED" });
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
