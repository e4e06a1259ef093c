import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawdown, maxDrawdown } from "../../../src/engine/market-data/drawdown.js";

const prices = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

describe("drawdown(prices)", () => {
  it("measures from the highest price so far", () => {
    expect([...drawdown(Float64Array.of(80, 100, 75, 110, 55))]).toEqual([0, 0, -0.25, 0, -0.5]);
  });

  it("is NaN without a price and before the first positive one", () => {
    expect([...drawdown(Float64Array.of(NaN, 0, 100, NaN, 50))]).toEqual([NaN, NaN, 0, NaN, -0.5]);
  });

  it("is at most 0 and never looks ahead", () => {
    fc.assert(
      fc.property(prices, prices, (past, future) => {
        const depths = drawdown(Float64Array.from(past));
        expect(depths.every((depth) => depth <= 0)).toBe(true);
        expect(drawdown(Float64Array.from([...past, ...future])).subarray(0, past.length)).toEqual(depths);
      }),
    );
  });
});

describe("maxDrawdown(prices)", () => {
  it("finds the high, the low and the recovery of the deepest fall", () => {
    expect(maxDrawdown(Float64Array.of(90, 100, 80, 101, 50, 60, 101, 120))).toEqual({
      depth: 50 / 101 - 1,
      peakIndex: 3,
      troughIndex: 4,
      recoveryIndex: 6,
    });
  });

  it("has no recovery while the price stays below the high", () => {
    expect(maxDrawdown(Float64Array.of(100, 50, 99))).toMatchObject({ depth: -0.5, recoveryIndex: undefined });
  });

  it("is 0 at the first row when prices never fall, and undefined without a price", () => {
    expect(maxDrawdown(Float64Array.of(1, 1, 2))).toEqual({ depth: 0, peakIndex: 0, troughIndex: 0, recoveryIndex: 0 });
    expect(maxDrawdown(Float64Array.of(NaN, NaN))).toBeUndefined();
  });

  it("is the smallest of all falls from an earlier price to a later one", () => {
    fc.assert(
      fc.property(prices, (path) => {
        let deepest = 0;
        path.forEach((high, i) => {
          for (const low of path.slice(i + 1)) deepest = Math.min(deepest, low / high - 1);
        });
        const { depth, peakIndex, troughIndex } = maxDrawdown(Float64Array.from(path))!;
        expect(depth).toBe(deepest);
        expect(path[troughIndex]! / path[peakIndex]! - 1).toBe(depth);
        expect(peakIndex).toBeLessThanOrEqual(troughIndex);
      }),
    );
  });
});
