import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hosePriceLimits, hosePriceStep, roundToHoseStep } from "../../../src/engine/simulated-market/hose-prices.js";

describe("hosePriceStep(price)", () => {
  it.each([
    [9_990, 10],
    [10_000, 50],
    [49_950, 50],
    [50_000, 100],
  ])("of %d is %d", (price, step) => {
    expect(hosePriceStep(price)).toBe(step);
  });
});

describe("hosePriceLimits(referencePrice)", () => {
  it("gives the limits that were published for HPG at 26,800", () => {
    expect(hosePriceLimits(26_800)).toEqual({ floor: 24_950, ceiling: 28_650 });
  });

  it("lie on a step, within 7% and around the reference price", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 300_000 }), (price) => {
        const reference = roundToHoseStep(price);
        const { floor, ceiling } = hosePriceLimits(reference);
        for (const limit of [floor, ceiling]) expect(limit % hosePriceStep(limit)).toBe(0);
        expect(floor).toBeGreaterThanOrEqual(reference * 0.93 - 1e-6);
        expect(ceiling).toBeLessThanOrEqual(reference * 1.07 + 1e-6);
        expect(floor).toBeLessThan(reference);
        expect(ceiling).toBeGreaterThan(reference);
      }),
    );
  });
});

describe("roundToHoseStep(price)", () => {
  it("is the nearest price on a step, and leaves such a price alone", () => {
    expect([9_996, 26_820, 26_830, 50_049].map(roundToHoseStep)).toEqual([10_000, 26_800, 26_850, 50_000]);
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 300_000 }), (price) => {
        expect(roundToHoseStep(roundToHoseStep(price))).toBe(roundToHoseStep(price));
      }),
    );
  });
});
