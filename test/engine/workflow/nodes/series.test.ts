import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { relativeStrengthIndex } from "../../../../src/engine/indicators/relative-strength-index.js";
import { TALIB_CLOSE, TALIB_HIGH, TALIB_LOW } from "../../indicators/talib-reference-candles.js";
import { boolean, number, outputsOf, runNode, series, table, text, valuesOf } from "./run-node.js";

const TALIB = series([...TALIB_CLOSE], { symbol: "TALIB", unit: "USD" });

describe("indicator nodes", () => {
  it.each([
    // TA-Lib's regression tests: node, parameters, row, value.
    ["indicator.sma", { window: 30 }, 29, 90.42],
    ["indicator.ema", { window: 10 }, 9, 93.22],
    ["indicator.rsi", { window: 14 }, 14, 49.14],
    ["indicator.rate-of-change", { window: 14 }, 14, -0.55],
  ])("%s of %o gives TA-Lib's value at row %i", async (id, parameters, row, expected) => {
    const { series: result } = await outputsOf(id, parameters, { inputs: { series: TALIB } });
    expect(valuesOf(result)[row]).toBeCloseTo(expected, 1);
    expect(result).toMatchObject({ symbol: "TALIB" });
  });

  it("indicator.rsi is the engine's, with a unit of its own", async () => {
    const { series: result } = await outputsOf("indicator.rsi", { window: 14 }, { inputs: { series: TALIB } });
    expect(valuesOf(result)).toEqual([...relativeStrengthIndex(TALIB_CLOSE, { window: 14 })]);
    expect(result).toMatchObject({ unit: "0 to 100" });
  });

  it("indicator.macd and indicator.bollinger give all their lines", async () => {
    const macd = await outputsOf("indicator.macd", {}, { inputs: { series: TALIB } });
    // TA-Lib, ta_test_func/test_macd.c: the first output, at row 33.
    expect([macd.macd, macd.signal, macd.histogram].map((line) => valuesOf(line)[33])).toEqual([
      expect.closeTo(-1.9738, 2),
      expect.closeTo(-2.7071, 2),
      expect.closeTo(0.7333, 2),
    ]);
    const bands = await outputsOf("indicator.bollinger", { window: 2 }, { inputs: { series: series([1, 3]) } });
    expect([bands.upper, bands.middle, bands.lower].map((line) => valuesOf(line)[1])).toEqual([4, 2, 0]);
  });

  it("indicator.atr needs the three columns of the same candles", async () => {
    const inputs = { high: series([...TALIB_HIGH]), low: series([...TALIB_LOW]), close: series([...TALIB_CLOSE]) };
    const { series: atr } = await outputsOf("indicator.atr", { window: 14 }, { inputs });
    expect((100 * valuesOf(atr)[14]!) / TALIB_CLOSE[14]!).toBeCloseTo(3.9321, 4);
    await expect(runNode("indicator.atr", {}, { inputs: { ...inputs, low: series([1, 2]) } })).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
      message: "invalid input low: 2 rows where the others have 252 (accepted: aligned series)",
    });
  });

  it("refuses what is no series, and a window that cannot be", async () => {
    await expect(runNode("indicator.sma", {}, { inputs: { series: number(1) } })).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
      message: "invalid input series: a number (accepted: series)",
    });
    await expect(runNode("indicator.sma", {}, {})).rejects.toMatchObject({
      message: "invalid input series: no value (accepted: series)",
    });
    await expect(runNode("indicator.sma", { window: 0 }, { inputs: { series: TALIB } })).rejects.toMatchObject({
      code: "WINDOW_INVALID",
    });
    const broken = { ...TALIB.value, timesMs: new Float64Array(1) } as never;
    await expect(
      runNode("indicator.sma", {}, { inputs: { series: { type: "series", value: broken } } }),
    ).rejects.toMatchObject({ message: "invalid input series: 1 times and 252 values (accepted: as many of both)" });
  });
});

