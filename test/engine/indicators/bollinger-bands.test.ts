import { describe, expect, it } from "vitest";
import { bollingerBands, streamingBollingerBands } from "../../../src/engine/indicators/bollinger-bands.js";
import {
  expectArgumentsUntouched,
  expectGapsAreAbsentRows,
  expectNoLookAhead,
  expectStreamEqualsBatch,
} from "./indicator-laws.js";
import { TALIB_CLOSE } from "./talib-reference-candles.js";

describe("bollingerBands(values, { window, deviations })", () => {
  it("equals TA-Lib's regression values for 20 and 2 at the first row", () => {
    // TA-Lib, ta_test_func/test_bbands.c
    const { upper, middle, lower } = bollingerBands(TALIB_CLOSE, { window: 20, deviations: 2 });
    expect(middle.findIndex((value) => !Number.isNaN(value))).toBe(19);
    expect(Math.abs(upper[19]! - 98.0734)).toBeLessThan(1e-4);
    expect(Math.abs(middle[19]! - 92.891)).toBeLessThan(1e-4);
    expect(Math.abs(lower[19]! - 87.7086)).toBeLessThan(1e-4);
  });

  it("uses the population standard deviation: 2, 4, 4, 4, 5, 5, 7, 9 has mean 5 and deviation 2", () => {
    const { upper, middle, lower } = bollingerBands(Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9), {
      window: 8,
      deviations: 1,
    });
    expect([upper[7], middle[7], lower[7]]).toEqual([7, 5, 3]);
  });

  it("closes on the middle when the values do not vary", () => {
    const { upper, lower } = bollingerBands(Float64Array.of(8, 8, 8), { window: 3 });
    expect([upper[2], lower[2]]).toEqual([8, 8]);
  });

  const options = { window: 4, deviations: 1.5 };
  const indicator = {
    batch: (values: Float64Array) => Object.values(bollingerBands(values, options)),
    stream: () => streamingBollingerBands(options),
  };
  it("streams what the batch form gives", () => expectStreamEqualsBatch(indicator));
  it("does not look ahead", () => expectNoLookAhead(indicator));
  it("passes over rows without a value", () => expectGapsAreAbsentRows(indicator));
  it("leaves its argument untouched", () => expectArgumentsUntouched(indicator));

  it.each([1, 0, NaN])("refuses a window of %d", (window) => {
    expect(() => bollingerBands(TALIB_CLOSE, { window })).toThrow(expect.objectContaining({ code: "WINDOW_INVALID" }));
  });
});
