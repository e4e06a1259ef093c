import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leastSquares } from "../../../src/engine/statistics/least-squares.js";

const ones = (n: number) => new Float64Array(n).fill(1);

describe("leastSquares(response, regressors)", () => {
  // numpy.linalg.lstsq 1.24 on the same eight rows.
  const x = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const y = Float64Array.of(2.1, 3.9, 6.2, 8.4, 9.6, 12.3, 13.8, 16.5);
  const square = x.map((value) => value ** 2);

  it("agrees with an independent solver on a parabola", () => {
    const fit = leastSquares(y, [ones(8), x, square]);
    expect(fit.coefficients[0]).toBeCloseTo(0.21785714, 7);
    expect(fit.coefficients[1]).toBeCloseTo(1.89285714, 7);
    expect(fit.coefficients[2]).toBeCloseTo(0.01428571, 7);
    expect(fit.residualSumOfSquares).toBeCloseTo(0.62642857, 7);
    expect(fit.rank).toBe(3);
  });

  it("gives 0 to a regressor that the ones before it determine, and fits as without it", () => {
    const twice = x.map((value) => 2 * value + 1);
    const fit = leastSquares(y, [ones(8), x, twice]);
    expect(fit.coefficients[2]).toBe(0);
    expect(fit.rank).toBe(2);
    expect(fit.residualSumOfSquares).toBeCloseTo(leastSquares(y, [ones(8), x]).residualSumOfSquares, 10);
  });

  it("leaves residuals at right angles to every regressor", () => {
    const numbers = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(numbers, numbers, numbers, (a, b, c) => {
        const regressors = [ones(12), Float64Array.from(a), Float64Array.from(b)];
        const { residuals } = leastSquares(Float64Array.from(c), regressors);
        for (const column of regressors) {
          const length = Math.sqrt(column.reduce((sum, value) => sum + value ** 2, 0));
          const product = column.reduce((sum, value, i) => sum + value * residuals[i]!, 0);
          expect(Math.abs(product)).toBeLessThan(1e-3 * (1 + length));
        }
      }),
    );
  });

  it("refuses columns of unequal length", () => {
    expect(() => leastSquares(y, [ones(7)])).toThrow(expect.objectContaining({ code: "SERIES_MISALIGNED" }));
  });
});
