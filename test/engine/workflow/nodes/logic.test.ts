import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochMs, MS_PER_MINUTE } from "../../../../src/engine/units/epoch-ms.js";
import { tradingDate, tradingDateToEpochMs } from "../../../../src/engine/units/trading-date.js";
import type { JsonValue } from "../../../../src/engine/workflow/json-value.js";
import { AS_OF_MS, boolean, number, outputsOf, runNode, series, signal, text } from "./run-node.js";

const isActive = (value: unknown) => (value as { readonly isActive: boolean } | undefined)?.isActive;

describe("logic.cross-over and logic.cross-under", () => {
  it.each([
    ["from below to above", [1, 3], [2, 2], "over"],
    ["from above to below", [3, 1], [2, 2], "under"],
    ["above all along", [3, 3], [2, 2], "none"],
    ["touching from below", [1, 2], [2, 2], "none"],
    ["leaving the line upwards, after coming from below", [1, 2, 2, 3], [2, 2, 2, 2], "over"],
    ["leaving the line back down", [1, 2, 1], [2, 2, 2], "none"],
    ["touching from above and going on", [3, 2, 1], [2, 2, 2], "under"],
    ["starting on the line", [2, 3], [2, 2], "none"],
    ["its first defined row", [NaN, 3], [2, 2], "none"],
    ["over a gap", [1, NaN, 3], [2, 2, 2], "over"],
    ["during the warm-up of the other", [1, 3, 3], [NaN, NaN, 2], "none"],
    ["not defined on the last row", [1, NaN], [2, 2], "none"],
    ["yesterday", [1, 3, 3], [2, 2, 2], "none"],
    ["nothing at all", [], [], "none"],
  ])("%s: %o against %o is %s", async (_what, a, b, expected) => {
    const inputs = { a: series(a), b: series(b) };
    const over = await outputsOf("logic.cross-over", {}, { inputs });
    const under = await outputsOf("logic.cross-under", {}, { inputs });
    expect([isActive(over.signal), isActive(under.signal)]).toEqual([expected === "over", expected === "under"]);
  });

  it("crosses a number that is connected, else the level, and says of which symbol and side", async () => {
    const a = series([1, 3], { symbol: "HPG" });
    expect((await outputsOf("logic.cross-over", { level: 2 }, { inputs: { a } })).signal).toEqual({
      isActive: true,
      side: "buy",
      symbol: "HPG",
      reason: "HPG crossed over",
    });
    const connected = { inputs: { a, b: number(5) } };
    expect(isActive((await outputsOf("logic.cross-over", { level: 2 }, connected)).signal)).toBe(false);
  });

  it("compares no series that end at different times: the cross may be an old one", async () => {
    const a = series([1, 3, 3]);
    const shorter = series([1, 3]);
    const old = { ...shorter.value, timesMs: shorter.value.timesMs.map((timeMs) => timeMs - 86_400_000) };
    const result = await outputsOf("logic.cross-over", {}, { inputs: { a, b: { type: "series", value: old } } });
    expect(result.signal).toMatchObject({ isActive: false, reason: "the series end at different times" });
  });

  it("never both at once, and swapping the two swaps the crosses", () => {
    const values = fc.array(fc.constantFrom(NaN, 1, 2, 3), { minLength: 4, maxLength: 4 });
    return fc.assert(
      fc.asyncProperty(values, values, async (a, b) => {
        const ab = { inputs: { a: series(a), b: series(b) } };
        const ba = { inputs: { a: series(b), b: series(a) } };
        const over = isActive((await outputsOf("logic.cross-over", {}, ab)).signal);
        const under = isActive((await outputsOf("logic.cross-under", {}, ab)).signal);
        expect(over && under).toBe(false);
        expect(isActive((await outputsOf("logic.cross-under", {}, ba)).signal)).toBe(over);
      }),
    );
  });
});

