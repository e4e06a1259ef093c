import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  relativeStrengthIndex,
  streamingRelativeStrengthIndex,
} from "../../../src/engine/indicators/relative-strength-index.js";
import {
  expectArgumentsUntouched,
  expectGapsAreAbsentRows,
  expectNoLookAhead,
  expectStreamEqualsBatch,
  pricesWithGaps,
} from "./indicator-laws.js";
import { TALIB_CLOSE } from "./talib-reference-candles.js";

describe("relativeStrengthIndex(values, { window })", () => {
  it.each([
    // TA-Lib, ta_test_func/test_rsi.c, window 14: row, value to two decimals.
    [14, 49.14],
    [15, 52.32],
    [16, 46.07],
    [251, 49.63],
  ])("equals TA-Lib's regression value at row %i", (row, expected) => {
    const index = relativeStrengthIndex(TALIB_CLOSE, { window: 14 });
    expect(index.findIndex((value) => !Number.isNaN(value))).toBe(14);
    expect(Math.abs(index[row]! - expected)).toBeLessThan(0.01);
  });

  it.each([1, 100_000])("equals TA-Lib's Python test of tiny prices, scaled by %i", (scale) => {
    // ta-lib-python, tests/test_func.py, test_RSI: prices in units of 1e-8
    const prices = [24, 24, 24, 24, 24, 23, 24, 24, 24, 24, 23, 24, 23, 24, 23, 24, 24, 23, 23, 23];
    const expected = [
      33.333333333333329, 51.351351351351347, 39.491916859122398, 51.84807024709005, 42.25953803191981,
      52.101824405061215, 52.101824405061215, 43.043664867691085, 43.043664867691085, 43.043664867691085,
    ];
    const index = relativeStrengthIndex(
      Float64Array.from(prices, (price) => price * 1e-8 * scale),
      { window: 10 },
    );
    expect([...index.subarray(0, 10)].every(Number.isNaN)).toBe(true);
    expected.forEach((value, i) => {
      expect(index[10 + i]).toBeCloseTo(value, 6);
    });
  });

  it("is 100 when nothing falls, 0 when nothing rises and NaN while nothing moves", () => {
    const rsi = (...values: number[]) => relativeStrengthIndex(Float64Array.from(values), { window: 2 }).at(-1);
    expect(rsi(1, 2, 3)).toBe(100);
    expect(rsi(3, 2, 1)).toBe(0);
    expect(rsi(2, 2, 2)).toBeNaN();
  });

  it("stays within 0 and 100", () => {
    fc.assert(
      fc.property(pricesWithGaps, (prices) => {
        for (const index of relativeStrengthIndex(Float64Array.from(prices), { window: 3 })) {
          if (!Number.isNaN(index)) expect(index >= 0 && index <= 100).toBe(true);
        }
      }),
    );
  });

  const indicator = {
    batch: (values: Float64Array) => [relativeStrengthIndex(values, { window: 4 })],
    stream: () => streamingRelativeStrengthIndex({ window: 4 }),
  };
  it("streams what the batch form gives", () => expectStreamEqualsBatch(indicator));
  it("does not look ahead", () => expectNoLookAhead(indicator));
  it("passes over rows without a value", () => expectGapsAreAbsentRows(indicator));
  it("leaves its argument untouched", () => expectArgumentsUntouched(indicator));

  it.each([1, 0, 14.5])("refuses a window of %d", (window) => {
    expect(() => relativeStrengthIndex(TALIB_CLOSE, { window })).toThrow(
      expect.objectContaining({ code: "WINDOW_INVALID" }),
    );
  });
});
