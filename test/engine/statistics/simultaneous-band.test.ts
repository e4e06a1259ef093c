import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simultaneousBand } from "../../../src/engine/statistics/simultaneous-band.js";

describe("simultaneousBand({n, tests, confidence})", () => {
  it("is 1.96/√n for one test at 95%", () => {
    expect(simultaneousBand({ n: 100, tests: 1 })).toBeCloseTo(0.195996, 6);
  });

  it("uses the 99.9194% quantile, 3.1536, for 31 lags at 95%", () => {
    expect(simultaneousBand({ n: 1, tests: 31 })).toBeCloseTo(3.153563, 5);
  });

  it("widens with the number of tests and narrows with the sample", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5_000 }), fc.integer({ min: 1, max: 500 }), (n, tests) => {
        const band = simultaneousBand({ n, tests });
        expect(simultaneousBand({ n, tests: tests + 1 })).toBeGreaterThan(band);
        expect(simultaneousBand({ n: n + 1, tests })).toBeLessThan(band);
      }),
    );
  });

  it("is NaN without a sample", () => {
    expect(simultaneousBand({ n: 0, tests: 1 })).toBeNaN();
  });
});
