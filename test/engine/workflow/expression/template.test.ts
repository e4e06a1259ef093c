import { describe, expect, it } from "vitest";
import { compileTemplate, fillTemplate } from "../../../../src/engine/workflow/expression/template.js";

function filled(source: string, scope: ReadonlyMap<string, number | string | boolean | Float64Array>): string {
  const compiled = compileTemplate(source, scope.keys());
  if (!compiled.isValid) throw new Error(compiled.problems.map(({ message }) => message).join("; "));
  return fillTemplate(compiled.template, scope);
}

describe("fillTemplate(template, scope)", () => {
  it.each([
    ["no formula", "no formula"],
    ["", ""],
    ["{{symbol}} at {{price}}", "HPG at 27.35"],
    ["{{ upper('x') + symbol }}", "XHPG"],
    ["{{price > 27 ? 'above' : 'below'}} 27", "above 27"],
    ["up {{round(price / 27 * 100 - 100, 2)}} %", "up 1.3 %"],
    ["{{missing}}", "n/a"],
    ["{{closes}}", "3"],
    ["one } and { more", "one } and { more"],
  ])("%j is %j", (source, expected) => {
    const scope = new Map<string, number | string | Float64Array>([
      ["symbol", "HPG"],
      ["price", 27.35],
      ["missing", NaN],
      ["closes", Float64Array.of(1, 2, 3)],
    ]);
    expect(filled(source, scope)).toBe(expected);
  });

  it("does not read formulas out of values", () => {
    expect(filled("{{text}}", new Map([["text", "{{price}}"]]))).toBe("{{price}}");
  });
});

describe("compileTemplate(source, names)", () => {
  it("names every formula that is wrong, and where in the text", () => {
    const compiled = compileTemplate("{{a}} {{vars.b}} {{1 +}} {{", []);
    expect(compiled.isValid ? [] : compiled.problems.map(({ code, at }) => [code, at])).toEqual([
      ["EXPRESSION_INVALID", 2],
      ["VARIABLE_UNRESOLVED", 8],
      ["EXPRESSION_INVALID", 22],
      ["EXPRESSION_INVALID", 25],
    ]);
  });

  it("counts positions in the whole text, in what it says as well", () => {
    const compiled = compileTemplate("Buy {{a}} at {{vars.b + vars.c}}", ["a"]);
    expect(compiled).toEqual({
      isValid: false,
      names: ["a"],
      problems: [
        { code: "VARIABLE_UNRESOLVED", message: "unknown variable vars.b (accepted: none) at 15", at: 15 },
        { code: "VARIABLE_UNRESOLVED", message: "unknown variable vars.c (accepted: none) at 24", at: 24 },
      ],
    });
  });
});
