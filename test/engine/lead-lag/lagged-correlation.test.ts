import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { laggedCorrelation } from "../../../src/engine/lead-lag/lagged-correlation.js";
import type { PriceSeries } from "../../../src/engine/market-data/price-series.js";
import { gaussianRandom, seededRandom } from "../../../src/engine/statistics/seeded-random.js";
import { MS_PER_DAY, MS_PER_HOUR } from "../../../src/engine/units/epoch-ms.js";

/** Daily prices from day 0 that follow the given logarithmic returns. */
function pricesOf(returns: readonly number[]): PriceSeries {
  let logPrice = Math.log(100);
  return {
    openedAtMs: Float64Array.from(returns, (_, day) => day * MS_PER_DAY),
    prices: Float64Array.from(returns, (value) => {
      logPrice += value;
      return Math.exp(logPrice);
    }),
  };
}

function noise(seed: number, length: number): number[] {
  const gaussian = gaussianRandom(seededRandom(seed));
  return Array.from({ length }, () => 0.01 * gaussian());
}

const bestLag = (study: ReturnType<typeof laggedCorrelation>) =>
  study.lags.reduce((best, row) => (row.pearson > best.pearson ? row : best)).lag;

describe("laggedCorrelation(source, target, { minLag, maxLag, align, fromMs, toMs })", () => {
  const source = noise(1, 300);
  const follower = source.map((_, day) => source[day - 4] ?? 0);

  it("is 1 at the lag by which the target repeats the source, positive when the source leads", () => {
    const study = laggedCorrelation(pricesOf(source), pricesOf(follower), { maxLag: 10 });
    expect(bestLag(study)).toBe(4);
    // The first day's return is unknown and the target stood still on the three after it.
    expect(study.lags[4]!.pearson).toBeCloseTo(1, 6);
    expect(study.lags[4]!.spearman).toBeCloseTo(1, 6);
  });

  it("turns the sign of the lag when source and target change places", () => {
    const forth = laggedCorrelation(pricesOf(source), pricesOf(follower), { minLag: -6, maxLag: 6 });
    const back = laggedCorrelation(pricesOf(follower), pricesOf(source), { minLag: -6, maxLag: 6 });
    expect(bestLag(back)).toBe(-4);
    forth.lags.forEach((row, i) => {
      const mirrored = back.lags.at(-1 - i)!;
      expect(mirrored.lag).toBe(row.lag === 0 ? 0 : -row.lag);
      expect(mirrored.pearson).toBeCloseTo(row.pearson, 12);
      expect(mirrored.spearman).toBeCloseTo(row.spearman, 12);
    });
  });

  it("counts one pair less for each lag, in a band of 1.96/√n", () => {
    const study = laggedCorrelation(pricesOf(source), pricesOf(follower), { minLag: -2, maxLag: 2 });
    expect(study.n).toBe(299);
    expect(study.lags.map((row) => row.n)).toEqual([297, 298, 299, 298, 297]);
    expect(study.lags[2]!.band95).toBeCloseTo(1.96 / Math.sqrt(299), 15);
  });

  it("keeps about 95 of 100 unrelated pairs inside the band", () => {
    let inside = 0;
    for (let pair = 0; pair < 400; pair++) {
      const study = laggedCorrelation(pricesOf(noise(2 * pair, 200)), pricesOf(noise(2 * pair + 1, 200)), {
        maxLag: 0,
      });
      if (Math.abs(study.lags[0]!.pearson) < study.lags[0]!.band95) inside++;
    }
    expect(inside / 400).toBeGreaterThan(0.92);
    expect(inside / 400).toBeLessThan(0.98);
  });

  it("includes both ends of the range, whose first day only begins the first return", () => {
    const study = laggedCorrelation(pricesOf(source), pricesOf(follower), {
      maxLag: 0,
      fromMs: 10 * MS_PER_DAY,
      toMs: 20 * MS_PER_DAY,
    });
    expect([study.n, study.firstReturnMs, study.lastReturnMs]).toEqual([10, 11 * MS_PER_DAY, 20 * MS_PER_DAY]);
  });

  it("takes returns over consecutive common days, across a day only one of them traded", () => {
    const path = pricesOf(source);
    const isTraded = (_: number, day: number) => day % 7 !== 3;
    const holidays = { openedAtMs: path.openedAtMs.filter(isTraded), prices: path.prices.filter(isTraded) };
    const study = laggedCorrelation(path, holidays, { maxLag: 0 });
    expect(study.n).toBe(holidays.prices.length - 1);
    expect(study.lags[0]!.pearson).toBeCloseTo(1, 12);
  });

  it("leaves out the two returns that touch a price that is not positive", () => {
    const crude = pricesOf(source);
    crude.prices[150] = -36.98; // WTI on 2020-04-20
    const study = laggedCorrelation(crude, pricesOf(source), { maxLag: 1 });
    expect(study.lags.map((row) => row.n)).toEqual([297, 296]);
    expect(study.lags[0]!.pearson).toBeCloseTo(1, 12);
  });

  it("is NaN when a side does not move", () => {
    const study = laggedCorrelation(pricesOf(source.map(() => 0)), pricesOf(follower), { maxLag: 0 });
    expect(study.lags[0]).toMatchObject({ n: 299, pearson: NaN, spearman: NaN });
  });

  it("does not depend on the unit of the prices, ties included", () => {
    const ticks = fc.array(fc.integer({ min: 2000, max: 2040 }), { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(ticks, ticks, (sourceTicks, targetTicks) => {
        const inUnits = (prices: number[], unit: number) => ({
          openedAtMs: Float64Array.from(prices, (_, day) => day * MS_PER_DAY),
          prices: Float64Array.from(prices, (price) => price * unit),
        });
        const inVnd = laggedCorrelation(inUnits(sourceTicks, 1), inUnits(targetTicks, 10), { maxLag: 5 });
        const inThousands = laggedCorrelation(inUnits(sourceTicks, 1), inUnits(targetTicks, 0.01), { maxLag: 5 });
        inVnd.lags.forEach((row, i) => {
          expect(inThousands.lags[i]!.pearson).toBeCloseTo(row.pearson, 10);
          expect(inThousands.lags[i]!.spearman).toBeCloseTo(row.spearman, 12);
        });
      }),
    );
  });

  it("changes no figure of a range when prices after it change", () => {
    const options = { maxLag: 5, toMs: 200 * MS_PER_DAY };
    const target = pricesOf(follower);
    const changed = { ...target, prices: target.prices.map((price, day) => (day > 200 ? 1 : price)) };
    for (const align of ["inner", "as-of"] as const) {
      expect(laggedCorrelation(pricesOf(source), changed, { ...options, align })).toEqual(
        laggedCorrelation(pricesOf(source), target, { ...options, align }),
      );
    }
  });

  it("sees a source that closes after the target one day later under as-of", () => {
    const target = pricesOf(source);
    const closes = { sourceClosesAfterMs: 29 * MS_PER_HOUR, targetClosesAfterMs: 14.75 * MS_PER_HOUR };
    const study = laggedCorrelation(pricesOf(source), target, { minLag: -3, maxLag: 3, align: "as-of", ...closes });
    expect(bestLag(study)).toBe(-1);
  });

  it.each([{ maxLag: 1.5 }, { maxLag: NaN }, { minLag: 3, maxLag: 2 }, { minLag: -Infinity, maxLag: 1 }])(
    "refuses the lags %o",
    (lags) => {
      expect(() => laggedCorrelation(pricesOf(source), pricesOf(follower), lags)).toThrow(
        expect.objectContaining({ code: "LAG_INVALID" }),
      );
    },
  );

  it("refuses a range that ends before it begins", () => {
    expect(() => laggedCorrelation(pricesOf(source), pricesOf(follower), { maxLag: 1, fromMs: 2, toMs: 1 })).toThrow(
      expect.objectContaining({ code: "RANGE_INVALID" }),
    );
  });

  it.each([
    ["a lag longer than the history", { maxLag: 297 }],
    ["a range without a common day", { maxLag: 0, fromMs: 1000 * MS_PER_DAY }],
    ["a range of three days", { maxLag: 0, toMs: 2 * MS_PER_DAY }],
  ])("refuses %s", (_case, options) => {
    expect(() => laggedCorrelation(pricesOf(source), pricesOf(follower), options)).toThrow(
      expect.objectContaining({ code: "SERIES_TOO_SHORT" }),
    );
  });
});
