import { describe, expect, it } from "vitest";
import { macd, streamingMacd } from "../../../src/engine/indicators/macd.js";
import {
  expectArgumentsUntouched,
  expectGapsAreAbsentRows,
  expectNoLookAhead,
  expectStreamEqualsBatch,
} from "./indicator-laws.js";
import { TALIB_CLOSE } from "./talib-reference-candles.js";

describe("macd(values, { fastWindow, slowWindow, signalWindow })", () => {
  it("equals TA-Lib's regression values for 12, 26 and 9, which begin at row 33", () => {
    // TA-Lib, ta_test_func/test_macd.c
    const columns = macd(TALIB_CLOSE);
    expect(Math.abs(columns.macd[33]! - -1.9738)).toBeLessThan(1e-4);
    expect(Math.abs(columns.signal[33]! - -2.7071)).toBeLessThan(1e-4);
    expect(Math.abs(columns.histogram[33]! - (-1.9738 + 2.7071))).toBeLessThan(2e-4);
  });

  it("defines all three columns from the same row on", () => {
    for (const column of Object.values(macd(TALIB_CLOSE))) {
      expect(column.findIndex((value: number) => !Number.isNaN(value))).toBe(33);
    }
  });

  it("settles on the constant slope of a ramp: half the difference of the windows", () => {
    const ramp = Float64Array.from({ length: 60 }, (_, i) => i);
    const columns = macd(ramp, { fastWindow: 3, slowWindow: 7, signalWindow: 4 });
    expect(columns.macd.at(-1)).toBeCloseTo(2, 10);
    expect(columns.histogram.at(-1)).toBeCloseTo(0, 10);
  });

  const windows = { fastWindow: 2, slowWindow: 5, signalWindow: 3 };
  const indicator = {
    batch: (values: Float64Array) => Object.values(macd(values, windows)),
    stream: () => streamingMacd(windows),
  };
  it("streams what the batch form gives", () => expectStreamEqualsBatch(indicator));
  it("does not look ahead", () => expectNoLookAhead(indicator));
  it("passes over rows without a value", () => expectGapsAreAbsentRows(indicator));
  it("leaves its argument untouched", () => expectArgumentsUntouched(indicator));

  it.each([
    [{ fastWindow: 26, slowWindow: 12 }, "invalid slowWindow: 12"],
    [{ fastWindow: 12, slowWindow: 12 }, "invalid slowWindow: 12"],
    [{ fastWindow: 0 }, "invalid fastWindow: 0"],
    [{ signalWindow: 1.5 }, "invalid signalWindow: 1.5"],
  ])("refuses %o", (invalid, message) => {
    expect(() => macd(TALIB_CLOSE, invalid)).toThrow(
      expect.objectContaining({ code: "WINDOW_INVALID", message: expect.stringContaining(message) }),
    );
  });
});
