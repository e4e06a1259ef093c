import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileExpression } from "../../../../src/engine/workflow/expression/compile-expression.js";
import { type ExpressionScope, evaluate } from "../../../../src/engine/workflow/expression/evaluate-expression.js";
import { EXPRESSION_FUNCTIONS } from "../../../../src/engine/workflow/expression/expression-functions.js";
import { type ExpressionValue, isTrue } from "../../../../src/engine/workflow/expression/expression-value.js";

function calculate(source: string, values: Readonly<Record<string, ExpressionValue>> = {}): ExpressionValue {
  const scope: ExpressionScope = new Map(Object.entries(values));
  const compiled = compileExpression(source, scope.keys());
  if (!compiled.isValid) throw new Error(compiled.problems[0].message);
  return evaluate(compiled.expression, scope);
}

const series = (...numbers: number[]) => Float64Array.from(numbers);

const FUNCTION_CASES: readonly (readonly [string, ExpressionValue])[] = [
  ["abs(-2)", 2],
  ["sign(-2)", -1],
  ["sqrt(9)", 3],
  ["exp(0)", 1],
  ["log(1)", 0],
  ["log10(1000)", 3],
  ["floor(-1.5)", -2],
  ["ceil(1.2)", 2],
  ["pow(2, 10)", 1024],
  ["round(2.5)", 3],
  ["round(-2.5)", -3],
  ["round(1.005, 2)", 1.01],
  ["round(1e300, 2)", 1e300],
  ["min(3, 1, 2)", 1],
  ["max(3, 1, 2)", 3],
  ["min(3, nan)", NaN],
  ["clamp(12, 0, 10)", 10],
  ["clamp(-1, 0, 10)", 0],
  ["nz(nan)", 0],
  ["nz(nan, 7)", 7],
  ["isnan(nan)", true],
  ["isnan(1)", false],
  ["if(2 > 1, 'a', 'b')", "a"],
  ["first(s)", 1],
  ["last(s)", 4],
  ["last(w)", NaN],
  ["count(w)", 2],
  ["sum(w)", 3],
  ["mean(w)", 1.5],
  // The squared deviations of 1, 2, 4 from 7/3 sum to 14/3; divided by n − 1 = 2.
  ["round(stdev(s), 9)", 1.527525232],
  ["highest(w)", 2],
  ["lowest(w)", 1],
  ["mean(5)", 5],
  ["lag(s, 1)", series(NaN, 1, 2)],
  ["lag(s, 9)", series(NaN, NaN, NaN)],
  ["upper('hpg')", "HPG"],
  ["lower('HPG')", "hpg"],
  ["trim('  a ')", "a"],
  ["contains('steel price', 'price')", true],
  ["starts('steel', 'st')", true],
  ["ends('steel', 'st')", false],
  ["len('abc')", 3],
  ["len(s)", 3],
  ["text(0.1 + 0.2)", "0.3"],
  ["text(nan)", "n/a"],
  ["text(s)", "4"],
];

