import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heldPositions } from "../../../src/server/broker/held-positions.js";

const fill = (quantity: number, price: number, symbol = "FPT") => ({ symbol, quantity, price });

describe("heldPositions(fills, startingCash)", () => {
  it.each([
    ["buying more moves the average", [fill(100, 10_000), fill(300, 12_000)], 400, 11_500],
    ["selling some leaves it", [fill(400, 11_500), fill(-100, 20_000)], 300, 11_500],
    ["selling more than is held begins a short position", [fill(100, 10_000), fill(-300, 12_000)], -200, 12_000],
    ["selling more of what is short moves the average", [fill(-100, 10_000), fill(-100, 11_000)], -200, 10_500],
    ["buying back more than is short begins a long one", [fill(-100, 10_000), fill(200, 9_000)], 100, 9_000],
  ])("%s", (_case, fills, quantity, averagePrice) => {
    expect(heldPositions(fills, 0).positions).toEqual([{ symbol: "FPT", quantity, averagePrice }]);
  });

  it("holds nothing of what was sold again", () => {
    expect(heldPositions([fill(100, 10_000), fill(-100, 11_000)], 5)).toEqual({
      cashMinor: 100_005,
      currency: "VND",
      positions: [],
    });
  });

  it("has cash and shares that add up to what was begun with, at one price for ever", () => {
    const fills = fc.array(
      fc.record({
        symbol: fc.constantFrom("A", "B"),
        quantity: fc.integer({ min: -500, max: 500 }).filter((quantity) => quantity !== 0),
        price: fc.constant(10_000),
      }),
    );
    fc.assert(
      fc.property(fills, (some) => {
        const { cashMinor, positions } = heldPositions(some, 1_000);
        const worth = positions.reduce((sum, { quantity }) => sum + quantity * 10_000, 0);
        expect(cashMinor + worth).toBe(1_000);
        for (const { averagePrice } of positions) expect(averagePrice).toBeCloseTo(10_000, 6);
      }),
    );
  });
});
