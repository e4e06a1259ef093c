import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextHosePrice, roundToHoseStep } from "../../../src/engine/simulated-market/hose-prices.js";
import { type MinuteOfShare, minuteTrades } from "../../../src/engine/simulated-market/minute-trades.js";
import { seededRandom } from "../../../src/engine/statistics/seeded-random.js";

/** Candles on the price steps around 10,000, 50,000 and in between, of 0 to 300 lots. */
const candles: fc.Arbitrary<MinuteOfShare> = fc
  .record({
    prices: fc.oneof(
      ...[
        [9_900, 10_200],
        [20_000, 20_400],
        [49_800, 50_400],
      ].map(([least, most]) =>
        fc.array(fc.integer({ min: least!, max: most! }).map(roundToHoseStep), { minLength: 4, maxLength: 4 }),
      ),
    ),
    lots: fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.integer({ min: 4, max: 300 })),
    trades: fc.double({ min: 0, max: 60, noNaN: true }),
    auction: fc.constantFrom("none" as const, "opens" as const),
  })
  .map(({ prices, lots, trades, auction }) => ({
    open: prices[0]!,
    close: prices[1]!,
    high: Math.max(...prices),
    low: Math.min(...prices),
    volume: 100 * lots,
    trades,
    auction,
  }));

describe("minuteTrades(minute, random)", () => {
  it("aggregate to the candle exactly", () => {
    fc.assert(
      fc.property(candles, fc.integer(), (candle, seed) => {
        const { offsetMs, price, quantity } = minuteTrades(candle, seededRandom(seed));
        if (candle.volume === 0) {
          expect([offsetMs, price, quantity]).toEqual([[], [], []]);
          return;
        }
        expect([price.length, quantity.length]).toEqual([offsetMs.length, offsetMs.length]);
        expect([price[0], price.at(-1)]).toEqual([candle.open, candle.close]);
        expect([Math.max(...price), Math.min(...price)]).toEqual([candle.high, candle.low]);
        expect(quantity.reduce((sum, shares) => sum + shares, 0)).toBe(candle.volume);
        for (const shares of quantity) expect(shares).toBeGreaterThan(0);
        if (quantity.length <= candle.volume / 100) for (const shares of quantity) expect(shares % 100).toBe(0);
        for (const each of price) expect(roundToHoseStep(each)).toBe(each);
        expect(offsetMs).toEqual(offsetMs.toSorted((a, b) => a - b));
        for (const ms of offsetMs) expect(ms >= 0 && ms < 60_000 && Number.isInteger(ms)).toBe(true);
      }),
    );
  });

  it("has most of the opening minute's volume in the auction's trade, in the first two seconds", () => {
    const minute = { open: 20_000, high: 20_100, low: 19_950, close: 20_050, volume: 1_000_000, trades: 30 };
    const { offsetMs, quantity } = minuteTrades({ ...minute, auction: "opens" }, seededRandom(7));
    expect(quantity[0]! / minute.volume).toBeCloseTo(0.7, 1);
    expect(offsetMs[0]).toBeLessThan(2_000);
    expect(offsetMs[1]).toBeGreaterThanOrEqual(2_000);
  });
});

describe("nextHosePrice(price, direction)", () => {
  it.each([
    [9_990, 1, 10_000],
    [10_000, -1, 9_990],
    [10_000, 1, 10_050],
    [49_950, 1, 50_000],
    [50_000, -1, 49_950],
    [50_000, 1, 50_100],
  ] as const)("of %d in direction %d is %d", (price, direction, next) => {
    expect(nextHosePrice(price, direction)).toBe(next);
  });
});