describe("evaluate(expression, scope)", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["10 - 4 - 3", 3],
    ["2 ^ 3 ^ 2", 512],
    ["-2 ^ 2", -4],
    ["2 ^ -1", 0.5],
    ["--3", 3],
    ["7 % 3", 1],
    ["-7 % 3", 2],
    ["1.5e2 + .5", 150.5],
    ["1 < 2", true],
    ["1 + 1 == 2", true],
    ["2 >= 3", false],
    ["'HPG' == \"HPG\"", true],
    ["'a' < 'b'", true],
    ["'it\\'s' + ' ' + \"so\"", "it's so"],
    ["not true or true", true],
    ["not (true or true)", false],
    ["not 1 > 2", true],
    ["!false && true", true],
    ["true or false and false", true],
    ["1 > 2 ? 'up' : 'down'", "down"],
    ["false ? 1 : true ? 2 : 3", 2],
    ["(2 > 1) * 5", 5],
    ["1 / 0", Number.POSITIVE_INFINITY],
    ["nan == nan", NaN],
    ["nan and false", false],
    ["nan or true", true],
    ["nan and true", NaN],
    ["not nan", NaN],
    ["nan ? 1 : 2", NaN],
  ])("%s is %j", (source, expected) => {
    expect(calculate(source)).toBe(expected);
  });

  it.each(FUNCTION_CASES)("%s is %j", (source, expected) => {
    expect(calculate(source, { s: series(1, 2, 4), w: series(1, 2, NaN) })).toEqual(expected);
  });

  it("is tried above with every function", () => {
    const tried = new Set(
      FUNCTION_CASES.map(([source]) => /^(?:round\()?(?=[a-z0-9]+\()([a-z0-9]+)/.exec(source)?.[1]),
    );
    expect([...EXPRESSION_FUNCTIONS.keys()].filter((name) => !tried.has(name))).toEqual([]);
  });

  it.each<[string, Float64Array]>([
    ["a + b", series(11, 22, 33)],
    ["a * 2 - 1", series(1, 3, 5)],
    ["100 / b", series(10, 5, 100 / 30)],
    ["-a", series(-1, -2, -3)],
    ["a >= 2", series(0, 1, 1)],
    ["a > 1 and b < 30", series(0, 1, 0)],
    ["not (a > lag(a, 1))", series(NaN, 0, 0)],
    ["if(a == 2, b, 0)", series(0, 20, 0)],
    ["clamp(a, 2, b)", series(2, 2, 3)],
    ["a == 2 ? nan : a", series(1, NaN, 3)],
    ["nz(lag(a, 2), 9)", series(9, 9, 1)],
  ])("works on each place of series: %s", (source, expected) => {
    expect(calculate(source, { a: series(1, 2, 3), b: series(10, 20, 30) })).toEqual(expected);
  });

  it("leaves the series that it reads as they were", () => {
    const a = series(1, 2, 3);
    calculate("-a + lag(a, 1) * a", { a });
    expect(a).toEqual(series(1, 2, 3));
  });

  it.each([
    ["1 + 'a'", '1 + text "a" (accepted: two texts or two numbers; see text())'],
    ["'a' * 2", '* got text "a" (accepted: a number)'],
    ["'1' == 1", 'text "1" == 1 (accepted: two texts or two numbers)'],
    ["'a' and true", 'and got text "a" (accepted: a number)'],
    ["upper(1)", "upper got 1 (accepted: text)"],
    ["a + b", "+ got series of 2 and of 3 (accepted: equal lengths)"],
    ["lag(1, 1)", "lag got 1 (accepted: a series)"],
    ["lag(a, 0.5)", "lag got 0.5 places (accepted: an integer of at least 0)"],
    ["round(1, 99)", "round got 99 digits (accepted: an integer from 0 to 12)"],
    ["if('x', 1, 2)", 'if got text "x" (accepted: a number)'],
  ])("fails with EXPRESSION_FAILED: %s", (source, problem) => {
    const scope = { a: series(1, 2), b: series(1, 2, 3) };
    expect(() => calculate(source, scope)).toThrow(
      expect.objectContaining({ code: "EXPRESSION_FAILED", message: `formula failed: ${problem}` }),
    );
  });

  it("says which name has no value", () => {
    const compiled = compileExpression("close + 1", ["close"]);
    if (!compiled.isValid) throw new Error(compiled.problems[0].message);
    expect(() => evaluate(compiled.expression, new Map())).toThrow("formula failed: close has no value");
  });

  it("gives up work that no formula needs", () => {
    const a = new Float64Array(2_000_000);
    const source = Array.from({ length: 60 }, () => "last(a)").join(" + ");
    expect(() => calculate(source, { a })).toThrow("too much work");
  });

  it("gives up texts that no formula needs", () => {
    const source = Array.from({ length: 40 }, () => "t").join(" + ");
    expect(() => calculate(source, { t: "x".repeat(100_000) })).toThrow("at most 1,000,000");
  });

  it("agrees, place by place, with itself on numbers", () => {
    const number = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(NaN), fc.integer());
    const sources = [
      "a + b * 2",
      "a > b or b > 3",
      "if(a < b, a, b)",
      "min(a, b) ^ 2",
      "nz(a, b) - a % 7",
      "not (a == b)",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...sources), fc.array(fc.tuple(number, number)), (source, pairs) => {
        const columns = { a: series(...pairs.map(([a]) => a)), b: series(...pairs.map(([, b]) => b)) };
        const alone = pairs.map(([a, b]) => Number(calculate(source, { a, b })));
        expect(calculate(source, columns)).toEqual(series(...alone));
      }),
    );
  });
});

describe("isTrue(value)", () => {
  it.each<[ExpressionValue, boolean]>([
    [true, true],
    [false, false],
    [2, true],
    [0, false],
    [NaN, false],
    [series(0, 1), true],
    [series(1, NaN), false],
    [series(), false],
  ])("of %j is %j", (value, expected) => {
    expect(isTrue(value)).toBe(expected);
  });

  it("has no answer for text", () => {
    expect(() => isTrue("yes")).toThrow("where a condition is needed");
  });
});
