import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { benjaminiHochberg } from "../../../src/engine/statistics/false-discovery-rate.js";

describe("benjaminiHochberg(pValues)", () => {
  it("agrees with a step-up computed by hand", () => {
    // Ordered .005 .01 .03 .04 .55; times 5/rank: .025 .025 .05 .05 .55, made monotone from the largest down.
    const adjusted = benjaminiHochberg(Float64Array.of(0.01, 0.04, 0.03, 0.005, 0.55));
    [0.025, 0.05, 0.05, 0.025, 0.55].forEach((q, i) => {
      expect(adjusted[i]).toBeCloseTo(q, 14);
    });
  });

  it("does not count what was not tested", () => {
    const adjusted = benjaminiHochberg(Float64Array.of(0.01, NaN, 0.02));
    expect(adjusted[0]).toBeCloseTo(0.02, 14);
    expect(adjusted[1]).toBeNaN();
  });

  it("never makes a p-value smaller, keeps their order, and stays at most 1", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (values) => {
        const adjusted = benjaminiHochberg(Float64Array.from(values));
        values.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          values.forEach((other, j) => {
            if (p < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
          });
        });
      }),
    );
  });
});
