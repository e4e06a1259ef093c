import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  rollingDeviation,
  rollingZScore,
  streamingRollingDeviation,
  streamingRollingZScore,
} from "../../../src/engine/indicators/rolling-deviation.js";
import {
  expectArgumentsUntouched,
  expectGapsAreAbsentRows,
  expectNoLookAhead,
  expectStreamEqualsBatch,
  pricesWithGaps,
} from "./indicator-laws.js";
import { TALIB_CLOSE } from "./talib-reference-candles.js";

describe("rollingDeviation(values, { window })", () => {
  it.each([
    // TA-Lib, ta_test_func/test_stddev.c, window 5, with the divisor 5: row, value.
    [4, 1.2856],
    [5, 0.4462],
    [251, 0.7144],
  ])("is TA-Lib's regression value at row %i times √(5/4)", (row, expected) => {
    const deviation = rollingDeviation(TALIB_CLOSE, { window: 5 });
    expect(deviation.findIndex((value) => !Number.isNaN(value))).toBe(4);
    expect(deviation[row]! / Math.sqrt(5 / 4)).toBeCloseTo(expected, 4);
  });

  it("equals NIST's certified value of NumAcc1, whose mean is ten million times its deviation", () => {
    // https://www.itl.nist.gov/div898/strd/univ/numacc1.html
    expect(rollingDeviation(Float64Array.of(1e7 + 1, 1e7 + 3, 1e7 + 2), { window: 3 })[2]).toBe(1);
  });

  it("is 0 where the values do not vary", () => {
    expect([...rollingDeviation(Float64Array.of(0.1, 0.1, 0.1), { window: 3 })]).toEqual([NaN, NaN, 0]);
  });
});

describe("rollingZScore(values, { window })", () => {
  it("is the distance from the mean in sample deviations", () => {
    expect([...rollingZScore(Float64Array.of(2, 4, 6), { window: 3 })]).toEqual([NaN, NaN, 1]);
  });

  it("is not defined where the values do not vary", () => {
    expect(rollingZScore(Float64Array.of(7, 7, 7), { window: 3 })[2]).toBeNaN();
  });

  it("is at most (n − 1) / √n in size (Shiffler, Maximum Z Scores and Outliers, 1988)", () => {
    const most = 3 / Math.sqrt(4) + 1e-9;
    fc.assert(
      fc.property(pricesWithGaps, (prices) => {
        const scores = rollingZScore(Float64Array.from(prices), { window: 4 });
        expect(scores.every((score) => Number.isNaN(score) || Math.abs(score) <= most)).toBe(true);
      }),
    );
  });
});

describe.each([
  ["rollingDeviation", rollingDeviation, streamingRollingDeviation],
  ["rollingZScore", rollingZScore, streamingRollingZScore],
])("%s", (_name, batch, stream) => {
  const indicator = {
    batch: (values: Float64Array) => [batch(values, { window: 4 })],
    stream: () => stream({ window: 4 }),
  };
  it("streams what the batch form gives", () => expectStreamEqualsBatch(indicator));
  it("does not look ahead", () => expectNoLookAhead(indicator));
  it("passes over rows without a value", () => expectGapsAreAbsentRows(indicator));
  it("leaves its argument untouched", () => expectArgumentsUntouched(indicator));

  it("refuses a window of 1", () => {
    expect(() => stream({ window: 1 })).toThrow(expect.objectContaining({ code: "WINDOW_INVALID" }));
  });
});
