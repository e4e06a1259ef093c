import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantile, quantiles } from "../../../src/engine/statistics/quantiles.js";

describe("quantiles(values, probabilities)", () => {
  it("interpolates as R's quantile() does by default: 1 … 10 has quartiles 3.25, 5.5 and 7.75", () => {
    const values = [10, 1, 9, 2, 8, 3, 7, 4, 6, 5];
    expect([...quantiles(values, [0, 0.25, 0.5, 0.75, 1])]).toEqual([1, 3.25, 5.5, 7.75, 10]);
  });

  it("leaves NaN out and is NaN without values", () => {
    expect(quantile([NaN, 3, 1], 0.5)).toBe(2);
    expect(quantile([NaN], 0.5)).toBeNaN();
  });

  it("stays within the values and rises with the probability", () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 40 });
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, probability, probability, (sample, p, q) => {
        const [low, high] = quantiles(sample, [Math.min(p, q), Math.max(p, q)]);
        if (Math.max(...sample.map(Math.abs)) > 1e300) return;
        expect(low! <= high! || Math.abs(low! - high!) <= Math.abs(low!) * 1e-12).toBe(true);
        expect(quantile(sample, 0) === Math.min(...sample)).toBe(true); // of 0 and −0 either will do
        expect(quantile(sample, 1) === Math.max(...sample)).toBe(true);
      }),
    );
  });

  it.each([-0.1, 1.1, NaN])("refuses probability %d", (probability) => {
    expect(() => quantile([1], probability)).toThrow(expect.objectContaining({ code: "ARGUMENT_INVALID" }));
  });
});
