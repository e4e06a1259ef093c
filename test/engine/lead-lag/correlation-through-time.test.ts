import { describe, expect, it } from "vitest";
import {
  correlationAroundDay,
  correlationByBlock,
  correlationByYear,
  rollingLag,
} from "../../../src/engine/lead-lag/correlation-through-time.js";
import { pearsonCorrelation } from "../../../src/engine/statistics/correlation.js";
import { gaussianRandom, seededRandom } from "../../../src/engine/statistics/seeded-random.js";
import { type EpochMs, MS_PER_DAY } from "../../../src/engine/units/epoch-ms.js";
import { tradingDate, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";

const DAYS = 600;
const START_MS = tradingDateToEpochMs(tradingDate("2020-01-01"));
const gaussian = gaussianRandom(seededRandom(5));
const shape = Float64Array.from({ length: DAYS }, gaussian);
/** Follows the source 3 days later until day 300, then 8 days later and the other way. */
const target = shape.map((_, day) => {
  const followed = day < 300 ? (shape[day - 3] ?? 0) : -shape[day - 8]!;
  return followed + 0.5 * gaussian();
});
const sides = { openedAtMs: shape.map((_, day) => START_MS + day * MS_PER_DAY), shape, target };

describe("correlationByBlock(sides, lag, blocks)", () => {
  it("is Pearson's correlation of the lagged pairs of each block", () => {
    const [first] = correlationByBlock(sides, 3, 2);
    const end = 3 + Math.floor((DAYS - 3) / 2);
    expect(first!.correlation).toBeCloseTo(pearsonCorrelation(shape.slice(0, end - 3), target.slice(3, end)), 12);
    expect(first!.rows).toBe(end - 3);
  });

  it("uses every day once", () => {
    const blocks = correlationByBlock(sides, 3, 5);
    expect(blocks.reduce((sum, { rows }) => sum + rows, 0)).toBe(DAYS - 3);
    expect(blocks[4]!.toMs).toBe(sides.openedAtMs.at(-1));
  });
});

describe("rollingLag(sides, options)", () => {
  it("shows the lag change when the relation does", () => {
    const rolling = rollingLag(sides, { lag: 3, minLag: 1, maxLag: 10, windowRows: 120, stepRows: 30 });
    expect(rolling.strongestLag[0]).toBe(3);
    expect(rolling.strongestLag.at(-1)).toBe(8);
    expect(rolling.correlation[0]).toBeGreaterThan(0.8);
    expect(Math.abs(rolling.correlation.at(-1)!)).toBeLessThan(0.3);
    expect(rolling.openedAtMs.at(-1)).toBe(sides.openedAtMs.at(-1));
  });

  it("is empty when no window fits", () => {
    const rolling = rollingLag(sides, { lag: 3, minLag: 1, maxLag: 10, windowRows: 700, stepRows: 30 });
    expect(rolling.correlation).toHaveLength(0);
  });
});

describe("correlationByYear(sides, lag)", () => {
  it("has a row for each calendar year of enough days", () => {
    expect(correlationByYear(sides, 3).map(({ year, rows }) => [year, rows])).toEqual([
      [2020, 363],
      [2021, 234],
    ]);
  });
});

describe("correlationAroundDay(sides, lag, day)", () => {
  it("parts the days at the given one", () => {
    const { before, after } = correlationAroundDay(sides, 3, sides.openedAtMs[300]! as EpochMs);
    expect(before!.rows + after!.rows).toBe(DAYS - 3);
    expect(before!.correlation).toBeGreaterThan(0.8);
    expect(Math.abs(after!.correlation)).toBeLessThan(0.2);
  });

  it("has no part without days", () => {
    expect(correlationAroundDay(sides, 3, START_MS).before).toBeUndefined();
    expect(correlationAroundDay(sides, 3, (START_MS + 1e12) as EpochMs).after).toBeUndefined();
  });
});
