import { describe, expect, it } from "vitest";
import type { PriceSeries } from "../../../src/engine/market-data/price-series.js";
import { gaussianRandom, seededRandom } from "../../../src/engine/statistics/seeded-random.js";
import { type BetaOptions, measureBetas } from "../../../src/engine/value-chain/measured-beta.js";

const DAY = 86_400_000;

/** Prices at one a day whose log returns are these. */
function pricesOf(returns: readonly number[]): PriceSeries {
  let price = 100;
  const prices = [price, ...returns.map((each) => (price *= Math.exp(each)))];
  return { openedAtMs: Float64Array.from(prices, (_, i) => i * DAY), prices: Float64Array.from(prices) };
}

/** The one beta of a target with one source. */
function measureBeta(
  series: PriceSeries,
  target: PriceSeries,
  { sourceClosesAfterMs = 0, ...options }: BetaOptions & { sourceClosesAfterMs?: number } = {},
) {
  return measureBetas([{ series, closesAfterMs: sourceClosesAfterMs }], target, options)[0]!;
}

function draws(count: number, seed: number): number[] {
  const next = gaussianRandom(seededRandom(seed));
  return Array.from({ length: count }, () => 0.01 * next());
}

describe("measureBetas([source], target, {horizon, targetClosesAfterMs})", () => {
  it("is exact, without error, for a target that is a power of the source", () => {
    const source = draws(300, 1);
    const { beta, standardError, n } = measureBeta(pricesOf(source), pricesOf(source.map((each) => -0.7 * each)), {
      horizon: 1,
    });
    expect(beta).toBeCloseTo(-0.7, 12);
    expect(standardError).toBeLessThan(1e-12);
    expect(n).toBe(300);
  });

  it("gives slope and Newey-West error of a worked example", () => {
    // Independent check: statsmodels-style sandwich written out below, in matrix form with the intercept.
    const source = draws(120, 2);
    const noise = draws(120, 3);
    const target = source.map((each, i) => 0.4 * each + noise[i]! + 0.5 * (noise[i - 1] ?? 0));
    const { beta, standardError } = measureBeta(pricesOf(source), pricesOf(target), { horizon: 1 });
    const reference = sandwich(source, target, 4);
    expect(beta).toBeCloseTo(reference.slope, 10);
    expect(standardError).toBeCloseTo(reference.error, 10);
  });

  it("covers the true slope about as often as it says", () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const source = draws(400, 10 + seed);
      const noise = draws(400, 1_000 + seed);
      const target = source.map((each, i) => 0.5 * each + noise[i]!);
      const { beta, standardError } = measureBeta(pricesOf(source), pricesOf(target), { horizon: 1 });
      if (Math.abs(beta - 0.5) < 1.96 * standardError) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.9);
    expect(covered / 200).toBeLessThan(0.99);
  });

  it("counts a response that takes five days when returns span twenty", () => {
    const source = draws(2_000, 5);
    const target = source.map((_, i) => 0.6 * (source[i - 5] ?? 0));
    expect(Math.abs(measureBeta(pricesOf(source), pricesOf(target), { horizon: 1 }).beta)).toBeLessThan(0.05);
    expect(measureBeta(pricesOf(source), pricesOf(target)).beta).toBeGreaterThan(0.35);
  });

  it("sees no price of the source that was not known when the target closed", () => {
    const source = draws(300, 6);
    const target = [0, ...source.slice(0, -1)];
    const late = { horizon: 1, sourceClosesAfterMs: DAY, targetClosesAfterMs: DAY / 2 };
    expect(measureBeta(pricesOf(source), pricesOf(target), late).beta).toBeCloseTo(1, 10);
  });

  it("leaves out returns that touch a price of zero or below", () => {
    const source = draws(300, 7);
    const series = pricesOf(source);
    const holed = { ...series, prices: series.prices.with(100, -36.98) };
    const { beta, n } = measureBeta(holed, pricesOf(source), { horizon: 1 });
    expect(n).toBe(298);
    expect(beta).toBeCloseTo(1, 12);
  });

  it("is NaN for fewer than 60 returns or six horizons of them, and for a source that does not vary", () => {
    const few = draws(59, 8);
    expect(measureBeta(pricesOf(few), pricesOf(few), { horizon: 1 })).toEqual({ beta: NaN, standardError: NaN, n: 59 });
    const months = draws(130, 8);
    expect(measureBeta(pricesOf(months), pricesOf(months)).beta).toBeNaN();
    const flat = pricesOf(Array(100).fill(0));
    expect(measureBeta(flat, pricesOf(draws(100, 9)), { horizon: 1 }).beta).toBeNaN();
  });

  it("refuses a horizon that is no number of rows", () => {
    const series = pricesOf(draws(10, 1));
    expect(() => measureBeta(series, series, { horizon: 0 })).toThrow(
      "invalid horizon: 0 (accepted: an integer from 1 to 250)",
    );
  });
});

