import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RebalanceOptions, rebalance } from "../../../src/engine/portfolio/rebalance.js";

const BASE: RebalanceOptions = {
  weights: [],
  positions: [],
  prices: new Map([
    ["HPG", 25_000],
    ["FPT", 100_000],
    ["VNM", 70_000],
  ]),
  cash: 1_000_000_000,
  cashReserve: 0,
  band: 0,
  lotSize: 100,
  sellOthers: true,
};

const ordersOf = (options: Partial<RebalanceOptions>) =>
  rebalance({ ...BASE, ...options }).orders.map(({ symbol, side, quantity }) => `${side} ${quantity} ${symbol}`);

describe("rebalance(options)", () => {
  it("buys whole lots of the targets from cash", () => {
    const weights = [
      { symbol: "HPG", weight: 0.5 },
      { symbol: "FPT", weight: 0.5 },
    ];
    expect(ordersOf({ weights })).toEqual(["buy 5000 FPT", "buy 20000 HPG"]);
    expect(ordersOf({ weights, cashReserve: 0.1 })).toEqual(["buy 4500 FPT", "buy 18000 HPG"]);
  });

  it("sells first, closes what has no target with its odd rest, and leaves others when told to", () => {
    const options = {
      weights: [{ symbol: "FPT", weight: 0.5 }],
      positions: [
        { symbol: "HPG", quantity: 150 },
        { symbol: "VNM", quantity: 1_000 },
      ],
      cash: 100_000_000,
    };
    expect(ordersOf(options)).toEqual(["sell 150 HPG", "sell 1000 VNM", "buy 800 FPT"]);
    expect(ordersOf({ ...options, sellOthers: false })).toEqual(["buy 800 FPT"]);
  });

  it("moves by whole lots towards a target that is not zero", () => {
    const positions = [{ symbol: "HPG", quantity: 450 }];
    const weights = [{ symbol: "HPG", weight: 0.5 }];
    // Equity 11,250,000: 200 shares are wanted, 250 too many are held.
    expect(ordersOf({ weights, positions, cash: 0 })).toEqual(["sell 200 HPG"]);
  });

  it("leaves changes within the band alone, but closes what has no target", () => {
    const positions = [
      { symbol: "HPG", quantity: 20_000 },
      { symbol: "VNM", quantity: 100 },
    ];
    const weights = [{ symbol: "HPG", weight: 0.51 }];
    expect(ordersOf({ weights, positions, cash: 493_000_000, band: 0.02 })).toEqual(["sell 100 VNM"]);
    expect(ordersOf({ weights, positions, cash: 493_000_000, band: 0.005 })).toEqual(["sell 100 VNM", "buy 400 HPG"]);
  });

  it("does not buy with money that an order within the band leaves tied up", () => {
    const positions = [{ symbol: "HPG", quantity: 39_600 }];
    const weights = [
      { symbol: "HPG", weight: 0.95 },
      { symbol: "FPT", weight: 0.05 },
    ];
    // Equity 1,000,000,000. HPG is 4% over its target, less than the band: 10,000,000 of cash are one hundred FPT.
    expect(ordersOf({ weights, positions, cash: 10_000_000, band: 0.045 })).toEqual(["buy 100 FPT"]);
  });

  it("ends with targets met to a lot and cash that is not overdrawn, filled at its prices", () => {
    const holdings = fc.record({
      shares: fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 3, maxLength: 3 }),
      parts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
      cash: fc.integer({ min: 1_000_000, max: 2_000_000_000 }),
      band: fc.constantFrom(0, 0.01, 0.1),
    });
    fc.assert(
      fc.property(holdings, ({ shares, parts, cash, band }) => {
        const symbols = [...BASE.prices.keys()];
        const sum = parts.reduce((total, part) => total + part, 0) || 1;
        const weights = symbols.map((symbol, i) => ({ symbol, weight: parts[i]! / sum }));
        const held = new Map(symbols.map((symbol, i) => [symbol, shares[i]!]));
        const positions = symbols.map((symbol) => ({ symbol, quantity: held.get(symbol)! }));
        const { orders, equity } = rebalance({ ...BASE, weights, positions, cash, band });
        let cashAfter = cash;
        for (const { symbol, side, quantity, price } of orders) {
          const sign = side === "buy" ? 1 : -1;
          held.set(symbol, held.get(symbol)! + sign * quantity);
          cashAfter -= sign * quantity * price;
        }
        expect(cashAfter).toBeGreaterThanOrEqual(-1e-3);
        for (const { symbol, weight } of weights) {
          const price = BASE.prices.get(symbol)!;
          expect(held.get(symbol)).toBeGreaterThanOrEqual(0);
          const tooMuch = held.get(symbol)! * price - weight * equity;
          expect(tooMuch).toBeLessThanOrEqual(band * equity + 101 * price);
        }
      }),
    );
  });

  it.each([
    ["price of ACB", { weights: [{ symbol: "ACB", weight: 0.1 }] }],
    ["price of ACB", { positions: [{ symbol: "ACB", quantity: 100 }] }],
    ["weights", { weights: [{ symbol: "HPG", weight: -0.1 }] }],
    ["weights", { weights: [{ symbol: "HPG", weight: Number.NaN }] }],
    [
      "weights",
      {
        weights: [
          { symbol: "HPG", weight: 0.1 },
          { symbol: "HPG", weight: 0.1 },
        ],
      },
    ],
    [
      "weights",
      {
        weights: [
          { symbol: "HPG", weight: 0.6 },
          { symbol: "FPT", weight: 0.6 },
        ],
      },
    ],
    ["position of HPG", { positions: [{ symbol: "HPG", quantity: -100 }] }],
    ["equity", { cash: 0 }],
  ])("refuses %s that cannot be", (field, options) => {
    expect(() => rebalance({ ...BASE, ...options })).toThrow(
      expect.objectContaining({ code: "ARGUMENT_INVALID", message: expect.stringContaining(`invalid ${field}: `) }),
    );
  });
});
