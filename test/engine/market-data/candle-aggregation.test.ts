import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aggregateCandles, MONDAY_ORIGIN_MS } from "../../../src/engine/market-data/candle-aggregation.js";
import type { CandleSeries } from "../../../src/engine/market-data/candle-columns.js";
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from "../../../src/engine/units/epoch-ms.js";
import { tradingDate, tradingDateOf, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";

type Row = readonly [timeMs: number, open: number, high: number, low: number, close: number, volume: number];

const seriesOf = (rows: readonly Row[]): CandleSeries => ({
  length: rows.length,
  openedAtMs: Float64Array.from(rows, (row) => row[0]),
  open: Float64Array.from(rows, (row) => row[1]),
  high: Float64Array.from(rows, (row) => row[2]),
  low: Float64Array.from(rows, (row) => row[3]),
  close: Float64Array.from(rows, (row) => row[4]),
  volume: Float64Array.from(rows, (row) => row[5]),
});

const rowsOf = (series: CandleSeries): Row[] =>
  Array.from(series.openedAtMs, (timeMs, i) => [
    timeMs,
    series.open[i]!,
    series.high[i]!,
    series.low[i]!,
    series.close[i]!,
    series.volume[i]!,
  ]);

const DAY = tradingDateToEpochMs(tradingDate("2026-04-01"));

describe("aggregateCandles(series, { bucketMs, originMs })", () => {
  it("takes first open, highest high, lowest low, last close and summed volume", () => {
    const fiveMinutes = seriesOf([
      [DAY + 9 * MS_PER_HOUR, 10, 12, 9, 11, 100],
      [DAY + 9 * MS_PER_HOUR + 5 * MS_PER_MINUTE, 11, 15, 10, 14, 200],
      [DAY + 9 * MS_PER_HOUR + 55 * MS_PER_MINUTE, 14, 14, 8, 9, 300],
      [DAY + 13 * MS_PER_HOUR, 9, 9, 9, 9, 50],
    ]);
    expect(rowsOf(aggregateCandles(fiveMinutes, { bucketMs: MS_PER_HOUR }))).toEqual([
      [DAY + 9 * MS_PER_HOUR, 10, 15, 8, 9, 600],
      [DAY + 13 * MS_PER_HOUR, 9, 9, 9, 9, 50],
    ]);
  });

  it("begins days at midnight in Ho Chi Minh City and weeks on the given origin", () => {
    const rows = seriesOf([
      [DAY, 1, 1, 1, 1, 1],
      [DAY + MS_PER_DAY - 1, 2, 2, 2, 2, 1],
    ]);
    expect([...aggregateCandles(rows, { bucketMs: MS_PER_DAY }).openedAtMs]).toEqual([DAY]);
    const week = aggregateCandles(rows, { bucketMs: 7 * MS_PER_DAY, originMs: MONDAY_ORIGIN_MS });
    expect([...week.openedAtMs].map((ms) => tradingDateOf(ms))).toEqual(["2026-03-30"]);
  });

  it("passes over missing values, and is NaN where a bucket has none", () => {
    const rows = seriesOf([
      [DAY, NaN, NaN, 5, 6, NaN],
      [DAY + 1, 7, NaN, 4, NaN, NaN],
    ]);
    expect(rowsOf(aggregateCandles(rows, { bucketMs: MS_PER_DAY }))).toEqual([[DAY, 7, NaN, 4, 6, NaN]]);
  });

  it("gives the same candles in one step as in two", () => {
    const row = fc.tuple(
      fc.integer({ min: 0, max: 5000 }),
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 0, max: 99 }),
    );
    const rows = fc
      .uniqueArray(row, { maxLength: 50, selector: ([minute]) => minute })
      .map((unordered) => unordered.sort((a, b) => a[0] - b[0]))
      .map((ordered) => seriesOf(ordered.map(([minute, ...values]) => [DAY + minute * MS_PER_MINUTE, ...values])));
    fc.assert(
      fc.property(rows, (series) => {
        const hourly = aggregateCandles(series, { bucketMs: MS_PER_HOUR });
        expect(aggregateCandles(hourly, { bucketMs: MS_PER_DAY })).toEqual(
          aggregateCandles(series, { bucketMs: MS_PER_DAY }),
        );
      }),
    );
  });

  it.each([0, -1, 1.5, NaN])("refuses buckets of %d ms", (bucketMs) => {
    expect(() => aggregateCandles(seriesOf([]), { bucketMs })).toThrow(
      expect.objectContaining({ code: "INTERVAL_INVALID" }),
    );
  });
});
