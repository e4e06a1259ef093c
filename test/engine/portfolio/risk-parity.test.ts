import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CovarianceMatrix,
  sampleCovariance,
  shrinkToDiagonal,
  standardDeviations,
} from "../../../src/engine/portfolio/covariance-matrix.js";
import { riskParityWeights, riskShares } from "../../../src/engine/portfolio/risk-parity.js";

/** From standard deviations and correlations, row by row. */
function covarianceOf(deviations: readonly number[], correlation: (i: number, j: number) => number): CovarianceMatrix {
  const size = deviations.length;
  const values = Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return deviations[i]! * deviations[j]! * (i === j ? 1 : correlation(i, j));
  });
  return { size, values };
}

const inPercent = (weights: Float64Array) => [...weights].map((weight) => Math.round(weight * 1_000) / 10);

/** Covariances of random returns with many more rows than columns, as shrunk as the node's default. */
const covariances = fc
  .integer({ min: 1, max: 8 })
  .chain((size) =>
    fc.array(fc.array(fc.double({ min: -0.07, max: 0.07, noNaN: true }), { minLength: 40, maxLength: 40 }), {
      minLength: size,
      maxLength: size,
    }),
  )
  .map((columns) => shrinkToDiagonal(sampleCovariance(columns.map((column) => Float64Array.from(column))), 0.1))
  .filter((covariance) => standardDeviations(covariance).every((deviation) => deviation > 1e-4));

describe("riskParityWeights(covariance)", () => {
  // Maillard, Roncalli and Teïletche (2010), section 3: four assets with volatilities of 10, 20, 30 and 40%.
  const VOLATILITIES = [0.1, 0.2, 0.3, 0.4];

  it("equals the weights of Maillard, Roncalli and Teïletche with constant correlation", () => {
    expect(inPercent(riskParityWeights(covarianceOf(VOLATILITIES, () => 0.5)))).toEqual([48, 24, 16, 12]);
  });

  it("equals their weights with different correlations", () => {
    const correlations: Readonly<Record<string, number>> = { "0 1": 0.8, "2 3": -0.5 };
    const covariance = covarianceOf(VOLATILITIES, (i, j) => correlations[`${Math.min(i, j)} ${Math.max(i, j)}`] ?? 0);
    expect(inPercent(riskParityWeights(covariance))).toEqual([38.4, 19.2, 24.3, 18.2]);
  });

  it.each([-0.9, 0, 0.3, 0.99])(
    "of two assets is in inverse proportion to their volatility at correlation %d",
    (rho) => {
      const [first, second] = riskParityWeights(covarianceOf([0.1, 0.4], () => rho));
      expect(first).toBeCloseTo(0.8, 9);
      expect(second).toBeCloseTo(0.2, 9);
    },
  );

  it("has positive weights that add up to one and contribute equally", () => {
    fc.assert(
      fc.property(covariances, (covariance) => {
        const weights = riskParityWeights(covariance);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        expect(weights.every((weight) => weight > 0)).toBe(true);
        for (const share of riskShares(covariance, weights)) expect(share).toBeCloseTo(1 / covariance.size, 8);
      }),
    );
  });

  it("does not depend on the unit of the returns", () => {
    fc.assert(
      fc.property(covariances, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), ({ size, values }, factor) => {
        const weights = riskParityWeights({ size, values });
        const scaled = riskParityWeights({ size, values: values.map((value) => value * factor) });
        scaled.forEach((weight, i) => {
          expect(weight).toBeCloseTo(weights[i]!, 9);
        });
      }),
    );
  });

  it("gives one column everything and no column nothing", () => {
    expect([...riskParityWeights({ size: 1, values: Float64Array.of(0.04) })]).toEqual([1]);
    expect([...riskParityWeights({ size: 0, values: new Float64Array(0) })]).toEqual([]);
  });

  it("refuses a column that does not vary, and columns that cancel one another", () => {
    expect(() => riskParityWeights({ size: 2, values: Float64Array.of(0, 0, 0, 1) })).toThrow(
      expect.objectContaining({ code: "SERIES_CONSTANT" }),
    );
    expect(() => riskParityWeights({ size: 2, values: Float64Array.of(1, -1, -1, 1) })).toThrow(
      expect.objectContaining({ code: "ARGUMENT_INVALID" }),
    );
  });
});

describe("sampleCovariance(columns)", () => {
  it("has divisor n − 1 and passes over rows in which a column is not defined", () => {
    const { values } = sampleCovariance([Float64Array.of(1, 2, 3, NaN), Float64Array.of(2, 4, 6, 100)]);
    expect([...values]).toEqual([1, 2, 2, 4]);
  });

  it("refuses columns of unequal length and fewer than two common rows", () => {
    expect(() => sampleCovariance([Float64Array.of(1, 2), Float64Array.of(1)])).toThrow(
      expect.objectContaining({ code: "SERIES_MISALIGNED" }),
    );
    expect(() => sampleCovariance([Float64Array.of(1, NaN), Float64Array.of(1, 2)])).toThrow(
      expect.objectContaining({ code: "SERIES_TOO_SHORT" }),
    );
  });

  it("shrinks covariances and keeps variances", () => {
    const covariance = { size: 2, values: Float64Array.of(4, 2, 2, 9) };
    expect([...shrinkToDiagonal(covariance, 0.25).values]).toEqual([4, 1.5, 1.5, 9]);
    expect([...standardDeviations(covariance)]).toEqual([2, 3]);
  });
});
