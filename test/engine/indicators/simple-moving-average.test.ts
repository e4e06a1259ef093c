import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  simpleMovingAverage,
  streamingSimpleMovingAverage,
} from "../../../src/engine/indicators/simple-moving-average.js";
import {
  expectArgumentsUntouched,
  expectGapsAreAbsentRows,
  expectNoLookAhead,
  expectStreamEqualsBatch,
} from "./indicator-laws.js";
import { TALIB_CLOSE } from "./talib-reference-candles.js";

describe("simpleMovingAverage(values, { window })", () => {
  it.each([
    // TA-Lib, ta_test_func/test_ma.c: window, index of the first output, offset from it, value to two decimals.
    [1, 0, 0, 91.5],
    [2, 1, 0, 93.15],
    [2, 1, 1, 94.59],
    [2, 1, 2, 94.73],
    [2, 1, 250, 108.31],
    [30, 29, 0, 90.42],
    [30, 29, 1, 90.21],
    [30, 29, 2, 89.96],
    [30, 29, 29, 87.12],
    [30, 29, 221, 107.95],
    [30, 29, 222, 108.42],
  ])("equals TA-Lib's regression value: window %i, row %i + %i", (window, firstRow, offset, expected) => {
    const average = simpleMovingAverage(TALIB_CLOSE, { window });
    expect(average.findIndex((value) => !Number.isNaN(value))).toBe(firstRow);
    expect(Math.abs(average[firstRow + offset]! - expected)).toBeLessThan(0.01);
  });

  it("is the mean of the last values of a short series", () => {
    expect([...simpleMovingAverage(Float64Array.of(1, 2, 6, 3), { window: 3 })]).toEqual([NaN, NaN, 3, 11 / 3]);
  });

  it("is NaN throughout when the series is shorter than the window", () => {
    expect([...simpleMovingAverage(Float64Array.of(1, 2), { window: 3 })]).toEqual([NaN, NaN]);
  });

  it("keeps no trace of a huge value that has left the window", () => {
    const average = simpleMovingAverage(Float64Array.of(1e17, 1, 2, 3, 4), { window: 2 });
    expect([...average.subarray(2)]).toEqual([1.5, 2.5, 3.5]);
  });

  it("lies between the smallest and the largest value of its window", () => {
    const price = fc.double({ min: 0.01, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(price, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (prices, window) => {
          simpleMovingAverage(Float64Array.from(prices), { window }).forEach((average, i) => {
            if (i < window - 1) {
              expect(average).toBeNaN();
              return;
            }
            const recent = prices.slice(i - window + 1, i + 1);
            expect(average).toBeGreaterThanOrEqual(Math.min(...recent) * (1 - 1e-12));
            expect(average).toBeLessThanOrEqual(Math.max(...recent) * (1 + 1e-12));
          });
        },
      ),
    );
  });

  const indicator = {
    batch: (values: Float64Array) => [simpleMovingAverage(values, { window: 4 })],
    stream: () => streamingSimpleMovingAverage({ window: 4 }),
  };
  it("streams what the batch form gives", () => expectStreamEqualsBatch(indicator));
  it("does not look ahead", () => expectNoLookAhead(indicator));
  it("passes over rows without a value", () => expectGapsAreAbsentRows(indicator));
  it("leaves its argument untouched", () => expectArgumentsUntouched(indicator));

  it.each([0, -1, 2.5, NaN, Infinity, 100_001])("refuses a window of %d", (window) => {
    expect(() => streamingSimpleMovingAverage({ window })).toThrow(
      expect.objectContaining({
        code: "WINDOW_INVALID",
        message: expect.stringContaining(`invalid window: ${window} `),
      }),
    );
  });
});
