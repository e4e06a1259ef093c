import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logReturns, simpleReturns } from "../../../src/engine/market-data/returns.js";

describe("logReturns(prices)", () => {
  it("is undefined first, then the logarithm of the price ratio", () => {
    expect([...logReturns(Float64Array.of(100, 110, 99))]).toEqual([NaN, Math.log(1.1), Math.log(0.9)]);
  });

  it("is undefined on both sides of a price that is negative, zero or missing", () => {
    // WTI settled at −36.98 USD on 2020-04-20
    expect([...logReturns(Float64Array.of(18, -36.98, 9, 9))]).toEqual([NaN, NaN, NaN, 0]);
    expect([...logReturns(Float64Array.of(18, 0, 9, 9))]).toEqual([NaN, NaN, NaN, 0]);
    expect([...logReturns(Float64Array.of(18, NaN, 9, 9))]).toEqual([NaN, NaN, NaN, 0]);
  });

  it("adds up to the logarithm of the whole move", () => {
    const prices = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(prices, (path) => {
        const total = logReturns(Float64Array.from(path))
          .subarray(1)
          .reduce((sum, value) => sum + value, 0);
        expect(total).toBeCloseTo(Math.log(path.at(-1)! / path[0]!), 9);
      }),
    );
  });

  it("is empty for no prices and leaves its argument untouched", () => {
    expect(logReturns(new Float64Array(0))).toHaveLength(0);
    const prices = Float64Array.of(1, 2);
    logReturns(prices);
    expect(prices).toEqual(Float64Array.of(1, 2));
  });
});

describe("simpleReturns(prices)", () => {
  it("is undefined first, then the change as a fraction", () => {
    expect([...simpleReturns(Float64Array.of(100, 150, 75))]).toEqual([NaN, 0.5, -0.5]);
  });

  it("is undefined where the logarithmic return is", () => {
    expect([...simpleReturns(Float64Array.of(18, -36.98, 9, 9))]).toEqual([NaN, NaN, NaN, 0]);
  });
});
