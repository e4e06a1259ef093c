import { describe, expect, it } from "vitest";
import { autocorrelations } from "../../../src/engine/statistics/autocorrelation.js";
import { neweyWestStandardError } from "../../../src/engine/statistics/newey-west.js";

describe("neweyWestStandardError(values)", () => {
  it("agrees with a direct sum of weighted autocovariances", () => {
    // numpy: two lags for twelve values, weights 2/3 and 1/3.
    const values = Float64Array.of(0.3, -0.1, 0.4, 0.2, -0.5, 0.1, 0.6, -0.2, 0.05, 0.15, -0.35, 0.25);
    expect(neweyWestStandardError(values)).toBeCloseTo(0.04583333333333332, 14);
  });

  it("is undefined for one value", () => expect(neweyWestStandardError(Float64Array.of(1))).toBeNaN());
});

describe("autocorrelations(values, maxLag)", () => {
  it("is 1 at lag 0 and −(n − 1)/n at lag 1 of a series that alternates", () => {
    const [own, next, second] = autocorrelations(Float64Array.of(1, -1, 1, -1), 2);
    expect([own, next, second]).toEqual([1, -0.75, 0.5]);
  });

  it("is undefined for a series of zeros", () => expect(autocorrelations(new Float64Array(5), 1)[1]).toBeNaN());
});
