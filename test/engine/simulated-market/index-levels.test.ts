import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexMinuteLevels } from "../../../src/engine/simulated-market/index-levels.js";
import { seededRandom } from "../../../src/engine/statistics/seeded-random.js";

describe("indexMinuteLevels(minute, random)", () => {
  it("are twelve levels in hundredths that aggregate to the candle exactly", () => {
    const values = fc.array(
      fc.integer({ min: 100_000, max: 100_040 }).map((hundredths) => hundredths / 100),
      { minLength: 4, maxLength: 4 },
    );
    fc.assert(
      fc.property(values, fc.integer(), (prices, seed) => {
        const [open, close] = [prices[0]!, prices[1]!];
        const [high, low] = [Math.max(...prices), Math.min(...prices)];
        const levels = indexMinuteLevels({ open, high, low, close }, seededRandom(seed));
        expect(levels).toHaveLength(12);
        expect([levels[0], levels.at(-1)]).toEqual([open, close]);
        expect([Math.max(...levels), Math.min(...levels)]).toEqual([high, low]);
        for (const level of levels) expect(Math.round(level * 100) / 100).toBe(level);
      }),
      { numRuns: 2_000 },
    );
  });
});
