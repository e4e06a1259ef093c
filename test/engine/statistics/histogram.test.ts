import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histogram, normalDensity } from "../../../src/engine/statistics/histogram.js";

describe("histogram(values, { binCount } | { binWidth })", () => {
  it("closes the last bin on both sides, as NumPy does", () => {
    // numpy.histogram([1, 2, 1], bins=[0, 1, 2, 3]) and numpy.histogram([0, 1, 2, 3, 4], bins=2)
    expect(histogram([0, 1, 2, 3, 4], { binCount: 2 })).toEqual({
      edges: Float64Array.of(0, 2, 4),
      counts: Float64Array.of(2, 3),
    });
  });

  it("puts edges on multiples of the width", () => {
    expect(histogram([-3, 4, 9], { binWidth: 5 })).toEqual({
      edges: Float64Array.of(-5, 0, 5, 10),
      counts: Float64Array.of(1, 1, 1),
    });
  });

  it("gives values that do not vary a range of one unit around them", () => {
    expect(histogram([3, 3], { binCount: 1 })).toEqual({
      edges: Float64Array.of(2.5, 3.5),
      counts: Float64Array.of(2),
    });
  });

  it("is empty without values", () => {
    expect(histogram([NaN], { binCount: 5 })).toEqual({ edges: new Float64Array(0), counts: new Float64Array(0) });
    expect(histogram([], { binWidth: 5 })).toEqual({ edges: new Float64Array(0), counts: new Float64Array(0) });
  });

  it("loses no value of a range too small to be divided", () => {
    expect(histogram([0, -Number.MIN_VALUE], { binCount: 2 }).counts).toEqual(Float64Array.of(0, 2));
  });

  it("counts every finite value once, in the bin whose edges hold it", () => {
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 60 });
    const bins = fc.oneof(
      fc.record({ binCount: fc.integer({ min: 1, max: 30 }) }),
      fc.record({ binWidth: fc.constantFrom(0.1, 1, 7.5, 1000) }),
    );
    fc.assert(
      fc.property(values, bins, (sample, how) => {
        const { edges, counts } = histogram(sample, how);
        const last = counts.length - 1;
        counts.forEach((count, bin) => {
          const held = sample.filter((v) => (bin === 0 || v >= edges[bin]!) && (bin === last || v < edges[bin + 1]!));
          expect(count).toBe(held.length);
        });
      }),
    );
  });

  it.each([
    { binCount: 0 },
    { binCount: 1.5 },
    { binWidth: 0 },
    { binWidth: -1 },
    { binWidth: NaN },
    { binWidth: 1e-9 },
  ])("refuses %o", (bins) => {
    expect(() => histogram([0, 1], bins)).toThrow(expect.objectContaining({ code: "ARGUMENT_INVALID" }));
  });
});

describe("normalDensity(x, { mean, stdDev })", () => {
  it("is 0.3989 at the centre of the standard normal and 0.2420 one deviation away", () => {
    expect(normalDensity(0, { mean: 0, stdDev: 1 })).toBeCloseTo(0.3989422804, 10);
    expect(normalDensity(7, { mean: 5, stdDev: 2 })).toBeCloseTo(0.2419707245 / 2, 10);
  });

  it("is NaN without spread", () => {
    expect(normalDensity(0, { mean: 0, stdDev: 0 })).toBeNaN();
  });
});
