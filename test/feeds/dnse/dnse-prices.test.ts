import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { billionsToVnd, thousandsToVnd } from "../../../src/feeds/dnse/dnse-prices.js";

describe("thousandsToVnd(thousands)", () => {
  it("has none of the dust of binary fractions", () => {
    expect(16.1 * 1_000).toBe(16100.000000000002);
    expect(thousandsToVnd(16.1)).toBe(16100);
    expect(thousandsToVnd(24.35)).toBe(24_350);
    expect(thousandsToVnd(0.01)).toBe(10);
    expect(thousandsToVnd(22.958)).toBe(22_958);
  });

  it("gives back every whole price in VND", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (vnd) => {
        expect(thousandsToVnd(vnd / 1_000)).toBe(vnd);
        expect(thousandsToVnd(Number((vnd / 1_000).toFixed(3)))).toBe(vnd);
      }),
    );
  });
});

describe("billionsToVnd(billions)", () => {
  it("is whole VND", () => {
    expect(billionsToVnd(18_650.46734291)).toBe(18_650_467_342_910);
  });
});
