import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { majorUnits } from "../../../src/engine/portfolio/minor-units.js";
import { fractionSize, riskSize, volatilitySize, wholeLots } from "../../../src/engine/portfolio/position-size.js";
import { type TrailingStop, trailStop } from "../../../src/engine/portfolio/trailing-stop.js";

const ACCOUNT = { equity: 1_000_000_000, price: 25_000, lotSize: 100 };

describe("wholeLots(shares, lotSize)", () => {
  it.each([
    [0, 100, 0],
    [99.9, 100, 0],
    [100, 100, 100],
    [299, 100, 200],
    [-150, 100, 0],
    // 0.1 · 3 is above 0.3, 0.3 / 0.1 below 3: what is whole but for rounding is whole.
    [0.3 / 0.1, 1, 3],
    [299.999_999_999_9, 100, 300],
  ])("%d shares in lots of %i are %i", (shares, lotSize, expected) => {
    expect(wholeLots(shares, lotSize)).toBe(expected);
  });

  it("is a multiple of the lot, not above the shares and less than a lot below them", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.integer({ min: 1, max: 1_000 }),
        (shares, lotSize) => {
          const whole = wholeLots(shares, lotSize);
          expect(whole % lotSize).toBe(0);
          expect(whole).toBeLessThanOrEqual(shares + lotSize * 1e-8);
          expect(whole).toBeGreaterThan(shares - lotSize);
        },
      ),
    );
  });
});

describe("sizes of positions", () => {
  it("is a fraction of the equity", () => {
    expect(fractionSize(ACCOUNT, 0.1)).toBe(4_000);
    expect(fractionSize({ ...ACCOUNT, price: 33_300 }, 0.1)).toBe(3_000);
  });

  it("loses the risked share at the stop", () => {
    // 10,000,000 at risk, 2,000 a share: 5,000 shares, worth 12.5% of the equity.
    expect(riskSize(ACCOUNT, { stop: 23_000, risk: 0.01, most: 1 })).toBe(5_000);
    expect(riskSize(ACCOUNT, { stop: 27_000, risk: 0.01, most: 1 })).toBe(5_000);
    expect(riskSize(ACCOUNT, { stop: 24_990, risk: 0.01, most: 0.25 })).toBe(10_000);
  });

  it("adds the target volatility", () => {
    // 2% of 40% is a twentieth of the equity.
    expect(volatilitySize(ACCOUNT, { volatility: 0.4, target: 0.02, most: 1 })).toBe(2_000);
    expect(volatilitySize(ACCOUNT, { volatility: 0.001, target: 0.02, most: 0.25 })).toBe(10_000);
  });

  it.each([
    ["price", () => fractionSize({ ...ACCOUNT, price: 0 }, 0.1)],
    ["equity", () => fractionSize({ ...ACCOUNT, equity: NaN }, 0.1)],
    ["stop", () => riskSize(ACCOUNT, { stop: 25_000, risk: 0.01, most: 1 })],
    ["volatility", () => volatilitySize(ACCOUNT, { volatility: 0, target: 0.02, most: 1 })],
  ])("refuses %s that nothing can be computed with", (field, size) => {
    expect(size).toThrow(
      expect.objectContaining({ code: "ARGUMENT_INVALID", message: expect.stringContaining(`invalid ${field}: `) }),
    );
  });

  it("gives no shares to an account without equity", () => {
    expect(fractionSize({ ...ACCOUNT, equity: -5 }, 0.1)).toBe(0);
  });
});

describe("majorUnits(minor, currency)", () => {
  it.each([
    [1_500_000, "VND", 1_500_000],
    [1_250, "USD", 12.5],
    [1_250, "CNY", 12.5],
    [1_250, "JPY", 1_250],
  ])("%d of %s are %d", (minor, currency, major) => {
    expect(majorUnits(minor, currency)).toBe(major);
  });
});

describe("trailStop(former, price, distanceBelow)", () => {
  const tenBelow = (high: number) => high - (high - 10);
  const follow = (prices: readonly number[]) => {
    let state: TrailingStop | undefined;
    return prices.map((price) => {
      state = trailStop(state, price, tenBelow);
      return state?.stop;
    });
  };

  it("rises with the high and stays while the price falls", () => {
    expect(follow([100, 105, 98, 104, 120])).toEqual([90, 95, 95, 95, 110]);
  });

  it("waits for the first price and passes over those that are not defined", () => {
    expect(follow([NaN, 100, NaN, 101])).toEqual([undefined, 90, 90, 91]);
  });

  it("never falls, whatever prices and distances", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 0.1, max: 1e5, noNaN: true })),
        ),
        (steps) => {
          let state: TrailingStop | undefined;
          for (const [price, distance] of steps) {
            const next = trailStop(state, price, () => distance)!;
            if (state) expect(next.stop).toBeGreaterThanOrEqual(state.stop);
            expect(next.high).toBeGreaterThanOrEqual(price);
            state = next;
          }
        },
      ),
    );
  });
});
