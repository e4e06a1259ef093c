import { describe, expect, it } from "vitest";
import { rateOfChange, streamingRateOfChange } from "../../../src/engine/indicators/rate-of-change.js";
import {
  expectArgumentsUntouched,
  expectGapsAreAbsentRows,
  expectNoLookAhead,
  expectStreamEqualsBatch,
} from "./indicator-laws.js";
import { TALIB_CLOSE } from "./talib-reference-candles.js";

describe("rateOfChange(values, { window })", () => {
  it.each([
    // TA-Lib, ta_test_func/test_mom.c, ROC of window 14: row, value.
    [14, -0.546],
    [15, -2.109],
    [16, -5.53],
    [20, -4.49],
    [21, -5.5256],
    [251, -1.0367],
  ])("equals TA-Lib's regression value at row %i", (row, expected) => {
    const change = rateOfChange(TALIB_CLOSE, { window: 14 });
    expect(change.findIndex((value) => !Number.isNaN(value))).toBe(14);
    expect(Math.abs(change[row]! - expected)).toBeLessThan(0.01);
  });

  it("is not defined where the earlier value is 0", () => {
    expect([...rateOfChange(Float64Array.of(0, 5, 10), { window: 1 })]).toEqual([NaN, NaN, 100]);
  });

  const indicator = {
    batch: (values: Float64Array) => [rateOfChange(values, { window: 4 })],
    stream: () => streamingRateOfChange({ window: 4 }),
  };
  it("streams what the batch form gives", () => expectStreamEqualsBatch(indicator));
  it("does not look ahead", () => expectNoLookAhead(indicator));
  it("passes over rows without a value", () => expectGapsAreAbsentRows(indicator));
  it("leaves its argument untouched", () => expectArgumentsUntouched(indicator));

  it("refuses a window of 0", () => {
    expect(() => streamingRateOfChange({ window: 0 })).toThrow(expect.objectContaining({ code: "WINDOW_INVALID" }));
  });
});
