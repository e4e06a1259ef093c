import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../../src/engine/workflow/json-value.js";
import type { PortValue } from "../../../../src/engine/workflow/port-value.js";
import { number, outputsOf, rowsOf, runNode, series, table, text } from "./run-node.js";

const BANKS = table(
  ["symbol", "sector", "score"],
  ["VCB", "Banks", 3],
  ["HPG", "Steel", 1],
  ["TCB", "Banks", 2],
  ["FPT", "Technology", null],
);

const resultOf = async (
  id: string,
  parameters: Readonly<Record<string, JsonValue>>,
  inputs: Record<string, PortValue | PortValue[]>,
) => rowsOf((await outputsOf(id, parameters, { inputs })).table);
const symbolsLeft = async (id: string, parameters: Readonly<Record<string, JsonValue>>, inputs = {}) =>
  (await resultOf(id, parameters, { table: BANKS, ...inputs })).slice(1).map(([symbol]) => symbol);

describe("table.filter", () => {
  it.each([
    ["score", ">", "1", ["VCB", "TCB"]],
    ["score", ">=", "2", ["VCB", "TCB"]],
    ["score", "<", "2", ["HPG"]],
    ["score", "=", "2.0", ["TCB"]],
    ["score", "!=", "2", ["VCB", "HPG"]],
    ["score", "is empty", "", ["FPT"]],
    ["score", "is not empty", "", ["VCB", "HPG", "TCB"]],
    ["score", ">", "many", []],
    ["sector", "=", "Banks", ["VCB", "TCB"]],
    ["sector", "<", "C", ["VCB", "TCB"]],
    ["sector", "!=", "Banks", ["HPG", "FPT"]],
  ])("%s %s %s", async (column, comparison, value, expected) => {
    expect(await symbolsLeft("table.filter", { column, comparison, value })).toEqual(expected);
  });

  it("takes the connected value in the place of its parameter", async () => {
    const parameters = { column: "score", comparison: ">", value: "0" };
    expect(await symbolsLeft("table.filter", parameters, { value: number(2.5) })).toEqual(["VCB"]);
    expect(await symbolsLeft("table.filter", { column: "sector", comparison: "=" }, { value: text("Steel") })).toEqual([
      "HPG",
    ]);
  });

  it("names the columns that there are when it gets another", async () => {
    await expect(runNode("table.filter", { column: "price" }, { inputs: { table: BANKS } })).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
      message: 'invalid input table: no column "price" (accepted: symbol, sector, score)',
      details: { port: "table" },
    });
    await expect(runNode("table.filter", { column: "a" }, { inputs: { table: series([1]) } })).rejects.toMatchObject({
      message: "invalid input table: a series (accepted: table)",
    });
  });
});

describe("choosing rows and columns", () => {
  it("table.sort puts empty cells last in both directions and keeps the first rows", async () => {
    expect(await symbolsLeft("table.sort", { column: "score" })).toEqual(["VCB", "TCB", "HPG", "FPT"]);
    expect(await symbolsLeft("table.sort", { column: "score", direction: "ascending" })).toEqual([
      "HPG",
      "TCB",
      "VCB",
      "FPT",
    ]);
    expect(await symbolsLeft("table.sort", { column: "score", limit: 1 })).toEqual(["VCB"]);
  });

  it("table.select keeps and renames", async () => {
    expect(await resultOf("table.select", { columns: "score as weight, symbol" }, { table: BANKS })).toEqual([
      ["weight", "symbol"],
      [3, "VCB"],
      [1, "HPG"],
      [2, "TCB"],
      [null, "FPT"],
    ]);
    await expect(
      runNode("table.select", { columns: "score as a, symbol as a" }, { inputs: { table: BANKS } }),
    ).rejects.toMatchObject({ message: expect.stringContaining("(accepted: names, each once)") });
  });

  it("table.append fills what a table does not have, and keeps the first of equal rows when asked", async () => {
    const tables = [table(["a", "b"], [1, 2]), table(["b", "c"], [2, 3]), table(["a", "b"], [1, 2])];
    expect(await resultOf("table.append", {}, { tables })).toEqual([
      ["a", "b", "c"],
      [1, 2, null],
      [null, 2, 3],
      [1, 2, null],
    ]);
    expect((await resultOf("table.append", { distinct: true }, { tables })).length).toBe(3);
  });
});

describe("table.join", () => {
  const left = table(["symbol", "weight"], ["HPG", 0.5], ["FPT", 0.3], [null, 0.2]);
  const right = table(["symbol", "price", "weight"], ["HPG", 25, 1], ["HPG", 26, 2], [null, 9, 9], ["VNM", 70, 3]);

  it("keeps rows with a match, once for each", async () => {
    expect(await resultOf("table.join", {}, { left, right })).toEqual([
      ["symbol", "weight", "price", "right.weight"],
      ["HPG", 0.5, 25, 1],
      ["HPG", 0.5, 26, 2],
    ]);
  });

  it("left keeps rows without a match, with empty cells", async () => {
    expect((await resultOf("table.join", { kind: "left" }, { left, right })).slice(3)).toEqual([
      ["FPT", 0.3, null, null],
      [null, 0.2, null, null],
    ]);
  });

  it("needs the column in both", async () => {
    await expect(runNode("table.join", { on: "price" }, { inputs: { left, right } })).rejects.toMatchObject({
      message: 'invalid input left: no column "price" (accepted: symbol, weight)',
    });
  });
});

