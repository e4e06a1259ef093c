import { beforeAll, describe, expect, it } from "vitest";
import { type ScreenedPair, screenPairs } from "../../../src/engine/lead-lag/screen-pairs.js";
import { testPair } from "../../../src/engine/lead-lag/study-pair.js";
import { gaussianRandom, seededRandom } from "../../../src/engine/statistics/seeded-random.js";
import { simulatePair } from "../../support/lead-lag-simulation.js";
import { OPTIONS, pairOf } from "../../support/study-inputs.js";

const PAIRS = 200;
const SIGNIFICANCE = 0.05;
const LARGEST_LAG = 30;

/** Evenly spread plants: every lag from 1 to 30 in turn, correlations from 0.05 to 0.5. */
const PLANTS = Array.from({ length: PAIRS }, (_, i) => ({
  kind: "linear" as const,
  lag: 1 + ((i * 7) % LARGEST_LAG),
  correlation: 0.05 + (0.45 * (i + 0.5)) / PAIRS,
}));

describe("screenPairs on 200 planted and 200 unrelated pairs of 1,250 simulated days", () => {
  let planted: readonly ScreenedPair[];
  let unrelated: readonly ScreenedPair[];
  const foundLag = (pair: ScreenedPair) => (pair.verdict.kind === "lead-found" ? pair.verdict.lag : undefined);
  const isFound = (pair: ScreenedPair, i: number) => Math.abs((foundLag(pair) ?? NaN) - PLANTS[i]!.lag) <= 1;
  const recall = (from: number, to: number) => {
    const within = [...PLANTS.keys()].filter((i) => PLANTS[i]!.correlation >= from && PLANTS[i]!.correlation < to);
    return within.filter((i) => isFound(planted[i]!, i)).length / within.length;
  };

  beforeAll(async () => {
    const pairs = [
      ...PLANTS.map((plant, i) => simulatePair(71_000 + i, plant)),
      ...Array.from({ length: PAIRS }, (_, i) => simulatePair(72_000 + i, { kind: "none" })),
    ];
    const screened = await screenPairs(
      pairs.map(({ source, target }) => pairOf(source, target)),
      { ...OPTIONS, resamples: 50 },
    );
    planted = screened.slice(0, PAIRS);
    unrelated = screened.slice(PAIRS);
  }, 60_000);

  it("finds nine in ten of the leads, to within a day", () => expect(recall(0, 1)).toBeGreaterThanOrEqual(0.9));
  it("finds those of correlation 0.10 to 0.15", () => expect(recall(0.1, 0.15)).toBeGreaterThanOrEqual(0.85));
  it("finds nearly all of correlation 0.20 and more", () => expect(recall(0.2, 1)).toBeGreaterThanOrEqual(0.97));

  it("declares at most one in twenty of the unrelated pairs", () => {
    expect(unrelated.filter((pair) => foundLag(pair) !== undefined).length / PAIRS).toBeLessThanOrEqual(0.05);
  });

  it("is wrong in at most one in twenty of its declarations, wrong lags included", () => {
    const declared = [...planted, ...unrelated].filter((pair) => foundLag(pair) !== undefined).length;
    const right = planted.filter(isFound).length;
    expect((declared - right) / declared).toBeLessThanOrEqual(0.05);
  });

  it("has the planted lag inside the interval of the lag in nine of ten leads it finds", () => {
    const found = [...planted.keys()].filter((i) => foundLag(planted[i]!) !== undefined);
    const inside = found.filter((i) => {
      const [first, last] = planted[i]!.verdict.lagInterval!;
      return first <= PLANTS[i]!.lag && PLANTS[i]!.lag <= last;
    });
    expect(inside.length / found.length).toBeGreaterThanOrEqual(0.9);
  });

  it("has an IC on held-out days that is zero on average for unrelated pairs, unlike the one in sample", () => {
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const tested = unrelated.flatMap((pair) => (pair.kind === "tested" ? [pair.tested] : []));
    expect(mean(tested.map(({ test }) => Math.abs(test.lead.correlation)))).toBeGreaterThan(0.07);
    expect(Math.abs(mean(tested.map(({ heldOutIc }) => heldOutIc)))).toBeLessThan(0.015);
  });
});

