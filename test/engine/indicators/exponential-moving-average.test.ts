import { describe, expect, it } from "vitest";
import {
  exponentialMovingAverage,
  streamingExponentialMovingAverage,
  streamingWilderAverage,
} from "../../../src/engine/indicators/exponential-moving-average.js";
import {
  expectArgumentsUntouched,
  expectGapsAreAbsentRows,
  expectNoLookAhead,
  expectStreamEqualsBatch,
} from "./indicator-laws.js";
import { TALIB_CLOSE } from "./talib-reference-candles.js";

describe("exponentialMovingAverage(values, { window })", () => {
  it("equals TA-Lib's Python test: 0, 1, …, 9 over a window of 3 gives 1, 2, …, 8 from the third row", () => {
    // ta-lib-python, tests/test_func.py, test_unstable_period
    const ramp = Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    expect([...exponentialMovingAverage(ramp, { window: 3 })]).toEqual([NaN, NaN, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each([
    // TA-Lib, ta_test_func/test_ma.c: window, index of the first output, offset from it, value to two decimals.
    [1, 0, 0, 91.5],
    [1, 0, 1, 94.81],
    [1, 0, 251, 107.87],
    [2, 1, 0, 93.15],
    [2, 1, 1, 93.96],
    [2, 1, 250, 108.21],
    [10, 9, 0, 93.22],
    [10, 9, 1, 93.75],
    [10, 9, 20, 86.46],
    [10, 9, 242, 108.97],
  ])("equals TA-Lib's regression value: window %i, row %i + %i", (window, firstRow, offset, expected) => {
    const average = exponentialMovingAverage(TALIB_CLOSE, { window });
    expect(average.findIndex((value) => !Number.isNaN(value))).toBe(firstRow);
    expect(Math.abs(average[firstRow + offset]! - expected)).toBeLessThan(0.01);
  });

  const indicator = {
    batch: (values: Float64Array) => [exponentialMovingAverage(values, { window: 4 })],
    stream: () => streamingExponentialMovingAverage({ window: 4 }),
  };
  it("streams what the batch form gives", () => expectStreamEqualsBatch(indicator));
  it("does not look ahead", () => expectNoLookAhead(indicator));
  it("passes over rows without a value", () => expectGapsAreAbsentRows(indicator));
  it("leaves its argument untouched", () => expectArgumentsUntouched(indicator));

  it.each([0, 1.5, NaN])("refuses a window of %d", (window) => {
    expect(() => exponentialMovingAverage(TALIB_CLOSE, { window })).toThrow(
      expect.objectContaining({ code: "WINDOW_INVALID" }),
    );
  });
});

describe("streamingWilderAverage({ window })", () => {
  it("gives the newest value the weight 1 / window", () => {
    const average = streamingWilderAverage({ window: 4 });
    expect([4, 8, 8, 4, 10].map((value) => average.next(value))).toEqual([NaN, NaN, NaN, 6, 7]);
  });
});
