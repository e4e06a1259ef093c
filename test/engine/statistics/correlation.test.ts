import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { definedPairs, pearsonCorrelation, spearmanCorrelation } from "../../../src/engine/statistics/correlation.js";

const columns = fc
  .array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -100, max: 100 })), { maxLength: 40 })
  .map((pairs) => ({ x: Float64Array.from(pairs, ([a]) => a), y: Float64Array.from(pairs, ([, b]) => b) }));

describe("pearsonCorrelation(x, y)", () => {
  const ANSCOMBE_X = Float64Array.of(10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5);

  it.each([
    // Anscombe (1973), sets 1 to 3
    [[8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68], 0.8164205],
    [[9.14, 8.14, 8.74, 8.77, 9.26, 8.1, 6.13, 3.1, 9.13, 7.26, 4.74], 0.8162365],
    [[7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73], 0.8162867],
  ])("equals the published value of Anscombe's quartet for %j", (y, expected) => {
    expect(pearsonCorrelation(ANSCOMBE_X, Float64Array.from(y))).toBeCloseTo(expected, 6);
  });

  it("is ±1 on a line", () => {
    const x = Float64Array.of(1, 2, 3, 4);
    expect(
      pearsonCorrelation(
        x,
        x.map((v) => 3 * v + 1),
      ),
    ).toBeCloseTo(1, 15);
    expect(
      pearsonCorrelation(
        x,
        x.map((v) => -v),
      ),
    ).toBeCloseTo(-1, 15);
  });

  it("is NaN for fewer than three pairs and when a side does not vary", () => {
    expect(pearsonCorrelation(Float64Array.of(1, 2), Float64Array.of(1, 2))).toBeNaN();
    expect(pearsonCorrelation(Float64Array.of(0.1, 0.1, 0.1), Float64Array.of(1, 2, 3))).toBeNaN();
    expect(pearsonCorrelation(Float64Array.of(1, 2, NaN, 3), Float64Array.of(1, NaN, 2, 3))).toBeNaN();
  });

  it("does not see a pair in which a side is undefined", () => {
    expect(pearsonCorrelation(Float64Array.of(1, 2, 9, 4), Float64Array.of(3, 1, NaN, 7))).toBe(
      pearsonCorrelation(Float64Array.of(1, 2, 4), Float64Array.of(3, 1, 7)),
    );
  });

  it("is symmetric, within [−1, 1], and unchanged by a positive scale and a shift", () => {
    fc.assert(
      fc.property(columns, ({ x, y }) => {
        const correlation = pearsonCorrelation(x, y);
        if (Number.isNaN(correlation)) return;
        expect(Math.abs(correlation)).toBeLessThanOrEqual(1);
        expect(pearsonCorrelation(y, x)).toBeCloseTo(correlation, 12);
        expect(
          pearsonCorrelation(
            x.map((v) => 4 * v + 7),
            y,
          ),
        ).toBeCloseTo(correlation, 12);
      }),
    );
  });

  it("refuses series of unequal length", () => {
    expect(() => pearsonCorrelation(new Float64Array(2), new Float64Array(3))).toThrow(
      expect.objectContaining({ code: "SERIES_MISALIGNED" }),
    );
  });
});

describe("spearmanCorrelation(x, y)", () => {
  it("equals −29/165 for the ten pairs of IQ and television hours used as its textbook example", () => {
    const iq = Float64Array.of(106, 100, 86, 101, 99, 103, 97, 113, 112, 110);
    const hours = Float64Array.of(7, 27, 2, 50, 28, 29, 20, 12, 6, 17);
    expect(spearmanCorrelation(iq, hours)).toBeCloseTo(-29 / 165, 12);
  });

  it("corrects for ties", () => {
    // scipy.stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])
    expect(spearmanCorrelation(Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(5, 6, 7, 8, 7))).toBeCloseTo(
      0.8207826816681233,
      12,
    );
  });

  it("is unchanged by any increasing transformation", () => {
    fc.assert(
      fc.property(columns, ({ x, y }) => {
        expect(
          spearmanCorrelation(
            x.map((v) => Math.atan(v) ** 3),
            y,
          ),
        ).toBe(spearmanCorrelation(x, y));
      }),
    );
  });
});

describe("definedPairs(x, y)", () => {
  it("keeps the pairs in which both are defined, in order, and leaves the columns alone", () => {
    const x = Float64Array.of(1, NaN, 3, 4);
    const y = Float64Array.of(5, 6, NaN, 8);
    expect(definedPairs(x, y)).toEqual({ x: Float64Array.of(1, 4), y: Float64Array.of(5, 8) });
    expect(x).toEqual(Float64Array.of(1, NaN, 3, 4));
  });
});