describe("testPair on relations that are not in proportion", () => {
  const shapes: readonly [string, (news: number) => number][] = [
    ["only moves beyond 1.5 standard deviations", (news) => (Math.abs(news) > 1.5 ? news : 0)],
    ["the size of the move", Math.abs],
    ["the square of the move", (news) => news ** 2],
    ["rises only", (news) => Math.max(0, news)],
    ["the direction only", Math.sign],
  ];
  it("finds four in five of them", () => {
    let found = 0;
    for (let i = 0; i < 100; i++) {
      const [, shape] = shapes[i % shapes.length]!;
      const lag = 1 + ((i * 7) % LARGEST_LAG);
      const pair = simulatePair(73_000 + i, { kind: "shaped", lag, correlation: 0.15 + (0.35 * i) / 100, shape });
      const { lead } = testPair(pairOf(pair.source, pair.target), OPTIONS).tested.test;
      if (lead.p <= SIGNIFICANCE && Math.abs(lead.lag - lag) <= 1) found++;
    }
    expect(found / 100).toBeGreaterThanOrEqual(0.8);
  });
});

describe("testPair on unrelated series that are hard to tell apart from leads", () => {
  const share = (seed: number, pair: (i: number) => ReturnType<typeof pairOf>) => {
    let declared = 0;
    for (let i = 0; i < PAIRS; i++) if (testPair(pair(seed + i), OPTIONS).tested.p <= SIGNIFICANCE) declared++;
    return declared / PAIRS;
  };
  const noise = (seed: number) => simulatePair(seed, { kind: "none" });
  const delayed = (values: Float64Array, lag: number) => values.map((_, day) => values[day - lag] ?? 0);

  it.each([1, 5])("a factor that the target follows %d days late, once it is partialled out", (late) => {
    const rate = share(74_000, (seed) => {
      const factor = noise(seed).source;
      const own = noise(seed + 10_000);
      const follows = delayed(factor, late);
      return pairOf(
        own.source.map((value, day) => 0.6 * factor[day]! + 0.8 * value),
        own.target.map((value, day) => 0.6 * follows[day]! + 0.8 * value),
        [factor],
      );
    });
    expect(rate).toBeLessThanOrEqual(0.08);
  });

  it("the same factor declares nearly every pair when it is left in, so the test above tests something", () => {
    const rate = share(74_000, (seed) => {
      const factor = noise(seed).source;
      const own = noise(seed + 10_000);
      const follows = delayed(factor, 1);
      return pairOf(
        own.source.map((value, day) => 0.6 * factor[day]! + 0.8 * value),
        own.target.map((value, day) => 0.6 * follows[day]! + 0.8 * value),
      );
    });
    expect(rate).toBeGreaterThan(0.9);
  });

  it("means of the days of the week that both sides have", () => {
    const rate = share(79_000, (seed) => {
      const { source, target } = noise(seed);
      const weekly = gaussianRandom(seededRandom(seed));
      const means = Array.from({ length: 7 }, () => 0.004 * weekly());
      const withMeans = (values: Float64Array) => values.map((value, day) => value + means[day % 7]!);
      return pairOf(withMeans(source), withMeans(target));
    });
    expect(rate).toBeLessThanOrEqual(0.08);
  });

  it("a target that moves with the source and remembers its own move of seven days before", () => {
    const rate = share(77_000, (seed) => {
      const { source, target } = noise(seed);
      const together = target.map((value, day) => 0.6 * value + 0.8 * source[day]!);
      for (let day = 7; day < together.length; day++) together[day]! += 0.25 * together[day - 7]!;
      return pairOf(source, together);
    });
    expect(rate).toBeLessThanOrEqual(0.08);
  });

  it("a target that moves with the source but trades on every other day", () => {
    const rate = share(78_000, (seed) => {
      const { source, target } = noise(seed);
      const random = seededRandom(seed);
      let untold = 0;
      const stale = target.map((value, day) => {
        untold += 0.6 * value + 0.8 * source[day]!;
        if (random() < 0.5) return 0;
        const told = untold;
        untold = 0;
        return told;
      });
      return pairOf(source, stale);
    });
    expect(rate).toBeLessThanOrEqual(0.08);
  });

  it("returns over five days that overlap", () => {
    const overlapping = (values: Float64Array) =>
      values.map((_, day) => {
        let sum = 0;
        for (let back = 0; back < 5; back++) sum += values[day - back] ?? 0;
        return sum;
      });
    const rate = share(75_000, (seed) => {
      const { source, target } = noise(seed);
      return pairOf(overlapping(source), overlapping(target));
    });
    expect(rate).toBeLessThanOrEqual(0.08);
  });
});