describe("series nodes", () => {
  const inputs = (values: readonly number[]) => ({ inputs: { series: series(values) } });

  it("series.returns gives simple and logarithmic returns", async () => {
    const prices = inputs([100, 110, 0, 99]);
    expect(valuesOf((await outputsOf("series.returns", {}, prices)).series)).toEqual([
      NaN,
      expect.closeTo(0.1, 12),
      NaN,
      NaN,
    ]);
    const { series: logarithmic } = await outputsOf("series.returns", { kind: "logarithmic" }, prices);
    expect(valuesOf(logarithmic)[1]).toBeCloseTo(Math.log(1.1), 12);
  });

  it("series.shift moves values to later rows and keeps times", async () => {
    expect(valuesOf((await outputsOf("series.shift", { rows: 2 }, inputs([1, 2, 3, 4]))).series)).toEqual([
      NaN,
      NaN,
      1,
      2,
    ]);
    expect(valuesOf((await outputsOf("series.shift", { rows: 9 }, inputs([1, 2]))).series)).toEqual([NaN, NaN]);
  });

  it.each([
    // Two weeks, from Monday 2024-06-17 to Friday 28, without a weekend; values 1 to 12 on consecutive days.
    ["last", [7, 12]],
    ["first", [1, 8]],
    ["mean", [4, 10]],
    ["sum", [28, 50]],
    ["highest", [7, 12]],
    ["lowest", [1, 8]],
  ])("series.resample takes the %s of each week", async (take, expected) => {
    const twelve = inputs(Array.from({ length: 12 }, (_, i) => i + 1));
    const { series: weekly } = await outputsOf("series.resample", { period: "week", take }, twelve);
    expect(valuesOf(weekly)).toEqual(expected);
  });

  it("series.resample knows months, and a period without a value has none", async () => {
    const values = [...new Array(29).fill(NaN), 5]; // 30 May to 28 June
    const { series: monthly } = await outputsOf("series.resample", { period: "month", take: "mean" }, inputs(values));
    expect(valuesOf(monthly)).toEqual([NaN, 5]);
  });

  it("series.align keeps common times, or the last known value, never one of the same day when told to", async () => {
    const a = series([1, 2, 3, 4]);
    const late = series([10, NaN, 30, 40]).value;
    const b = { type: "series" as const, value: { ...late, timesMs: late.timesMs.slice(), values: late.values } };
    const aligned = async (mode: string) => {
      const result = await outputsOf("series.align", { mode }, { inputs: { a, b } });
      return [valuesOf(result.a), valuesOf(result.b)];
    };
    expect(await aligned("same-time")).toEqual([
      [1, 3, 4],
      [10, 30, 40],
    ]);
    expect(await aligned("last-known")).toEqual([
      [1, 2, 3, 4],
      [10, 10, 30, 40],
    ]);
    expect(await aligned("last-known-before")).toEqual([
      [1, 2, 3, 4],
      [NaN, 10, 10, 30],
    ]);
  });

  it("series.align never shows what came later", () => {
    const values = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 6, maxLength: 6 });
    return fc.assert(
      fc.asyncProperty(values, values, values, async (a, b, later) => {
        const changed = [...b.slice(0, 3), ...later.slice(3)];
        const alignedWith = async (source: readonly number[]) =>
          valuesOf(
            (await outputsOf("series.align", { mode: "last-known" }, { inputs: { a: series(a), b: series(source) } }))
              .b,
          );
        expect((await alignedWith(changed)).slice(0, 3)).toEqual((await alignedWith(b)).slice(0, 3));
      }),
    );
  });

  it("series.formula computes row by row from series and numbers", async () => {
    const run = {
      inputs: { a: series([10, 20, NaN, 5]), b: series([1, 0, 1, 2]), c: number(2) },
      variables: { k: 100 },
    };
    const { series: result } = await outputsOf("series.formula", { formula: "vars.k * a / b / c" }, run);
    expect(valuesOf(result)).toEqual([500, NaN, NaN, 125]);
    await expect(
      runNode("series.formula", { formula: "a + b" }, { inputs: { a: series([1, 2]), b: series([1]) } }),
    ).rejects.toMatchObject({ message: "invalid input b: 1 rows where the others have 2 (accepted: aligned series)" });
    await expect(runNode("series.formula", { formula: "a +" }, run)).rejects.toMatchObject({
      code: "EXPRESSION_FAILED",
    });
  });

  it("series.last takes a row from the end; where it is not defined it is inactive", async () => {
    expect(await outputsOf("series.last", {}, inputs([1, 2]))).toEqual({ value: 2, time: "2024-06-27T17:00:00.000Z" });
    expect(await outputsOf("series.last", { back: 1 }, inputs([1, 2]))).toMatchObject({ value: 1 });
    expect(await outputsOf("series.last", {}, inputs([1, NaN]))).toEqual({});
    expect(await outputsOf("series.last", { back: 5 }, inputs([1]))).toEqual({});
    expect(await outputsOf("series.last", {}, inputs([]))).toEqual({});
  });

  it.each([
    ["mean", 0, 3.25],
    ["mean", 2, 4],
    ["sum", 0, 13],
    ["lowest", 0, 1],
    ["highest", 0, 6],
    ["median", 0, 3],
    ["count", 0, 4],
    ["deviation", 0, Math.sqrt(14.75 / 3)],
  ])("series.statistic: %s of the last %i rows", async (statistic, rows, expected) => {
    const { value } = await outputsOf("series.statistic", { statistic, rows }, inputs([1, 4, NaN, 6, 2]));
    expect(value).toBeCloseTo(expected, 12);
  });

  it("series.correlation is 1 of a line and inactive without variation", async () => {
    const a = series([1, 2, 3, NaN]);
    expect(await outputsOf("series.correlation", {}, { inputs: { a, b: series([2, 4, 6, 1]) } })).toEqual({
      correlation: expect.closeTo(1, 12),
      pairs: 3,
    });
    expect(await outputsOf("series.correlation", {}, { inputs: { a, b: series([5, 5, 5, 5]) } })).toEqual({ pairs: 3 });
  });

  it("series.to-table and table.to-series are inverse", async () => {
    const before = series([1, NaN, 3]);
    const { table: written } = await outputsOf("series.to-table", {}, { inputs: { series: before } });
    const { series: after } = await outputsOf(
      "table.to-series",
      {},
      { inputs: { table: { type: "table", value: written as never } } },
    );
    expect(after).toEqual(before.value);
  });

  it("table.to-series reads dates of Ho Chi Minh City, sorts, and lets the last of equal times count", async () => {
    const rows = table(
      ["time", "value"],
      ["2024-06-28", 2],
      ["2024-06-27", 1],
      ["2024-06-28", 3],
      [null, 9],
      ["2024-06-28T00:00:00Z", 4],
    );
    const { series: result } = await outputsOf("table.to-series", {}, { inputs: { table: rows } });
    expect(valuesOf(result)).toEqual([1, 3, 4]);
    await expect(
      runNode("table.to-series", {}, { inputs: { table: table(["time", "value"], ["June", 1]) } }),
    ).rejects.toMatchObject({ message: expect.stringContaining('invalid input table: time "June" in row 0') });
  });
});

