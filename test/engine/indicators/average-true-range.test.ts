import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averageTrueRange, streamingAverageTrueRange } from "../../../src/engine/indicators/average-true-range.js";
import { pricesWithGaps } from "./indicator-laws.js";
import { TALIB_CLOSE, TALIB_HIGH, TALIB_LOW } from "./talib-reference-candles.js";

const TALIB_CANDLES = { high: TALIB_HIGH, low: TALIB_LOW, close: TALIB_CLOSE };

const candles = fc.array(
  fc.record({
    high: fc.double({ min: 50, max: 100, noNaN: true }),
    low: fc.double({ min: 1, max: 50, noNaN: true }),
    close: fc.oneof(
      { weight: 9, arbitrary: fc.double({ min: 1, max: 100, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(NaN) },
    ),
  }),
  { maxLength: 60 },
);

const columnsOf = (rows: readonly { high: number; low: number; close: number }[]) => ({
  high: Float64Array.from(rows, (row) => row.high),
  low: Float64Array.from(rows, (row) => row.low),
  close: Float64Array.from(rows, (row) => row.close),
});

describe("averageTrueRange({ high, low, close }, { window })", () => {
  it.each([
    // TA-Lib, ta_test_func/test_per_hlc.c, normalised ATR (100 · ATR / close) of window 14: row, value.
    [14, 3.9321],
    [15, 3.7576],
    [251, 3.0229],
  ])("equals TA-Lib's regression value at row %i", (row, expected) => {
    const range = averageTrueRange(TALIB_CANDLES, { window: 14 });
    expect(range.findIndex((value) => !Number.isNaN(value))).toBe(14);
    expect(Math.abs((100 * range[row]!) / TALIB_CLOSE[row]! - expected)).toBeLessThan(1e-4);
  });

  it("counts a gap from the previous close into the true range", () => {
    const range = averageTrueRange(
      { high: Float64Array.of(10, 15, 9), low: Float64Array.of(9, 14, 8), close: Float64Array.of(10, 14, 8) },
      { window: 1 },
    );
    expect([...range]).toEqual([NaN, 5, 6]);
  });

  it("streams what the batch form gives", () => {
    fc.assert(
      fc.property(candles, (rows) => {
        const indicator = streamingAverageTrueRange({ window: 3 });
        expect(averageTrueRange(columnsOf(rows), { window: 3 })).toEqual(
          Float64Array.from(rows, (row) => indicator.next(row)),
        );
      }),
    );
  });

  it("does not look ahead", () => {
    fc.assert(
      fc.property(candles, candles, (past, future) => {
        const after = averageTrueRange(columnsOf([...past, ...future]), { window: 3 });
        expect(after.subarray(0, past.length)).toEqual(averageTrueRange(columnsOf(past), { window: 3 }));
      }),
    );
  });

  it("passes over candles without a close", () => {
    fc.assert(
      fc.property(candles, (rows) => {
        const defined = rows.filter((row) => !Number.isNaN(row.close));
        const range = averageTrueRange(columnsOf(rows), { window: 3 });
        expect(range.filter((_, i) => !Number.isNaN(rows[i]!.close))).toEqual(
          averageTrueRange(columnsOf(defined), { window: 3 }),
        );
      }),
    );
  });

  it("is never negative where high is not below low", () => {
    fc.assert(
      fc.property(pricesWithGaps, (prices) => {
        const close = Float64Array.from(prices);
        const range = averageTrueRange({ high: close, low: close, close }, { window: 2 });
        expect(range.every((value) => !(value < 0))).toBe(true);
      }),
    );
  });

  it("refuses an invalid window and columns of unequal length", () => {
    expect(() => averageTrueRange(TALIB_CANDLES, { window: 0 })).toThrow(
      expect.objectContaining({ code: "WINDOW_INVALID" }),
    );
    expect(() => averageTrueRange({ ...TALIB_CANDLES, high: new Float64Array(1) }, { window: 2 })).toThrow(
      expect.objectContaining({ code: "SERIES_MISALIGNED" }),
    );
  });
});
