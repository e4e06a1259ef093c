import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averageRanks } from "../../../src/engine/statistics/ranks.js";

describe("averageRanks(values)", () => {
  it("gives equal values the average of their ranks", () => {
    // scipy.stats.rankdata([0, 2, 3, 2])
    expect([...averageRanks([0, 2, 3, 2])]).toEqual([1, 2.5, 4, 2.5]);
  });

  it("treats 0 and −0 as equal and ranks infinities at the ends", () => {
    expect([...averageRanks([0, -0, Infinity, -Infinity])]).toEqual([2.5, 2.5, 4, 1]);
  });

  it("gives NaN the rank NaN and no place among the others", () => {
    expect([...averageRanks([30, NaN, 10])]).toEqual([2, NaN, 1]);
  });

  it("sums to n(n + 1)/2 and keeps the order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (values) => {
        const ranks = averageRanks(values);
        const n = values.length;
        expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBe((n * (n + 1)) / 2);
        for (let i = 1; i < n; i++) {
          expect(Math.sign(ranks[i]! - ranks[i - 1]!)).toBe(Math.sign(values[i]! - values[i - 1]!));
        }
      }),
    );
  });
});
