import { describe, expect, it } from "vitest";
import { nodeType, output } from "../../../../src/engine/workflow/catalogue/node-type-builders.js";
import type { JsonValue } from "../../../../src/engine/workflow/json-value.js";
import { nodeCatalogue } from "../../../../src/engine/workflow/node-catalogue.js";
import type { ParameterSpec } from "../../../../src/engine/workflow/node-type.js";
import { validateWorkflow } from "../../../../src/engine/workflow/validate-workflow.js";
import { aNode, aWorkflow } from "../../../support/workflow-graphs.js";

type Kind<Spec = ParameterSpec> = Spec extends ParameterSpec ? Omit<Spec, "name" | "label" | "help"> : never;

const number: Kind = { kind: "number", min: -1, max: 1_000 };
const integer: Kind = { kind: "integer", min: 1, max: 500, unit: "candles" };
const text: Kind = { kind: "text", maxLength: 5, pattern: "^[a-z]+$" };
const choice: Kind = { kind: "choice", choices: ["buy", "sell"] };
const symbols: Kind = { kind: "symbols", maxItems: 2 };
const expression: Kind = { kind: "expression", names: ["x"], maxLength: 20 };
const template: Kind = { kind: "template", names: ["x"], maxLength: 30 };
const json: Kind = { kind: "json", maxLength: 10 };
const sql: Kind = { kind: "sql", maxLength: 20 };

/** What is said of a trigger whose one parameter, `it`, has this value. */
function problemsOf(kind: Kind, value: JsonValue, { byDefault }: { byDefault?: JsonValue } = {}): string[] {
  const spec = {
    ...kind,
    name: "it",
    label: "it",
    help: "What.",
    ...(byDefault === undefined ? {} : { default: byDefault }),
  };
  const trigger = nodeType({
    id: "trigger.manual",
    category: "trigger",
    label: "",
    summary: "",
    details: "",
    outputs: [output("fired", "signal", "")],
    parameters: [spec as ParameterSpec],
  });
  const definition = aWorkflow([aNode("t", "trigger.manual", { it: value })], [], { variables: { limit: 1 } });
  return validateWorkflow(definition, nodeCatalogue([trigger])).problems.map(
    ({ code, message }) => `${code} ${message}`,
  );
}

