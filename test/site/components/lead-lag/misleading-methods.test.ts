import { describe, expect, it } from "vitest";
import {
  bestLagsOfNoise,
  correlatedLevels,
  treeScores,
  winnersCurse,
} from "../../../../notebooks/components/lead-lag/misleading-methods.js";
import {
  PLANTED_LAG,
  simulatedPairs,
  strongestLag,
} from "../../../../notebooks/components/lead-lag/simulated-pairs.js";

const settings = { days: 1250, correlation: 0.3, seed: 7 };
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("simulatedPairs(count, settings)", () => {
  it("plants the correlation at the planted lag, and nothing without one", () => {
    for (const pair of simulatedPairs(5, settings)) {
      const { lag, correlation } = strongestLag(pair, 0, settings.days);
      expect(lag).toBe(PLANTED_LAG);
      expect(correlation).toBeGreaterThan(0.2);
    }
    const [noise] = simulatedPairs(1, { ...settings, correlation: 0 });
    expect(Math.abs(strongestLag(noise!, 0, settings.days).correlation)).toBeLessThan(0.15);
  });
  it("is the same for the same seed", () => {
    expect(simulatedPairs(2, settings)).toEqual(simulatedPairs(2, settings));
    expect(simulatedPairs(1, settings)).not.toEqual(simulatedPairs(1, { ...settings, seed: 8 }));
  });
});

describe("correlatedLevels(settings)", () => {
  it("finds strong correlations of unrelated prices and none of their returns", () => {
    const { levels, returns } = correlatedLevels(settings);
    // Random walks of any length: about 40% of correlations are beyond 0.5 (Yule 1926).
    const strong = levels.filter((value) => Math.abs(value) > 0.5).length / levels.length;
    expect(strong).toBeGreaterThan(0.3);
    expect(strong).toBeLessThan(0.55);
    expect(Math.max(...returns.map(Math.abs))).toBeLessThan(0.15);
  });
});

describe("bestLagsOfNoise(settings)", () => {
  it("leaves the band of one lag four times in five, and that of all lags one time in twenty", () => {
    const { beyondOneLag, beyondAllLags } = bestLagsOfNoise(settings);
    // 1 − 0.95³¹ = 0.796 for independent lags.
    expect(beyondOneLag).toBeGreaterThan(0.72);
    expect(beyondOneLag).toBeLessThan(0.87);
    expect(beyondAllLags).toBeLessThan(0.09);
  });
});

describe("winnersCurse(settings)", () => {
  it("lets noise fall to nothing on held-out days and keeps a planted lead", () => {
    const rows = winnersCurse(settings);
    const noise = rows.filter(({ isRelated }) => !isRelated);
    const related = rows.filter(({ isRelated }) => isRelated);
    expect(meanOf(noise.map(({ inSample }) => inSample))).toBeGreaterThan(0.06);
    expect(Math.abs(meanOf(noise.map(({ heldOut }) => heldOut)))).toBeLessThan(0.015);
    expect(meanOf(related.map(({ heldOut }) => heldOut))).toBeCloseTo(0.3, 1);
  });
});

describe("treeScores(settings)", () => {
  it("scores prices high in sample without any relation, and returns not above the mean out of sample", () => {
    const scores = [...treeScores({ ...settings, days: 600 })].filter(({ isRelated }) => !isRelated);
    expect(meanOf(scores.map(({ levelsInSample }) => levelsInSample))).toBeGreaterThan(0.4);
    expect(meanOf(scores.map(({ returnsOutOfSample }) => returnsOutOfSample))).toBeLessThan(0);
  });
});