describe("measureBetas(sources, target, options)", () => {
  it("tells the direct effects of sources that move together apart", () => {
    const ore = draws(400, 21);
    const premium = draws(400, 22);
    const steel = ore.map((each, i) => 0.6 * each + premium[i]!);
    const maker = steel.map((each, i) => 0.9 * each - 0.3 * ore[i]!);
    const [ofOre, ofSteel] = measureBetas([{ series: pricesOf(ore) }, { series: pricesOf(steel) }], pricesOf(maker), {
      horizon: 1,
    });
    expect(ofOre!.beta).toBeCloseTo(-0.3, 10);
    expect(ofSteel!.beta).toBeCloseTo(0.9, 10);
    // Alone, ore shows its total effect: the direct one plus the path through steel, an identity of least squares.
    const alone = (of: readonly number[]) => measureBeta(pricesOf(ore), pricesOf(of), { horizon: 1 }).beta;
    expect(alone(maker)).toBeCloseTo(-0.3 + alone(steel) * 0.9, 10);
  });

  it("leaves out a source with half the history of the longest or less", () => {
    const [long, short] = [draws(400, 23), draws(400, 24)];
    const late = pricesOf(short);
    const young = { openedAtMs: late.openedAtMs.slice(250), prices: late.prices.slice(250) };
    const target = pricesOf(long.map((each, i) => each + short[i]!));
    const [ofLong, ofYoung] = measureBetas([{ series: pricesOf(long) }, { series: young }], target, { horizon: 1 });
    expect(ofLong!.n).toBe(400);
    expect(ofYoung!.beta).toBeNaN();
  });

  it("gives no beta to sources that determine one another", () => {
    const source = { series: pricesOf(draws(300, 25)) };
    const betas = measureBetas([source, source], pricesOf(draws(300, 26)), { horizon: 1 });
    expect(betas.map(({ beta }) => beta)).toEqual([NaN, NaN]);
  });

  it("needs ten returns for each source, and takes none", () => {
    const sources = Array.from({ length: 7 }, (_, i) => ({ series: pricesOf(draws(65, 30 + i)) }));
    expect(measureBetas(sources, pricesOf(draws(65, 40)), { horizon: 1 })[0]!.beta).toBeNaN();
    expect(measureBetas(sources.slice(1), pricesOf(draws(65, 40)), { horizon: 1 })[0]!.beta).not.toBeNaN();
    expect(measureBetas([], pricesOf(draws(65, 40)))).toEqual([]);
  });
});

/** (X′X)⁻¹ S (X′X)⁻¹ with X = [1, x] and Bartlett weights. */
function sandwich(x: readonly number[], y: readonly number[], lags: number): { slope: number; error: number } {
  const n = x.length;
  const sum = (f: (i: number) => number) => x.reduce((total, _, i) => total + f(i), 0);
  const [sx, sxx, sy, sxy] = [sum((i) => x[i]!), sum((i) => x[i]! ** 2), sum((i) => y[i]!), sum((i) => x[i]! * y[i]!)];
  const determinant = n * sxx - sx * sx;
  const inverse = [sxx / determinant, -sx / determinant, n / determinant] as const;
  const intercept = inverse[0] * sy + inverse[1] * sxy;
  const slope = inverse[1] * sy + inverse[2] * sxy;
  const residual = (i: number) => y[i]! - intercept - slope * x[i]!;
  const meat = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = Math.max(0, i - lags); j <= Math.min(n - 1, i + lags); j++) {
      const weight = (1 - Math.abs(i - j) / (lags + 1)) * residual(i) * residual(j);
      meat[0]! += weight;
      meat[1]! += weight * x[j]!;
      meat[2]! += weight * x[i]! * x[j]!;
    }
  }
  const [, b, c] = inverse;
  return { slope, error: Math.sqrt(b * b * meat[0]! + 2 * b * c * meat[1]! + c * c * meat[2]!) };
}