describe("comparisons", () => {
  it.each([
    [">", 2, 1, true],
    [">", 1, 1, false],
    [">=", 0.1 + 0.2, 0.3, true],
    [">", 0.1 + 0.2, 0.3, false],
    ["=", 0.1 + 0.2, 0.3, true],
    ["!=", 0.1 + 0.2, 0.3, false],
    ["<", 1, 2, true],
    ["<=", 2, 2, true],
    ["!=", NaN, 1, false],
    ["=", NaN, NaN, false],
  ])("logic.compare %s of %d and %d is %s", async (comparison, a, b, expected) => {
    const result = await outputsOf("logic.compare", { comparison }, { inputs: { a: number(a), b: number(b) } });
    expect(result).toEqual({ result: expected });
  });

  it.each([
    [5, 0, 10, true],
    [0, 0, 10, true],
    [10, 0, 10, true],
    [11, 0, 10, false],
    [5, 10, 0, false],
    [NaN, 0, 10, false],
  ])("logic.between: %d in %d to %d is %s", async (value, low, high, expected) => {
    const result = await outputsOf("logic.between", { low, high }, { inputs: { value: number(value) } });
    expect(result).toEqual({ result: expected });
  });

  it("logic.condition decides by a formula, with variables and the item of a loop", async () => {
    const condition = 'a > vars.limit and item == "HPG"';
    const run = { inputs: { a: number(3) }, variables: { limit: 2 }, item: "HPG" };
    expect(await outputsOf("logic.condition", { condition }, run)).toEqual({ result: true });
    expect(await outputsOf("logic.condition", { condition }, { ...run, item: "FPT" })).toEqual({ result: false });
    await expect(runNode("logic.condition", { condition: "b > 1" }, run)).rejects.toMatchObject({
      code: "EXPRESSION_FAILED",
    });
  });
});

describe("branches", () => {
  it.each([
    ["logic.and", [true, true], 0, true],
    ["logic.and", [true, false], 0, false],
    ["logic.and", [true], 1, false],
    ["logic.and", [], 2, false],
    ["logic.or", [false, true], 0, true],
    ["logic.or", [false, false], 0, false],
    ["logic.or", [true], 1, true],
    ["logic.or", [], 2, false],
  ])("%s of %o with %i pruned is %s", async (id, values, missing, expected) => {
    const inputs = values.length > 0 ? { conditions: values.map(boolean) } : {};
    const result = await outputsOf(id, {}, { inputs, pruned: { conditions: missing } });
    expect(result).toEqual({ result: expected });
  });

  it("logic.not turns signals around, too", async () => {
    expect(await outputsOf("logic.not", {}, { inputs: { condition: boolean(false) } })).toEqual({ result: true });
    expect(await outputsOf("logic.not", {}, { inputs: { condition: signal() } })).toEqual({ result: false });
  });

  it("logic.if activates one of two outputs", async () => {
    const outputsWhen = async (value: boolean) =>
      Object.keys(await outputsOf("logic.if", {}, { inputs: { condition: boolean(value) } }));
    expect([await outputsWhen(true), await outputsWhen(false)]).toEqual([["whenTrue"], ["whenFalse"]]);
  });

  it.each([
    [text("Buy"), "case2"],
    [text("hold"), "other"],
    [number(3), "case3"],
    [number(4), "other"],
  ])("logic.switch of %o activates %s alone", async (value, expected) => {
    const result = await outputsOf("logic.switch", { cases: "sell, buy, 3" }, { inputs: { value } });
    expect(Object.keys(result)).toEqual([expected]);
  });

  it("logic.signal says what to do and cuts the strength to 0 to 1", async () => {
    const inputs = { condition: boolean(true), strength: number(1.7) };
    const parameters = { side: "sell", symbol: "HPG" };
    expect((await outputsOf("logic.signal", parameters, { inputs })).signal).toEqual({
      isActive: true,
      side: "sell",
      symbol: "HPG",
      strength: 1,
      reason: "true",
    });
  });

  it("logic.merge lets the first active branch pass, and none when all are inactive", async () => {
    const signals = [signal({ isActive: false }), signal({ symbol: "FPT" }), signal({ symbol: "HPG" })];
    expect((await outputsOf("logic.merge", {}, { inputs: { signals } })).passed).toMatchObject({ symbol: "FPT" });
    expect(await outputsOf("logic.merge", {}, { inputs: {}, pruned: { signals: 3 } })).toEqual({});
  });

  it("value.first takes the first number that came", async () => {
    const values = [number(NaN), number(7), number(8)];
    expect(await outputsOf("value.first", {}, { inputs: { values } })).toEqual({ value: 7 });
    expect(await outputsOf("value.first", {}, {})).toEqual({});
  });
});