describe("table.aggregate and table.summary", () => {
  it.each([
    [
      "sum",
      [
        ["Banks", 5],
        ["Steel", 1],
        ["Technology", null],
      ],
    ],
    [
      "mean",
      [
        ["Banks", 2.5],
        ["Steel", 1],
        ["Technology", null],
      ],
    ],
    [
      "count",
      [
        ["Banks", 2],
        ["Steel", 1],
        ["Technology", 0],
      ],
    ],
    [
      "lowest",
      [
        ["Banks", 2],
        ["Steel", 1],
        ["Technology", null],
      ],
    ],
    [
      "highest",
      [
        ["Banks", 3],
        ["Steel", 1],
        ["Technology", null],
      ],
    ],
    [
      "median",
      [
        ["Banks", 2.5],
        ["Steel", 1],
        ["Technology", null],
      ],
    ],
    [
      "first",
      [
        ["Banks", 3],
        ["Steel", 1],
        ["Technology", null],
      ],
    ],
    [
      "last",
      [
        ["Banks", 2],
        ["Steel", 1],
        ["Technology", null],
      ],
    ],
  ])("%s by sector", async (name, expected) => {
    const parameters = { by: "sector", column: "score", function: name };
    expect((await resultOf("table.aggregate", parameters, { table: BANKS })).slice(1)).toEqual(expected);
  });

  it("makes one group of all rows when no column is named", async () => {
    expect(await resultOf("table.aggregate", { column: "score" }, { table: BANKS })).toEqual([["score"], [6]]);
  });

  it.each([
    ["rows", "", 4],
    ["count", "score", 3],
    ["sum", "score", 6],
    ["median", "score", 2],
    ["mean", "sector", undefined],
    ["count", "sector", 0],
  ])("table.summary: %s of %s is %s", async (name, column, expected) => {
    const result = await outputsOf("table.summary", { function: name, column }, { inputs: { table: BANKS } });
    expect(result.value).toBe(expected);
  });
});

describe("computing columns", () => {
  it("table.rank gives 1 to the best and equal cells their average", async () => {
    const scores = table(["score"], [5], [9], [5], [null], [1]);
    const ranks = async (direction: string) =>
      (await resultOf("table.rank", { column: "score", direction }, { table: scores })).slice(1).map((row) => row[1]);
    expect(await ranks("descending")).toEqual([2.5, 1, 2.5, null, 4]);
    expect(await ranks("ascending")).toEqual([2.5, 4, 2.5, null, 1]);
  });

  it("table.rank: ranks add up to n (n + 1) / 2, and both directions to n + 1", () => {
    const cells = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 });
    return fc.assert(
      fc.asyncProperty(cells, async (values) => {
        const scores = table(["score"], ...values.map((value) => [value]));
        const ranks = async (direction: string) =>
          (await resultOf("table.rank", { column: "score", direction }, { table: scores }))
            .slice(1)
            .map((row) => row[1] as number);
        const [up, down] = [await ranks("ascending"), await ranks("descending")];
        const n = values.length;
        expect(up.reduce((sum, rank) => sum + rank, 0)).toBeCloseTo((n * (n + 1)) / 2, 9);
        up.forEach((rank, i) => {
          expect(rank + down[i]!).toBe(n + 1);
        });
      }),
    );
  });

  it("table.z-score has mean 0 and sample deviation 1, and is empty without variation", async () => {
    const [, ...rows] = await resultOf("table.z-score", { column: "score" }, { table: BANKS });
    expect(rows.map((row) => row[3])).toEqual([1, -1, 0, null]);
    const flat = table(["score"], [2], [2]);
    expect((await resultOf("table.z-score", { column: "score" }, { table: flat })).slice(1)).toEqual([
      [2, null],
      [2, null],
    ]);
  });

  it("table.formula computes row by row and leaves rows without a value empty", async () => {
    const parameters = { a: "score", b: "size", formula: "a / b", as: "ratio" };
    const sizes = table(["score", "size"], [6, 2], [1, 0], [null, 1]);
    expect(await resultOf("table.formula", parameters, { table: sizes })).toEqual([
      ["score", "size", "ratio"],
      [6, 2, 3],
      [1, 0, null],
      [null, 1, null],
    ]);
  });
});

describe("single cells", () => {
  it("table.lookup finds by key, or takes the first row", async () => {
    const lookup = (parameters: Record<string, JsonValue>) =>
      outputsOf("table.lookup", parameters, { inputs: { table: BANKS } });
    expect(await lookup({ column: "score", keyColumn: "symbol", key: "TCB" })).toEqual({ number: 2 });
    expect(await lookup({ column: "symbol", keyColumn: "score", key: "1" })).toEqual({ text: "HPG" });
    expect(await lookup({ column: "sector" })).toEqual({ text: "Banks" });
    expect(await lookup({ column: "score", keyColumn: "symbol", key: "FPT" })).toEqual({});
    expect(await lookup({ column: "score", keyColumn: "symbol", key: "XXX" })).toEqual({});
  });

  it("table.row names the values at its ports", async () => {
    const inputs = { a: number(1), c: text("x") };
    expect(rowsOf((await outputsOf("table.row", { columns: "rsi, gap, mood" }, { inputs })).table)).toEqual([
      ["rsi", "mood"],
      [1, "x"],
    ]);
    await expect(runNode("table.row", { columns: "rsi" }, { inputs })).rejects.toMatchObject({
      message: "invalid parameter columns: rsi (accepted: a name for c)",
    });
  });
});
