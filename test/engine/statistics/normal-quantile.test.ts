import { describe, expect, it } from "vitest";
import { normalQuantile } from "../../../src/engine/statistics/normal-quantile.js";

describe("normalQuantile(probability)", () => {
  // Abramowitz and Stegun (1964), tables 26.5 and 26.6.
  it.each([
    [0.5, 0],
    [0.9, 1.2815515655],
    [0.975, 1.9599639845],
    [0.995, 2.5758293035],
    [0.9995, 3.2905267315],
    [0.025, -1.9599639845],
  ])("at %d is %d", (probability, quantile) => expect(normalQuantile(probability)).toBeCloseTo(quantile, 7));
  it("is infinite at the ends and undefined outside", () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(normalQuantile(1.1)).toBeNaN();
  });
});
