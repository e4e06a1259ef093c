import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exponential, logarithm } from "../../../src/engine/statistics/portable-functions.js";

function expectClose(value: number, reference: number): void {
  expect(Math.abs(value - reference)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(reference) + 5e-324);
}

describe("logarithm(value)", () => {
  it("is that of the machine but for the last bits", () => {
    fc.assert(
      fc.property(fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }), (value) =>
        expectClose(logarithm(value), Math.log(value)),
      ),
    );
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (value) =>
        expectClose(logarithm(value), Math.log(value)),
      ),
    );
  });

  it("is exact at 1, and knows where it ends", () => {
    expect([logarithm(1), logarithm(0), logarithm(Infinity)]).toEqual([0, -Infinity, Infinity]);
    expect([logarithm(-1), logarithm(Number.NaN)]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe("exponential(value)", () => {
  it("is that of the machine but for the last bits", () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 709, noNaN: true }), (value) =>
        expectClose(exponential(value), Math.exp(value)),
      ),
    );
  });

  it("is exact at 0, and knows where it ends", () => {
    expect([exponential(0), exponential(-800), exponential(800), exponential(-Infinity)]).toEqual([1, 0, Infinity, 0]);
    expect(exponential(Number.NaN)).toBeNaN();
  });
});
