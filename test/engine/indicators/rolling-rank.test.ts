import { describe, expect, it } from "vitest";
import { rollingRank, streamingRollingRank } from "../../../src/engine/indicators/rolling-rank.js";
import { averageRanks } from "../../../src/engine/statistics/ranks.js";
import {
  expectArgumentsUntouched,
  expectGapsAreAbsentRows,
  expectNoLookAhead,
  expectStreamEqualsBatch,
} from "./indicator-laws.js";
import { TALIB_CLOSE } from "./talib-reference-candles.js";

describe("rollingRank(values, { window })", () => {
  it.each([
    ["the lowest", [3, 2, 1], 0],
    ["the highest", [1, 2, 3], 1],
    ["the middle", [1, 3, 2], 0.5],
    ["one of two equal highest", [1, 3, 3], 0.75],
    ["one of three equal ones", [2, 2, 2], 0.5],
  ])("places %s of three", (_which, values, expected) => {
    expect(rollingRank(Float64Array.from(values), { window: 3 })[2]).toBe(expected);
  });

  it("is the average rank within the window, brought onto 0 to 1", () => {
    const rank = rollingRank(TALIB_CLOSE, { window: 20 });
    for (let row = 19; row < TALIB_CLOSE.length; row++) {
      const ranks = averageRanks(TALIB_CLOSE.subarray(row - 19, row + 1));
      expect(rank[row]).toBe((ranks[19]! - 1) / 19);
    }
  });

  const indicator = {
    batch: (values: Float64Array) => [rollingRank(values, { window: 4 })],
    stream: () => streamingRollingRank({ window: 4 }),
  };
  it("streams what the batch form gives", () => expectStreamEqualsBatch(indicator));
  it("does not look ahead", () => expectNoLookAhead(indicator));
  it("passes over rows without a value", () => expectGapsAreAbsentRows(indicator));
  it("leaves its argument untouched", () => expectArgumentsUntouched(indicator));

  it("refuses a window of 1", () => {
    expect(() => streamingRollingRank({ window: 1 })).toThrow(expect.objectContaining({ code: "WINDOW_INVALID" }));
  });
});
