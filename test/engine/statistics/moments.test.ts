import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summarize } from "../../../src/engine/statistics/moments.js";

/** NIST's Statistical Reference Datasets, univariate: first value, then an alternation, 1,001 values. */
const nistAccuracySet = (first: number, even: number, odd: number) =>
  Float64Array.from({ length: 1001 }, (_, i) => (i === 0 ? first : i % 2 === 1 ? even : odd));

describe("summarize(values)", () => {
  it.each([
    ["NumAcc1", Float64Array.of(10000001, 10000003, 10000002), 10000002, 1],
    ["NumAcc2", nistAccuracySet(1.2, 1.1, 1.3), 1.2, 0.1],
    ["NumAcc3", nistAccuracySet(1000000.2, 1000000.1, 1000000.3), 1000000.2, 0.1],
    ["NumAcc4", nistAccuracySet(10000000.2, 10000000.1, 10000000.3), 10000000.2, 0.1],
  ])("has the certified mean and standard deviation of NIST StRD %s", (_name, values, mean, stdDev) => {
    const summary = summarize(values);
    expect(Math.abs(summary.mean / mean - 1)).toBeLessThan(1e-14);
    expect(Math.abs(summary.sampleStdDev / stdDev - 1)).toBeLessThan(1e-7); // 10000000.1 itself is off by 1e-9
  });

  it("has the skewness of SciPy's documentation example", () => {
    // scipy.stats.skew([2, 8, 0, 4, 1, 9, 9, 0])
    expect(summarize([2, 8, 0, 4, 1, 9, 9, 0]).skewness).toBeCloseTo(0.2650554122698573, 12);
  });

  it("has excess kurtosis −1.3 for 1 … 5 and −2 for a fair coin", () => {
    expect(summarize([1, 2, 3, 4, 5]).excessKurtosis).toBeCloseTo(-1.3, 12);
    expect(summarize([0, 1]).excessKurtosis).toBeCloseTo(-2, 12);
  });

  it("leaves NaN out", () => {
    expect(summarize([NaN, 1, NaN, 3])).toEqual(summarize([1, 3]));
  });

  it("is undefined without values, and has no spread for one", () => {
    expect(summarize([NaN])).toEqual({
      count: 0,
      mean: NaN,
      sampleStdDev: NaN,
      skewness: NaN,
      excessKurtosis: NaN,
      min: NaN,
      max: NaN,
    });
    expect(summarize([7])).toMatchObject({ count: 1, mean: 7, sampleStdDev: NaN, min: 7, max: 7 });
  });

  it("finds no spread and no shape in values that do not vary", () => {
    expect(summarize([0.1, 0.1, 0.1])).toMatchObject({
      mean: 0.1,
      sampleStdDev: 0,
      skewness: NaN,
      excessKurtosis: NaN,
    });
  });

  it("moves with the values and keeps its spread when all are shifted", () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(values, fc.integer({ min: -10_000, max: 10_000 }), (sample, shift) => {
        const before = summarize(sample);
        const after = summarize(sample.map((value) => value + shift));
        expect(after.mean).toBeCloseTo(before.mean + shift, 8);
        expect(after.sampleStdDev).toBeCloseTo(before.sampleStdDev, 8);
      }),
    );
  });
});