describe("gates that remember", () => {
  /** Which runs a gate lets pass, from what came in each: undefined for a signal that was pruned. */
  async function passesOf(
    id: string,
    parameters: Readonly<Record<string, JsonValue>>,
    arrivals: readonly (boolean | undefined)[],
    minutesApart = 60,
  ): Promise<number[]> {
    let nodeState: JsonValue | undefined;
    const passed: number[] = [];
    for (const [run, arrival] of arrivals.entries()) {
      const result = await runNode(id, parameters, {
        inputs: arrival === undefined ? {} : { signal: boolean(arrival) },
        asOfMs: epochMs(AS_OF_MS + run * minutesApart * MS_PER_MINUTE),
        ...(nodeState === undefined ? {} : { nodeState }),
      });
      nodeState = JSON.parse(JSON.stringify(result.nodeState ?? nodeState ?? null));
      if (result.outputs.passed) passed.push(run);
    }
    return passed;
  }

  const YES = true;
  const NO = false;

  it("logic.debounce passes on the run on which the streak is long enough, once", async () => {
    const arrivals = [YES, NO, YES, YES, YES, YES, NO, YES, undefined, YES, YES];
    expect(await passesOf("logic.debounce", { runs: 2 }, arrivals)).toEqual([3, 10]);
    expect(await passesOf("logic.debounce", { runs: 2, once: false }, arrivals)).toEqual([3, 4, 5, 10]);
    expect(await passesOf("logic.debounce", { runs: 1 }, [YES, YES, NO, YES])).toEqual([0, 3]);
  });

  it("logic.delay lets pass what came so many runs before", async () => {
    const arrivals = [YES, NO, undefined, YES, NO, NO, NO];
    expect(await passesOf("logic.delay", { runs: 1 }, arrivals)).toEqual([1, 4]);
    expect(await passesOf("logic.delay", { runs: 3 }, arrivals)).toEqual([3, 6]);
  });

  it("logic.rate-gate lets pass so many within a while", async () => {
    const always = new Array(6).fill(YES);
    expect(await passesOf("logic.rate-gate", { passes: 1, minutes: 180 }, always)).toEqual([0, 3]);
    expect(await passesOf("logic.rate-gate", { passes: 2, minutes: 180 }, always)).toEqual([0, 1, 3, 4]);
    expect(await passesOf("logic.rate-gate", { passes: 1, minutes: 180 }, [NO, YES, YES])).toEqual([1]);
  });
});

describe("gates that ask the calendar", () => {
  const open = { marketData: { phase: async () => "lunch" } } as never;

  it("logic.market-hours is open in the phases named", async () => {
    const during = async (phases: string) =>
      Object.keys(await outputsOf("logic.market-hours", { phases }, { services: open }));
    expect(await during("continuous, lunch")).toEqual(["open", "phase"]);
    expect(await during("continuous")).toEqual(["closed", "phase"]);
    await expect(runNode("logic.market-hours", { phases: "noon" }, { services: open })).rejects.toMatchObject({
      message: expect.stringContaining("invalid parameter phases: noon (accepted: pre-open, ato"),
    });
  });

  it.each([
    ["any", "2024-06-28", true],
    ["any", "2024-06-29", false],
    ["any", "2024-02-12", false], // the lunar new year
    ["first-of-month", "2024-05-02", true], // 30 April and 1 May are holidays
    ["first-of-month", "2024-05-03", false],
    ["last-of-month", "2024-04-26", true],
    ["last-of-month", "2024-06-28", true],
    ["first-of-week", "2024-06-24", true],
    ["first-of-week", "2024-06-25", false],
    ["last-of-week", "2024-06-28", true],
    ["last-of-week", "2024-06-27", false],
  ])("logic.trading-day %s on %s is %s", async (day, date, expected) => {
    const asOfMs = epochMs(tradingDateToEpochMs(tradingDate(date)) + 600 * MS_PER_MINUTE);
    expect(await outputsOf("logic.trading-day", { day }, { asOfMs })).toEqual({ result: expected, date });
  });
});
