import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bookAround } from "../../../src/engine/simulated-market/book-tops.js";
import { hosePriceLimits, roundToHoseStep } from "../../../src/engine/simulated-market/hose-prices.js";
import { seededRandom } from "../../../src/engine/statistics/seeded-random.js";

describe("bookAround(price, limits, random)", () => {
  const limits = hosePriceLimits(20_000);

  it("has the price on one side and neighbouring steps on both", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { bids, asks } = bookAround(20_000, limits, seededRandom(seed));
        const isBid = bids[0]!.price === 20_000;
        expect(bids.map(({ price }) => price)).toEqual(isBid ? [20_000, 19_950, 19_900] : [19_950, 19_900, 19_850]);
        expect(asks.map(({ price }) => price)).toEqual(isBid ? [20_050, 20_100, 20_150] : [20_000, 20_050, 20_100]);
        for (const { quantity } of [...bids, ...asks]) expect(quantity > 0 && quantity % 100 === 0).toBe(true);
      }),
    );
  });

  it("has no levels beyond the limits of the day, on the steps of HOSE everywhere", () => {
    const prices = fc.integer({ min: limits.floor, max: limits.ceiling }).map(roundToHoseStep);
    fc.assert(
      fc.property(fc.oneof(prices, fc.constantFrom(limits.floor, limits.ceiling)), fc.integer(), (price, seed) => {
        const { bids, asks } = bookAround(price, limits, seededRandom(seed));
        for (const level of [...bids, ...asks]) {
          expect(level.price >= limits.floor && level.price <= limits.ceiling).toBe(true);
          expect(roundToHoseStep(level.price)).toBe(level.price);
        }
      }),
    );
  });
});
