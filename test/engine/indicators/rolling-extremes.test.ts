import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  rollingHighest,
  rollingLowest,
  streamingRollingHighest,
  streamingRollingLowest,
} from "../../../src/engine/indicators/rolling-extremes.js";
import {
  expectArgumentsUntouched,
  expectGapsAreAbsentRows,
  expectNoLookAhead,
  expectStreamEqualsBatch,
} from "./indicator-laws.js";
import { TALIB_CLOSE } from "./talib-reference-candles.js";

// Opens 0 to 17 of TA-Lib's reference candles (src/tools/ta_regtest/test_data.c), which its test_minmax.c is about.
const TALIB_OPEN = Float64Array.of(
  ...[
    92.5, 91.5, 95.155, 93.97, 95.5, 94.5, 95, 91.5, 91.815, 91.125, 93.875, 97.5, 98.815, 92, 91.125, 91.875, 93.405,
  ],
  89.75,
);

describe("rollingHighest and rollingLowest(values, { window })", () => {
  it.each([
    // TA-Lib, ta_test_func/test_minmax.c: function, window, index of the first output, offset from it, value.
    [rollingLowest, 14, 13, 0, 91.125],
    [rollingLowest, 14, 13, 3, 91.125],
    [rollingLowest, 14, 13, 4, 89.75],
    [rollingLowest, 2, 1, 0, 91.5],
    [rollingLowest, 2, 1, 2, 93.97],
    [rollingLowest, 2, 1, 4, 94.5],
    [rollingHighest, 14, 13, 0, 98.815],
    [rollingHighest, 14, 13, 4, 98.815],
    [rollingHighest, 2, 1, 0, 92.5],
    [rollingHighest, 2, 1, 1, 95.155],
    [rollingHighest, 2, 1, 5, 95],
    [rollingHighest, 1, 0, 3, 93.97],
  ])(
    "%o of window %i equals TA-Lib's regression value at row %i + %i",
    (extreme, window, firstRow, offset, expected) => {
      const found = extreme(TALIB_OPEN, { window });
      expect(found.findIndex((value) => !Number.isNaN(value))).toBe(firstRow);
      expect(found[firstRow + offset]).toBe(expected);
    },
  );

  it("are the extremes of every window, whatever its length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (window) => {
        const highest = rollingHighest(TALIB_CLOSE, { window });
        const lowest = rollingLowest(TALIB_CLOSE, { window });
        for (let row = window - 1; row < TALIB_CLOSE.length; row++) {
          const recent = TALIB_CLOSE.subarray(row - window + 1, row + 1);
          expect(highest[row]).toBe(Math.max(...recent));
          expect(lowest[row]).toBe(Math.min(...recent));
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ["highest", rollingHighest, streamingRollingHighest],
    ["lowest", rollingLowest, streamingRollingLowest],
  ])("%s: streams what the batch form gives, does not look ahead, passes over gaps", (_name, batch, stream) => {
    const indicator = {
      batch: (values: Float64Array) => [batch(values, { window: 4 })],
      stream: () => stream({ window: 4 }),
    };
    expectStreamEqualsBatch(indicator);
    expectNoLookAhead(indicator);
    expectGapsAreAbsentRows(indicator);
    expectArgumentsUntouched(indicator);
  });

  it.each([0, 1.5, 100_001])("refuse a window of %d", (window) => {
    for (const refused of [streamingRollingHighest, streamingRollingLowest]) {
      expect(() => refused({ window })).toThrow(expect.objectContaining({ code: "WINDOW_INVALID" }));
    }
  });
});
