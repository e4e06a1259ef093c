import { describe, expect, it } from "vitest";
import { fUpperTail } from "../../../src/engine/statistics/f-distribution.js";
import { normalTwoSided, normalUpperTail } from "../../../src/engine/statistics/normal-distribution.js";
import { normalQuantile } from "../../../src/engine/statistics/normal-quantile.js";

describe("normalUpperTail(z)", () => {
  // scipy.stats.norm.sf 1.10.
  it.each([
    [0.3, 0.3820885778110474],
    [1, 0.15865525393145707],
    [3, 0.0013498980316300933],
    [6, 9.865876450376946e-10],
    [-2, 0.9772498680518208],
  ])("at %d is %d", (z, tail) => expect(normalUpperTail(z) / tail).toBeCloseTo(1, 12));

  it("is the inverse of normalQuantile", () => {
    for (const p of [1e-6, 0.01, 0.3, 0.5, 0.9]) expect(normalUpperTail(-normalQuantile(p)) / p).toBeCloseTo(1, 7);
  });
});

describe("normalTwoSided(z)", () => {
  it("counts both sides, whatever the sign", () => {
    expect(normalTwoSided(-1.959963984540054)).toBeCloseTo(0.05, 14);
    expect(normalTwoSided(0)).toBe(1);
    expect(normalTwoSided(NaN)).toBeNaN();
  });
});

describe("fUpperTail(f, numeratorFreedom, denominatorFreedom)", () => {
  // scipy.stats.f.sf 1.10.
  it.each([
    [4.35, 1, 20, 0.05002973817542702],
    [2, 30, 1000, 0.001188649546166288],
    [0.5, 5, 10, 0.7700248806501017],
    [7.5, 2, 3, 0.06804138174397717],
  ])("at %d with %d and %d is %d", (f, a, b, tail) => expect(fUpperTail(f, a, b) / tail).toBeCloseTo(1, 11));

  it("is 1 at zero and undefined without freedom", () => {
    expect(fUpperTail(0, 3, 5)).toBe(1);
    expect(fUpperTail(2, 0, 5)).toBeNaN();
    expect(fUpperTail(NaN, 3, 5)).toBeNaN();
  });
});
