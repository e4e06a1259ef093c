import { describe, expect, it } from "vitest";
import { boostingTitle, forecastBand } from "../../../../notebooks/components/lead-lag/boosting-words.js";
import { withRaisedPowers } from "../../../../notebooks/components/lead-lag/verdict-words.js";
import type { BoostingByLag } from "../../../../src/engine/lead-lag/boosting-by-lag.js";

/** Forecasts of 1,000 days at lags 0, 1, …, by the IC of the trees and of the linear model. */
const forecasts = (ics: readonly number[], linear: readonly number[] = ics.map(() => 0)) =>
  ({
    testRows: 1000,
    lags: ics.map((ic, lag) => ({ lag, ic, r2: -0.1, linear: { ic: linear[lag], r2: 0 } })),
  }) as unknown as BoostingByLag;

describe("boostingTitle(boosting, isLagZeroTradable, target)", () => {
  it("names the best lag that can be traded when it is beyond chance", () => {
    const boosting = forecasts([0.3, 0.2, 0.1]);
    expect(boostingTitle(boosting, false, "HPG")).toMatch(/best from lag 1: IC \+0\.200, R² −10\.0% out of sample$/);
    expect(boostingTitle(boosting, true, "HPG")).toMatch(/best from lag 0/);
  });
  it("says when no lag helps, and when a linear model does", () => {
    expect(boostingTitle(forecasts([0.3, 0.02]), false, "HPG")).toBe(
      "No lag lets boosted trees forecast HPG beyond chance (best: lag 1, IC +0.020, R² −10.0%)",
    );
    expect(boostingTitle(forecasts([0, 0.02], [0, 0.15]), false, "HPG")).toMatch(
      /; a linear model does at lag 1 \(IC \+0\.150\)$/,
    );
  });
});

describe("forecastBand(boosting)", () => {
  it("pays for every lag: z(1 − 0.05/62)/√1000 for 31 of them", () => {
    // Normal quantile of 1 − 0.05/62 = 3.1536, from tables.
    expect(forecastBand(forecasts(Array.from({ length: 31 }, () => 0)))).toBeCloseTo(3.1536 / Math.sqrt(1000), 4);
  });
});

describe("withRaisedPowers(reason)", () => {
  it("raises the powers of ten of small probabilities", () => {
    expect(withRaisedPowers("p = 4·10^-16 over 93 tests")).toBe("p = 4·10⁻¹⁶ over 93 tests");
  });
});
