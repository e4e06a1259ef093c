import { describe, expect, it } from "vitest";
import { checkSeries } from "../../../src/engine/data-quality/check-series.js";
import { consensusTradingDays } from "../../../src/engine/data-quality/consensus-trading-days.js";
import type { Finding, FindingKind } from "../../../src/engine/data-quality/finding.js";
import type { QualityContext } from "../../../src/engine/data-quality/quality-context.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { tradingDate, tradingDateOf, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";
import { HAS_SHARED_DATA, readSharedPriceFile, WITHOUT_SHARED_DATA } from "./support/shared-price-file.js";

type Market = Pick<QualityContext, "assetClass" | "exchange"> & { readonly intervalSeconds?: number };

const HOSE = { assetClass: "equity", exchange: "HOSE" } as const;

function checkFile(path: string, { intervalSeconds = 86_400, ...market }: Market) {
  const file = readSharedPriceFile(path);
  const tradingDaysMs = consensusTradingDays([...file.seriesBySymbol.values()].map(({ openedAtMs }) => openedAtMs));
  const context = { ...market, intervalSeconds, tradingDaysMs, hasOhlc: file.hasOhlc, hasVolume: file.hasVolume };
  const findings = [...file.seriesBySymbol].flatMap(([symbol, series]) => checkSeries(symbol, series, context));
  return { file, context, tradingDaysMs, findings, tally: tallyOf(findings) };
}

/** By kind: number of findings, and of the rows or trading days they cover. */
function tallyOf(findings: readonly Finding[]): Partial<Record<FindingKind, [findings: number, count: number]>> {
  const tally: Partial<Record<FindingKind, [number, number]>> = {};
  for (const { kind, count } of findings) {
    const [findingsSoFar, countSoFar] = tally[kind] ?? [0, 0];
    tally[kind] = [findingsSoFar + 1, countSoFar + count];
  }
  return tally;
}

const datesOf = (findings: readonly Finding[], kind: FindingKind, symbol: string) =>
  findings
    .filter((finding) => finding.kind === kind && finding.symbol === symbol)
    .map(({ fromMs }) => tradingDateOf(fromMs));

