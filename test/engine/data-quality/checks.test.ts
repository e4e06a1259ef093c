import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkCalendarGaps } from "../../../src/engine/data-quality/check-calendar-gaps.js";
import { checkMissingValues } from "../../../src/engine/data-quality/check-missing-values.js";
import { checkNonPositivePrices } from "../../../src/engine/data-quality/check-non-positive-prices.js";
import { checkOhlc } from "../../../src/engine/data-quality/check-ohlc.js";
import { checkSeries } from "../../../src/engine/data-quality/check-series.js";
import { checkWeekendRows } from "../../../src/engine/data-quality/check-weekend-rows.js";
import { checkZeroVolume } from "../../../src/engine/data-quality/check-zero-volume.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { MS_PER_DAY } from "../../../src/engine/units/epoch-ms.js";
import { tradingDate, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";
import { HOSE_SHARE, seriesOfCloses, weekdays } from "./support/daily-series.js";

const HPG = instrumentSymbol("HPG");

describe("checkCalendarGaps(symbol, series, context)", () => {
  const tradingDaysMs = weekdays(200);
  const without = (missing: readonly number[]) => {
    const openedAtMs = tradingDaysMs.filter((_, day) => !missing.includes(day));
    return seriesOfCloses(
      Array.from(openedAtMs, () => 10),
      { openedAtMs },
    );
  };

  it("reports one finding per contiguous hole, with the number of trading days", () => {
    const findings = checkCalendarGaps(HPG, without([3, 10, 11, 12]), { ...HOSE_SHARE, tradingDaysMs });
    expect(findings.map(({ count, message }) => [count, message])).toEqual([
      [1, "No candle on the trading day 2024-01-04."],
      [3, "No candle on 3 trading days in a row, 2024-01-15 to 2024-01-17."],
    ]);
  });

  it("is graver the longer the hole: a week is a warning, a month an error", () => {
    const range = (first: number, days: number) => Array.from({ length: days }, (_, index) => first + index);
    const series = without([...range(5, 4), ...range(20, 5), ...range(40, 20)]);
    const findings = checkCalendarGaps(HPG, series, { ...HOSE_SHARE, tradingDaysMs });
    expect(findings.map(({ severity }) => severity)).toEqual(["info", "warning", "error"]);
  });

  it("does not report days before the first or after the last candle", () => {
    const openedAtMs = tradingDaysMs.slice(50, 60);
    const series = seriesOfCloses(
      Array.from(openedAtMs, () => 10),
      { openedAtMs },
    );
    expect(checkCalendarGaps(HPG, series, { ...HOSE_SHARE, tradingDaysMs })).toEqual([]);
  });

  it("summarises the short holes of a symbol that has more than twenty", () => {
    const everyThird = Array.from({ length: 40 }, (_, index) => 2 + index * 3);
    const findings = checkCalendarGaps(HPG, without([...everyThird, 150, 151, 152, 153, 154]), {
      ...HOSE_SHARE,
      tradingDaysMs,
    });
    expect(findings.map(({ count }) => count)).toEqual([5, 40]);
  });

  it("counts an intraday session day as present when it has a single candle", () => {
    const openedAtMs = Float64Array.of(
      tradingDaysMs[0]!,
      tradingDaysMs[0]! + 300_000,
      tradingDaysMs[1]!,
      tradingDaysMs[3]!,
    );
    const series = seriesOfCloses([10, 10, 10, 10], { openedAtMs });
    const findings = checkCalendarGaps(HPG, series, { ...HOSE_SHARE, intervalSeconds: 300, tradingDaysMs });
    expect(findings.map(({ fromMs, count }) => [fromMs, count])).toEqual([[tradingDaysMs[2], 1]]);
  });

  it("judges nothing without a calendar", () => {
    expect(checkCalendarGaps(HPG, without([3]), HOSE_SHARE)).toEqual([]);
  });

  it("finds as many days as were taken out of the middle", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 198 }), { maxLength: 150 }), (missing) => {
        const findings = checkCalendarGaps(HPG, without(missing), { ...HOSE_SHARE, tradingDaysMs });
        expect(findings.reduce((days, { count }) => days + count, 0)).toBe(missing.length);
      }),
    );
  });
});

describe("checkOhlc(symbol, series, context)", () => {
  const candle = (open: number, high: number, low: number, close: number) =>
    seriesOfCloses([close], {
      open: Float64Array.of(open),
      high: Float64Array.of(high),
      low: Float64Array.of(low),
    });

  it.each([
    ["close above high", candle(10, 11, 9, 12)],
    ["open below low", candle(8, 11, 9, 10)],
    ["low above high", candle(10, 9, 11, 10)],
  ])("finds %s", (_, series) => {
    expect(checkOhlc(HPG, series, HOSE_SHARE)).toMatchObject([{ kind: "ohlc-violation", count: 1 }]);
  });

  it("names the four prices", () => {
    expect(checkOhlc(HPG, candle(10, 11, 9, 12), HOSE_SHARE)[0]!.message).toBe(
      "Open or close lies outside [low, high] on 2024-01-01: open 10, high 11, low 9, close 12.",
    );
  });

  it("forgives what multiplication by a unit rounds away", () => {
    expect(1.005 * 1000).toBeLessThan(1005);
    expect(checkOhlc(HPG, candle(1005, 1005, 1005, 1.005 * 1000), HOSE_SHARE)).toEqual([]);
  });

  it("does not take a missing price for a violation", () => {
    expect(checkOhlc(HPG, candle(Number.NaN, 11, Number.NaN, 10), HOSE_SHARE)).toEqual([]);
  });
});

