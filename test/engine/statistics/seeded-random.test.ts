import { describe, expect, it } from "vitest";
import { summarize } from "../../../src/engine/statistics/moments.js";
import { gaussianRandom, seededRandom, xoshiro128StarStar } from "../../../src/engine/statistics/seeded-random.js";

const draws = (random: () => number, count: number) => Float64Array.from({ length: count }, random);

describe("xoshiro128StarStar(state)", () => {
  it("gives the reference sequence from state 1, 2, 3, 4", () => {
    // The test vector of the rand_xoshiro crate, made with http://xoshiro.di.unimi.it/xoshiro128starstar.c
    expect([...draws(xoshiro128StarStar([1, 2, 3, 4]), 10)]).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });
});

describe("seededRandom(seed)", () => {
  it("repeats itself for the same seed and differs for another", () => {
    expect(draws(seededRandom(42), 5)).toEqual(draws(seededRandom(42), 5));
    expect(draws(seededRandom(42), 5)).not.toEqual(draws(seededRandom(43), 5));
  });

  it("is uniform on [0, 1): mean 1/2, variance 1/12, every tenth equally filled", () => {
    const sample = draws(seededRandom(1), 100_000);
    const { mean, sampleStdDev, min, max } = summarize(sample);
    expect(mean).toBeCloseTo(0.5, 2);
    expect(sampleStdDev ** 2).toBeCloseTo(1 / 12, 2);
    expect(min >= 0 && max < 1).toBe(true);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = sample.filter((value) => Math.floor(value * 10) === tenth).length / sample.length;
      expect(Math.abs(share - 0.1)).toBeLessThan(0.005);
    }
  });

  it("gives neighbouring seeds unrelated first values", () => {
    const firsts = Float64Array.from({ length: 1000 }, (_, seed) => seededRandom(seed)());
    expect(summarize(firsts).mean).toBeCloseTo(0.5, 1);
    expect(new Set(firsts).size).toBe(1000);
  });
});

describe("gaussianRandom(random)", () => {
  it("has mean 0, deviation 1, no skew and no excess kurtosis", () => {
    const summary = summarize(draws(gaussianRandom(seededRandom(2)), 100_000));
    expect(summary.mean).toBeCloseTo(0, 1);
    expect(summary.sampleStdDev).toBeCloseTo(1, 1);
    expect(summary.skewness).toBeCloseTo(0, 1);
    expect(summary.excessKurtosis).toBeCloseTo(0, 1);
  });

  it("is finite even when the uniform source gives 0", () => {
    const gaussian = gaussianRandom(() => 0);
    expect([gaussian(), gaussian()].every(Number.isFinite)).toBe(true);
  });
});