describe("a parameter", () => {
  it.each<[Kind, JsonValue]>([
    [number, -1],
    [number, 0.5],
    [integer, 500],
    [{ kind: "boolean" }, false],
    [text, "abcde"],
    [choice, "sell"],
    [{ kind: "symbol" }, "VN30F1M"],
    [{ kind: "symbol" }, "^GSPC"],
    [symbols, []],
    [symbols, ["HPG", "FPT"]],
    [expression, "x > vars.limit"],
    [template, "{{x}} of {{vars.limit}}"],
    [{ kind: "cron" }, "*/5 9-14 * * 1-5"],
    [{ kind: "cron" }, "0 9 29 2 *"],
    [{ kind: "cron" }, "0 9 LW * *"],
    [{ kind: "cron" }, "0 9 31 4 MON"],
    [{ kind: "url" }, "https://example.com:8443/a?b=c#d"],
    [sql, "select 1"],
    [{ kind: "variable" }, "limit"],
    [json, { a: [1] }],
    [json, null],
  ])("of %o takes %j", (kind, value) => {
    expect(problemsOf(kind, value)).toEqual([]);
  });

  it.each<[Kind, JsonValue, string]>([
    [number, 1_001, "1001 (accepted: a number from -1 to 1,000)"],
    [number, "5", '"5" (accepted: a number from -1 to 1,000)'],
    [number, null, "null (accepted: a number from -1 to 1,000)"],
    [integer, 0, "0 (accepted: an integer from 1 to 500 candles)"],
    [integer, 1.5, "1.5 (accepted: an integer from 1 to 500 candles)"],
    [integer, [3], "[3] (accepted: an integer from 1 to 500 candles)"],
    [{ kind: "boolean" }, "true", '"true" (accepted: true or false)'],
    [text, "abcdef", '"abcdef" (accepted: text of at most 5 characters)'],
    [text, "ABC", '"ABC" (accepted: text like ^[a-z]+$)'],
    [text, 5, "5 (accepted: text of at most 5 characters)"],
    [choice, "hold", '"hold" (accepted: buy, sell)'],
    [choice, "constructor", '"constructor" (accepted: buy, sell)'],
    [{ kind: "symbol" }, "hpg", '"hpg" (accepted: a symbol, 1 to 32 of A-Z 0-9 . - _ ^ =; $item within a loop)'],
    [{ kind: "symbol" }, "HPG; DROP TABLE", "(accepted: a symbol"],
    [symbols, "HPG", '"HPG" (accepted: a list of at most 2 symbols)'],
    [symbols, ["A", "B", "C"], '["A","B","C"] (accepted: a list of at most 2 symbols)'],
    [symbols, ["HPG", 7], "7 (accepted: a symbol"],
    [symbols, ["HPG", null], "null (accepted: a symbol"],
    [expression, 7, "7 (accepted: text of at most 20 characters)"],
    [expression, "x + x + x + x + x + x", "(accepted: text of at most 20 characters)"],
    [{ kind: "cron" }, 5, "no text (accepted: five fields)"],
    [{ kind: "cron" }, "* * * * * *", "no five fields (accepted: minute, hour, day of month, month and day of week"],
    [{ kind: "cron" }, "@daily", "no five fields"],
    [{ kind: "cron" }, "2026-01-01T00:00:00", "no five fields"],
    [{ kind: "cron" }, "? ? ? ? ?", "no five fields"],
    [{ kind: "cron" }, `* * * * ${"1,".repeat(100)}1`, "no five fields"],
    [{ kind: "cron" }, "60 * * * *", "60 (accepted: five fields, such as 45 14 * * 1-5)"],
    [{ kind: "cron" }, "a b c d e", "(accepted: five fields, such as 45 14 * * 1-5)"],
    [{ kind: "cron" }, "0 0 30 2 *", "never comes (accepted: a day that some month has)"],
    [{ kind: "cron" }, "0 0 31 4,6,9,11 *", "never comes"],
    [
      { kind: "url" },
      "example.com",
      "(accepted: an http or https address of at most 2,048 characters, without a password)",
    ],
    [{ kind: "url" }, "file:///etc/passwd", "(accepted: an http or https address"],
    [{ kind: "url" }, "javascript:alert(1)", "(accepted: an http or https address"],
    [{ kind: "url" }, "https://user:secret@example.com/", "without a password"],
    [{ kind: "url" }, `https://example.com/${"a".repeat(2_048)}`, "(accepted: an http or https address"],
    [{ kind: "url" }, { href: "https://example.com" }, "(accepted: an http or https address"],
    [sql, "select * from candles", "(accepted: text of at most 20 characters)"],
    [json, { a: [1, 2, 3, 4] }, '{"a":[1,2,3,4]} (accepted: JSON of at most 10 characters)'],
  ])("of %o refuses %j", (kind, value, problem) => {
    const problems = problemsOf(kind, value);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("PARAMETER_INVALID node t: parameter it: ");
    expect(problems[0]).toContain(problem);
  });

  it("shows the beginning of a long value", () => {
    const [problem] = problemsOf(choice, "x".repeat(5_000));
    expect(problem).toBe(`PARAMETER_INVALID node t: parameter it: "${"x".repeat(79)}… (accepted: buy, sell)`);
  });

  it("may always be what it is by default", () => {
    expect(problemsOf({ kind: "symbol" }, "", { byDefault: "" })).toEqual([]);
    expect(problemsOf(json, { long: "value", b: 2 }, { byDefault: { b: 2, long: "value" } })).toEqual([]);
  });
});
