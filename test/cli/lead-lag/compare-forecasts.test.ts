import { describe, expect, it } from "vitest";
import { compareForecasts, forecastText } from "../../../src/cli/lead-lag/compare-forecasts.js";

const forecasts = (...ics: (number | null)[]) => ics.map((ic, lag) => ({ lag, ic, r2: ic === null ? null : -ic }));

describe("compareForecasts(first, second)", () => {
  it("takes the first from the second at every lag", () => {
    const { lags } = compareForecasts(forecasts(0.25, 0.5), forecasts(0.5, 0.125));
    expect(lags).toEqual([
      { lag: 0, ic: [0.25, 0.5], icDifference: 0.25, r2: [-0.25, -0.5], r2Difference: -0.25 },
      { lag: 1, ic: [0.5, 0.125], icDifference: -0.375, r2: [-0.5, -0.125], r2Difference: 0.375 },
    ]);
  });

  it("says how far the two agree", () => {
    // Ranks 1 3 2 4 and 2 3 1 4: Spearman's 1 − 6·Σd² / (n(n² − 1)) = 1 − 6·2/60.
    const { agreement } = compareForecasts(forecasts(-0.5, 0.25, 0, 0.5), forecasts(0, 0.125, -0.25, 0.75));
    expect(agreement).toEqual({
      lags: 4,
      icRankCorrelation: expect.closeTo(0.8, 12),
      largestIcDifference: { lag: 0, difference: 0.5 },
      bestLags: [3, 3],
    });
  });

  it("lists lags that only one has, and leaves them out of the agreement", () => {
    const { lags, agreement } = compareForecasts(forecasts(0.1, 0.3), forecasts(0.1, 0.2, 0.9));
    expect(lags[2]).toEqual({ lag: 2, ic: [null, 0.9], icDifference: null, r2: [null, -0.9], r2Difference: null });
    expect(agreement).toMatchObject({ lags: 2, icRankCorrelation: null, bestLags: [1, 1] });
  });

  it("has no agreement with forecasts that were not made", () => {
    expect(compareForecasts(forecasts(null, null), forecasts(0.1, 0.2)).agreement).toBeNull();
    expect(compareForecasts([], []).agreement).toBeNull();
  });
});

describe("forecastText(comparison, labels)", () => {
  it("ends with the agreement in a sentence", () => {
    const text = forecastText(compareForecasts(forecasts(0.1, 0.2, 0.3), forecasts(0.2, 0.25, 0.1)), ["a", "b"]);
    expect(text.split("\n")[0]).toMatch(/^lag +IC a +IC b +Δ +R² a +R² b +Δ$/);
    expect(text.trimEnd().split("\n").at(-1)).toBe(
      "Over 3 lags the rank correlation of the two ICs is -0.50; they are 0.2000 apart at most, at lag 2; a has its best IC at lag 2, b at lag 1.",
    );
  });

  it("says so when there is nothing to compare", () => {
    expect(forecastText(compareForecasts(forecasts(null), forecasts(0.1)), ["a", "b"])).toBe(
      "a and b have no lag with forecasts of both.\n",
    );
  });
});