describe.skipIf(!HAS_SHARED_DATA)(
  `checkSeries on real files (${HAS_SHARED_DATA ? "present" : WITHOUT_SHARED_DATA})`,
  () => {
    describe("100 back-adjusted Vietnamese stocks", () => {
      const { file, context, tradingDaysMs, tally } = checkFile("equities/vn100_daily_2015_2026.csv.gz", HOSE);

      it("finds the 261 rows that break OHLC, and few jumps", () => {
        expect(tally).toEqual({
          "ohlc-violation": [159, 261],
          "calendar-gap": [174, 1382],
          "split-like-jump": [7, 7],
          "price-jump": [28, 28],
        });
      });

      it("finds the 1,033 trading days that HHV misses in 120 holes, on the calendar of all days any stock traded", () => {
        const times = [...file.seriesBySymbol.values()].map(({ openedAtMs }) => openedAtMs);
        const anyStockTraded = consensusTradingDays(times, { minShare: 0 });
        const hhv = instrumentSymbol("HHV");
        const series = file.seriesBySymbol.get(hhv)!;
        const missingDays = (calendar: Float64Array) =>
          checkSeries(hhv, series, { ...context, tradingDaysMs: calendar })
            .filter(({ kind }) => kind === "calendar-gap")
            .reduce((days, { count }) => days + count, 0);
        expect(missingDays(anyStockTraded)).toBe(1033);
        // The consensus leaves out 2018-01-23 and 24, when HOSE was halted; HHV, then on UPCOM, misses one of them.
        expect(missingDays(tradingDaysMs)).toBe(1032);
      });

      it("leaves the halt of HOSE on 2018-01-23 and 24 out of the calendar", () => {
        const dates = new Set(Array.from(tradingDaysMs, tradingDateOf));
        expect([dates.size, dates.has(tradingDate("2018-01-23")), dates.has(tradingDate("2018-01-24"))]).toEqual([
          2632,
          false,
          false,
        ]);
      });
    });

    describe("17 Vietnamese indexes", () => {
      const { findings, tally } = checkFile("equities/vn_indexes_daily_2004_2026.csv.gz", {
        assetClass: "index",
        exchange: "HOSE",
      });

      it("finds 389 rows that break OHLC and nothing doubtful beside the two corrupt rows", () => {
        expect(tally).toEqual({
          "ohlc-violation": [93, 389],
          "price-jump": [2, 2],
          "weekend-row": [1, 1],
          "zero-volume": [1, 2],
        });
      });

      it("finds the corrupt rows of VNINDEX, the second of which is a Saturday", () => {
        expect(datesOf(findings, "price-jump", "VNINDEX")).toEqual(["2007-07-23", "2008-08-16"]);
        expect(datesOf(findings, "weekend-row", "VNINDEX")).toEqual(["2008-08-16"]);
      });
    });

    describe("30 unadjusted Vietnamese stocks", () => {
      const { file, findings, tally } = checkFile("equities/vn30_unadjusted_dirty_2015_2026.csv.gz", HOSE);

      it("finds the −31% of HPG on 2017-03-30 among its ten unadjusted events", () => {
        expect(datesOf(findings, "split-like-jump", "HPG")).toContain("2017-03-30");
        expect(datesOf(findings, "split-like-jump", "HPG")).toHaveLength(10);
      });

      it("has 530 repeated rows, all of GVR, and findings for what is left", () => {
        expect(file.duplicateRows).toBe(530);
        expect(tally).toEqual({
          "ohlc-violation": [95, 109],
          "calendar-gap": [31, 60],
          "split-like-jump": [116, 116],
          "price-jump": [12, 12],
          "zero-volume": [15, 187],
        });
      });
    });

    describe("505 American stocks", () => {
      const { findings, tally } = checkFile("equities/sp500_daily_2013_2018.csv.gz", {
        assetClass: "equity",
        exchange: undefined,
      });

      it("finds the 11 missing opens and the 12 rows that break OHLC, and six rows of 619,040 that look like a split", () => {
        expect(tally).toEqual({
          "missing-value": [11, 11],
          "ohlc-violation": [12, 12],
          "zero-volume": [4, 4],
          "calendar-gap": [17, 51],
          "split-like-jump": [6, 6],
          "price-jump": [72, 72],
        });
      });

      it("finds Discovery's real split", () => {
        expect(datesOf(findings, "split-like-jump", "DISCA")).toEqual(["2014-08-07"]);
      });

      it("finds the row of LNT that was adjusted a day before its split", () => {
        expect(datesOf(findings, "price-jump", "LNT")).toEqual(["2016-05-19"]);
      });
    });

    it("takes no roll of a Chinese future for a split", () => {
      const { tally, findings } = checkFile("commodities/cn_futures_daily.csv.gz", {
        assetClass: "commodity-future",
        exchange: undefined,
      });
      expect(tally).toEqual({ "price-jump": [4, 4], "calendar-gap": [3, 3] });
      expect(findings.every(({ severity }) => severity === "info")).toBe(true);
    });

    it("finds the negative price of WTI on 2020-04-20 and leaves the missing close to the importer", () => {
      const { file, findings } = checkFile("commodities/energy_spot_eia_daily.csv.gz", {
        assetClass: "commodity-spot",
        exchange: undefined,
      });
      expect(file.rowsWithoutClose).toBe(1);
      const negative = findings.filter(({ kind }) => kind === "non-positive-price");
      expect(negative).toMatchObject([
        { symbol: "WTI", fromMs: tradingDateToEpochMs(tradingDate("2020-04-20")), count: 1 },
      ]);
      expect(negative[0]!.message).toContain("-36.98");
    });

    it("needs no volume column for an exchange rate, whose 88 broken rows it summarises", () => {
      const { tally } = checkFile("fx/usdvnd_yahoo_2020_2026.csv", { assetClass: "fx", exchange: undefined });
      expect(tally).toEqual({ "ohlc-violation": [1, 88], "price-jump": [7, 29] });
    });

    it("finds every session day present in 80,089 five-minute candles", () => {
      const { file, tradingDaysMs, tally } = checkFile("intraday/vn30f1m_5min_2018_2024.csv.gz", {
        assetClass: "commodity-future",
        exchange: "HNX",
        intervalSeconds: 300,
      });
      expect(file.rows).toBe(80_089);
      expect(tradingDaysMs).toHaveLength(1572);
      expect(tally).toEqual({ "price-jump": [1, 1] });
    });
  },
);
