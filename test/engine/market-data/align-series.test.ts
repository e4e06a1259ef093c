import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asOfJoin, innerJoinByTime } from "../../../src/engine/market-data/align-series.js";
import { MS_PER_DAY, MS_PER_HOUR } from "../../../src/engine/units/epoch-ms.js";

const series = (rows: readonly (readonly [day: number, price: number])[]) => ({
  openedAtMs: Float64Array.from(rows, ([day]) => day * MS_PER_DAY),
  prices: Float64Array.from(rows, ([, price]) => price),
});

const rowsOf = (joined: ReturnType<typeof innerJoinByTime>) =>
  Array.from(joined.openedAtMs, (timeMs, i) => [timeMs / MS_PER_DAY, joined.sourcePrices[i], joined.targetPrices[i]]);

const anySeries = fc
  .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 })
  .map((days) => series(days.sort((a, b) => a - b).map((day) => [day, day + 1000])));

describe("innerJoinByTime(source, target)", () => {
  it("keeps the times that both have", () => {
    const source = series([
      [1, 10],
      [2, 20],
      [4, 40],
    ]);
    const target = series([
      [2, 200],
      [3, 300],
      [4, 400],
      [5, 500],
    ]);
    expect(rowsOf(innerJoinByTime(source, target))).toEqual([
      [2, 20, 200],
      [4, 40, 400],
    ]);
  });

  it("does not count a time at which either has no price", () => {
    const source = series([
      [1, 10],
      [2, NaN],
      [3, 30],
    ]);
    const target = series([
      [1, NaN],
      [2, 200],
      [3, 300],
    ]);
    expect(rowsOf(innerJoinByTime(source, target))).toEqual([[3, 30, 300]]);
  });

  it("mirrors when the two change places", () => {
    fc.assert(
      fc.property(anySeries, anySeries, (a, b) => {
        const forth = innerJoinByTime(a, b);
        const back = innerJoinByTime(b, a);
        expect(back).toEqual({
          openedAtMs: forth.openedAtMs,
          sourcePrices: forth.targetPrices,
          targetPrices: forth.sourcePrices,
        });
      }),
    );
  });

  it("refuses columns of unequal length and times out of order", () => {
    const fine = series([[1, 10]]);
    const uneven = { openedAtMs: new Float64Array(2), prices: new Float64Array(1) };
    const twice = series([
      [1, 10],
      [1, 11],
    ]);
    expect(() => innerJoinByTime(uneven, fine)).toThrow(
      expect.objectContaining({ code: "SERIES_MISALIGNED", message: expect.stringContaining("misaligned source") }),
    );
    expect(() => asOfJoin(fine, twice)).toThrow(
      expect.objectContaining({ code: "SERIES_MISALIGNED", message: expect.stringContaining("row 1") }),
    );
  });
});

describe("asOfJoin(source, target, { sourceClosesAfterMs, targetClosesAfterMs })", () => {
  const source = series([
    [1, 10],
    [2, 20],
    [5, 50],
  ]);
  const target = series([
    [0, 1],
    [1, 100],
    [2, 200],
    [3, 300],
    [4, 400],
    [5, 500],
  ]);

  it("carries the last source price over days the source does not trade", () => {
    expect(rowsOf(asOfJoin(source, target))).toEqual([
      [1, 10, 100],
      [2, 20, 200],
      [3, 20, 300],
      [4, 20, 400],
      [5, 50, 500],
    ]);
  });

  it("knows a source price from its closing instant on, that instant included", () => {
    const shanghai = { sourceClosesAfterMs: 16 * MS_PER_HOUR, targetClosesAfterMs: 16 * MS_PER_HOUR };
    expect(rowsOf(asOfJoin(source, target, shanghai))).toEqual(rowsOf(asOfJoin(source, target)));

    const newYork = { sourceClosesAfterMs: 29 * MS_PER_HOUR, targetClosesAfterMs: 14.75 * MS_PER_HOUR };
    expect(rowsOf(asOfJoin(source, target, newYork))).toEqual([
      [2, 10, 200],
      [3, 20, 300],
      [4, 20, 400],
      [5, 20, 500],
    ]);
  });

  it("passes over source rows without a price and leaves out target rows without one", () => {
    const gappySource = series([
      [1, 10],
      [2, NaN],
    ]);
    const gappyTarget = series([
      [1, NaN],
      [2, 200],
    ]);
    expect(rowsOf(asOfJoin(gappySource, gappyTarget))).toEqual([[2, 10, 200]]);
  });

  it("never shows a source row that closes after the target row does", () => {
    const offset = fc.integer({ min: 0, max: 3 * MS_PER_DAY });
    fc.assert(
      fc.property(anySeries, anySeries, offset, offset, (a, b, sourceClosesAfterMs, targetClosesAfterMs) => {
        const joined = asOfJoin(a, b, { sourceClosesAfterMs, targetClosesAfterMs });
        joined.openedAtMs.forEach((targetMs, i) => {
          const known = a.openedAtMs.filter((ms) => ms + sourceClosesAfterMs <= targetMs + targetClosesAfterMs);
          expect(joined.sourcePrices[i]).toBe(known.at(-1)! / MS_PER_DAY + 1000);
        });
      }),
    );
  });

  it("gives the same past when the future of the source changes", () => {
    fc.assert(
      fc.property(anySeries, anySeries, fc.integer({ min: 0, max: 60 }), (a, b, day) => {
        const changed = { ...a, prices: a.prices.map((price, i) => (a.openedAtMs[i]! > day * MS_PER_DAY ? 1 : price)) };
        const past = (joined: ReturnType<typeof asOfJoin>) => rowsOf(joined).filter(([rowDay]) => rowDay! <= day);
        expect(past(asOfJoin(changed, b))).toEqual(past(asOfJoin(a, b)));
      }),
    );
  });
});