describe("values", () => {
  it("value.formula computes and is inactive where the result is no number", async () => {
    const run = { inputs: { a: number(6), b: number(0) } };
    expect(await outputsOf("value.formula", { formula: "a * 2" }, run)).toEqual({ value: 12 });
    expect(await outputsOf("value.formula", { formula: "a / b" }, run)).toEqual({});
  });

  it("variable.get and variable.set keep the type of a variable", async () => {
    const variables = { level: 3, mode: "calm", isOn: true };
    expect(await outputsOf("variable.get", { variable: "level" }, { variables })).toEqual({ number: 3 });
    expect(await outputsOf("variable.get", { variable: "mode" }, { variables })).toEqual({ text: "calm" });
    expect(await outputsOf("variable.get", { variable: "isOn" }, { variables })).toEqual({ boolean: true });
    const set = await runNode("variable.set", { variable: "level" }, { variables, inputs: { value: number(4) } });
    expect(set.variables).toEqual({ level: 4 });
    await expect(
      runNode("variable.set", { variable: "level" }, { variables, inputs: { value: text("4") } }),
    ).rejects.toMatchObject({
      message: "invalid input value: a string (accepted: a number, as the variable level is)",
    });
    await expect(runNode("variable.get", { variable: "other" }, { variables })).rejects.toMatchObject({
      message: "invalid variable: other (accepted: level, mode, isOn)",
    });
  });

  it("constants are what they are told, and words are found whatever their case", async () => {
    expect(await outputsOf("value.number", { value: 1.5 })).toEqual({ value: 1.5 });
    expect(await outputsOf("value.text", { value: "abc" })).toEqual({ value: "abc" });
    expect(await outputsOf("value.boolean", { value: false })).toEqual({ value: false });
    const inputs = { text: text("HÒA PHÁT báo lãi") };
    expect(await outputsOf("text.contains", { words: "lỗ, Lãi" }, { inputs })).toEqual({ result: true, word: "Lãi" });
    expect(await outputsOf("text.contains", { words: "lỗ" }, { inputs })).toEqual({ result: false });
    await expect(runNode("text.contains", { words: "a" }, { inputs: { text: boolean(true) } })).rejects.toMatchObject({
      message: "invalid input text: a boolean (accepted: text)",
    });
  });
});