describe("checkZeroVolume(symbol, series, context)", () => {
  const volumes = (values: readonly number[]) =>
    seriesOfCloses(
      values.map(() => 10),
      { volume: Float64Array.from(values) },
    );

  it("groups consecutive candles", () => {
    const findings = checkZeroVolume(HPG, volumes([0, 0, 0, 5, 0, 5]), HOSE_SHARE);
    expect(findings.map(({ count }) => count)).toEqual([3, 1]);
  });

  it("makes one finding of an illiquid symbol, whatever the number of its runs", () => {
    const findings = checkZeroVolume(HPG, volumes(Array.from({ length: 200 }, (_, row) => row % 2)), HOSE_SHARE);
    expect(findings).toMatchObject([
      { count: 100, message: expect.stringContaining("100 of 200 candles, in 100 places") },
    ]);
  });

  it("does not take a missing volume for zero, nor judge a source without volumes", () => {
    expect(checkZeroVolume(HPG, volumes([Number.NaN, 5]), HOSE_SHARE)).toEqual([]);
    expect(checkZeroVolume(HPG, volumes([0, 0]), { ...HOSE_SHARE, hasVolume: false })).toEqual([]);
  });
});

describe("checkWeekendRows(symbol, series, context)", () => {
  const saturday = Float64Array.of(tradingDateToEpochMs(tradingDate("2008-08-16")));

  it("finds a daily candle dated Saturday", () => {
    const findings = checkWeekendRows(HPG, seriesOfCloses([10], { openedAtMs: saturday }), HOSE_SHARE);
    expect(findings).toMatchObject([{ kind: "weekend-row", count: 1, fromMs: saturday[0] }]);
  });

  it("leaves intraday candles and crypto alone", () => {
    const series = seriesOfCloses([10], { openedAtMs: saturday });
    expect(checkWeekendRows(HPG, series, { ...HOSE_SHARE, intervalSeconds: 60 })).toEqual([]);
    expect(checkWeekendRows(HPG, series, { ...HOSE_SHARE, assetClass: "crypto" })).toEqual([]);
  });
});

describe("checkMissingValues(symbol, series, context)", () => {
  it("finds a candle without an open when the source has opens", () => {
    const series = seriesOfCloses([10, 10], { open: Float64Array.of(10, Number.NaN) });
    expect(checkMissingValues(HPG, series, HOSE_SHARE)).toMatchObject([{ kind: "missing-value", count: 1 }]);
    expect(checkMissingValues(HPG, series, { ...HOSE_SHARE, hasOhlc: false })).toEqual([]);
  });
});

describe("checkNonPositivePrices(symbol, series, context)", () => {
  it("is an error for a share and a warning for a commodity, which can go below zero", () => {
    const series = seriesOfCloses([18.31, -36.98, 8.91]);
    expect(checkNonPositivePrices(HPG, series, HOSE_SHARE)).toMatchObject([{ severity: "error", count: 1 }]);
    const oil = { ...HOSE_SHARE, assetClass: "commodity-spot" as const, exchange: undefined };
    expect(checkNonPositivePrices(HPG, series, oil)).toMatchObject([{ severity: "warning", count: 1 }]);
  });
});

describe("checkSeries(symbol, series, context)", () => {
  it("finds nothing in an empty series, nor in a calm one on every trading day", () => {
    expect(checkSeries(HPG, seriesOfCloses([]), HOSE_SHARE)).toEqual([]);
    const closes = fc.array(fc.double({ min: 20, max: 21, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(closes, (values) => {
        const series = seriesOfCloses(values);
        const findings = checkSeries(HPG, series, { ...HOSE_SHARE, tradingDaysMs: series.openedAtMs });
        expect(findings).toEqual([]);
      }),
    );
  });

  it("orders findings by the first candle concerned", () => {
    const series = seriesOfCloses([10, 10, 10, 0], { volume: Float64Array.of(1, 0, 1, 1) });
    const openedAtMs = series.openedAtMs.map((time, row) => (row === 0 ? time - 2 * MS_PER_DAY : time));
    expect(checkSeries(HPG, { ...series, openedAtMs }, HOSE_SHARE).map(({ kind }) => kind)).toEqual([
      "weekend-row",
      "zero-volume",
      "non-positive-price",
    ]);
  });

  it("accepts values of any kind without throwing and never changes them", () => {
    const anyNumber = fc.oneof(fc.double(), fc.constantFrom(0, -1, 1e-300, 1e300, Number.NaN));
    fc.assert(
      fc.property(fc.array(anyNumber, { maxLength: 40 }), (closes) => {
        const series = seriesOfCloses(closes);
        const before = structuredClone(series);
        const findings = checkSeries(HPG, series, { ...HOSE_SHARE, tradingDaysMs: weekdays(50) });
        expect(series).toEqual(before);
        for (const { fromMs, toMs, count } of findings) {
          expect(fromMs).toBeLessThanOrEqual(toMs);
          expect(count).toBeGreaterThan(0);
        }
      }),
    );
  });
});
