import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  capWeights,
  equalWeights,
  inverseVolatilityWeights,
  scoreWeights,
} from "../../../src/engine/portfolio/target-weights.js";
import type { SymbolWeight } from "../../../src/engine/portfolio/weight.js";

const totalOf = (weights: readonly SymbolWeight[]) => weights.reduce((sum, { weight }) => sum + weight, 0);
const inShort = (weights: readonly SymbolWeight[]) =>
  Object.fromEntries(weights.map(({ symbol, weight }) => [symbol, Number(weight.toFixed(6))]));

const longOnly = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }).map((parts) => {
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part, i): SymbolWeight => ({ symbol: `S${i}`, weight: sum > 0 ? part / sum : 0 }));
});

describe("equalWeights and inverseVolatilityWeights", () => {
  it("share the total equally, and by the inverse of volatility", () => {
    expect(inShort(equalWeights(["A", "B", "C", "D"], 0.8))).toEqual({ A: 0.2, B: 0.2, C: 0.2, D: 0.2 });
    expect(inShort(inverseVolatilityWeights(["A", "B"], [0.1, 0.3]))).toEqual({ A: 0.75, B: 0.25 });
    expect(equalWeights([])).toEqual([]);
  });

  it("refuse a volatility of zero or none", () => {
    for (const volatility of [0, NaN, -1, Infinity]) {
      expect(() => inverseVolatilityWeights(["A"], [volatility])).toThrow(
        expect.objectContaining({ code: "SERIES_CONSTANT" }),
      );
    }
  });
});

describe("scoreWeights(scores, { method, most, total })", () => {
  const SCORES = [
    { symbol: "A", score: 1 },
    { symbol: "B", score: 3 },
    { symbol: "C", score: -2 },
    { symbol: "D", score: NaN },
    { symbol: "E", score: 2 },
  ];

  it.each([
    ["equal", 0, { B: 0.333333, E: 0.333333, A: 0.333333 }],
    ["proportional", 0, { B: 0.5, E: 0.333333, A: 0.166667 }],
    ["rank", 0, { B: 0.5, E: 0.333333, A: 0.166667 }],
    ["equal", 2, { B: 0.5, E: 0.5 }],
    ["proportional", 1, { B: 1 }],
  ] as const)("%s, at most %i: only positive scores get a weight, best first", (method, most, expected) => {
    const weights = scoreWeights(SCORES, { method, most });
    expect(Object.keys(inShort(weights))).toEqual(Object.keys(expected));
    expect(inShort(weights)).toEqual(expected);
  });

  it("gives nothing when no score is positive", () => {
    expect(scoreWeights([{ symbol: "A", score: 0 }], { method: "proportional" })).toEqual([]);
  });
});

describe("capWeights(weights, most)", () => {
  it.each([
    // What A has too much goes to B and C in proportion 2:1; then B is over, too.
    [0.4, { A: 0.6, B: 0.3, C: 0.1 }, { A: 0.4, B: 0.4, C: 0.2 }],
    [0.5, { A: 0.6, B: 0.3, C: 0.1 }, { A: 0.5, B: 0.375, C: 0.125 }],
    [0.2, { A: 0.6, B: 0.4 }, { A: 0.2, B: 0.2 }],
    [1, { A: 0.6, B: 0.4 }, { A: 0.6, B: 0.4 }],
    [0.5, { A: 1, B: 0 }, { A: 0.5, B: 0 }],
  ])("with at most %d turns %o into %o", (most, before, after) => {
    const weights = Object.entries(before).map(([symbol, weight]) => ({ symbol, weight }));
    expect(inShort(capWeights(weights, most))).toEqual(after);
  });

  it("lets none be above the cap, keeps what it can of the total and the order of sizes", () => {
    fc.assert(
      fc.property(longOnly, fc.double({ min: 0.01, max: 1, noNaN: true }), (weights, most) => {
        const capped = capWeights(weights, most);
        const takers = weights.filter(({ weight }) => weight > 0).length;
        expect(totalOf(capped)).toBeCloseTo(Math.min(totalOf(weights), takers * most), 9);
        capped.forEach(({ weight }, i) => {
          expect(weight).toBeLessThanOrEqual(most + 1e-12);
          capped.forEach((other, j) => {
            if (weights[i]!.weight <= weights[j]!.weight) expect(weight).toBeLessThanOrEqual(other.weight + 1e-12);
          });
        });
      }),
    );
  });
});
