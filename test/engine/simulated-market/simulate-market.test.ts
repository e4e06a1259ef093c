import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSeries } from "../../../src/engine/data-quality/check-series.js";
import { laggedCorrelation } from "../../../src/engine/lead-lag/lagged-correlation.js";
import type { CandleColumns, CandleSeries } from "../../../src/engine/market-data/candle-columns.js";
import { SYMBOL_PATTERN } from "../../../src/engine/market-data/instrument-symbol.js";
import { logReturns } from "../../../src/engine/market-data/returns.js";
import { hosePriceStep } from "../../../src/engine/simulated-market/hose-prices.js";
import { indexLevel, SIMULATED_INDEXES } from "../../../src/engine/simulated-market/index-candles.js";
import { PLANTED_LEAD_LAGS } from "../../../src/engine/simulated-market/planted-lead-lags.js";
import { DEMO_SEED, SIMULATION_ORIGIN, simulateMarket } from "../../../src/engine/simulated-market/simulate-market.js";
import { SIMULATED_COMMODITIES } from "../../../src/engine/simulated-market/simulated-commodities.js";
import { SIMULATED_SHARES } from "../../../src/engine/simulated-market/simulated-shares.js";
import { pearsonCorrelation } from "../../../src/engine/statistics/correlation.js";
import { summarize } from "../../../src/engine/statistics/moments.js";
import { MS_PER_DAY } from "../../../src/engine/units/epoch-ms.js";
import { tradingDate, tradingDateOf, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";
import { candlesOf } from "./support/candles-of.js";

const END = tradingDate("2026-11-20");
const market = simulateMarket({ endDate: END });
const FIELDS = ["openedAtMs", "open", "high", "low", "close", "volume"] as const;

function sha256(columns: CandleColumns): string {
  const hash = createHash("sha256").update(columns.symbols.join()).update(columns.symbolCodes);
  for (const field of FIELDS) hash.update(columns[field]);
  return hash.digest("hex").slice(0, 16);
}

const rowsUpTo = (candles: CandleSeries, lastMs: number) => {
  const length = candles.openedAtMs.filter((time) => time <= lastMs).length;
  return FIELDS.map((field) => candles[field].slice(0, length));
};

describe("simulateMarket({seed, endDate, minuteDays})", () => {
  it("gives the same bits for the same arguments", () => {
    expect([sha256(market.daily), sha256(market.minutes)]).toEqual(["10c1c1f8f36bf1d6", "810b70edba08f6da"]);
  });

  it("gives another market for another seed", () => {
    expect(sha256(simulateMarket({ seed: DEMO_SEED + 1, endDate: END }).daily)).not.toBe(sha256(market.daily));
  });

  it("gives a date the same daily candles whatever the end date", () => {
    const daysAfterOrigin = fc.integer({ min: 0, max: 2_000 });
    fc.assert(
      fc.property(daysAfterOrigin, (days) => {
        const endMs = tradingDateToEpochMs(SIMULATION_ORIGIN) + days * MS_PER_DAY;
        const earlier = simulateMarket({ endDate: tradingDateOf(endMs), minuteDays: 0 });
        for (const symbol of earlier.daily.symbols) {
          const expected = rowsUpTo(candlesOf(market.daily, symbol), endMs);
          expect(rowsUpTo(candlesOf(earlier.daily, symbol), endMs)).toEqual(expected);
        }
      }),
      { numRuns: 8 },
    );
  });

  it("gives a day the same minutes whatever the end date and the number of days", () => {
    const laterAndMore = simulateMarket({ endDate: tradingDate("2026-11-24"), minuteDays: 4 });
    const lastDayMs = market.tradingDaysMs.at(-1)!;
    for (const symbol of market.minutes.symbols) {
      const minutesOfLastDay = (columns: CandleColumns) => {
        const candles = candlesOf(columns, symbol);
        const rows = candles.openedAtMs.map((time) => (tradingDateOf(time) === tradingDateOf(lastDayMs) ? 1 : 0));
        return FIELDS.map((field) => candles[field].filter((_, row) => rows[row] === 1));
      };
      expect(minutesOfLastDay(laterAndMore.minutes)).toEqual(minutesOfLastDay(market.minutes));
    }
  });

  it("has the thirty shares of VN30 of 2026-02-02, two indexes, eight commodities and a currency", () => {
    expect(market.instruments.map(({ symbol }) => symbol).join(" ")).toBe(
      "ACB BID CTG DGC FPT GAS GVR HDB HPG LPB MBB MSN MWG PLX SAB SHB SSB SSI STB TCB TPB VCB VHM VIB VIC VJC VNM " +
        "VPB VPL VRE VNINDEX VN30 DCE.I DCE.JM SHFE.HC BRENT WTI SHFE.RU CZCE.SR CZCE.UR USDVND",
    );
    for (const { symbol } of market.instruments) expect(symbol).toMatch(SYMBOL_PATTERN);
    expect(market.daily.symbols).toEqual(market.instruments.map(({ symbol }) => symbol));
  });

  it("measures capitalisation at the last close", () => {
    const hpg = market.instruments.find(({ symbol }) => symbol === "HPG")!;
    expect(hpg).toMatchObject({ exchange: "HOSE", tickRule: "hose-equity", lotSize: 100, marketCapDate: "2026-11-20" });
    expect(hpg.marketCap).toBe(7_680_000_000 * candlesOf(market.daily, "HPG").close.at(-1)!);
  });

  it("keeps every candle whole: low ≤ open, close ≤ high, all positive", () => {
    for (const { length, open, high, low, close } of [market.daily, market.minutes]) {
      const broken = Array.from({ length }, (_, row) => row).filter((row) => {
        const [lower, upper] = [Math.min(open[row]!, close[row]!), Math.max(open[row]!, close[row]!)];
        return !(low[row]! > 0 && low[row]! <= lower && high[row]! >= upper);
      });
      expect(broken).toEqual([]);
    }
  });

  it("keeps shares on the price steps and within 7% of the previous close", () => {
    for (const { symbol, firstReferencePrice } of SIMULATED_SHARES) {
      const { open, high, low, close, volume } = candlesOf(market.daily, symbol);
      for (const column of [open, high, low, close]) {
        expect(column.filter((price) => price % hosePriceStep(price) !== 0)).toHaveLength(0);
      }
      const reference = (row: number) => (row === 0 ? firstReferencePrice : close[row - 1]!);
      expect(high.filter((price, row) => price > reference(row) * 1.07 + 1e-6)).toHaveLength(0);
      expect(low.filter((price, row) => price < reference(row) * 0.93 - 1e-6)).toHaveLength(0);
      expect(volume.filter((shares) => !(shares > 0 && shares % 100 === 0))).toHaveLength(0);
    }
  });

  it("trades shares on every trading day and each commodity on its own", () => {
    expect(candlesOf(market.daily, "HPG").openedAtMs).toEqual(market.tradingDaysMs);
    const tradedOn = (symbol: string, date: string) =>
      candlesOf(market.daily, symbol).openedAtMs.includes(tradingDateToEpochMs(tradingDate(date)));
    const chineseNationalDay = "2025-10-01";
    expect(["HPG", "DCE.I", "BRENT"].map((symbol) => tradedOn(symbol, chineseNationalDay))).toEqual([
      true,
      false,
      true,
    ]);
    const tet = "2025-01-27";
    expect(["HPG", "DCE.I", "BRENT"].map((symbol) => tradedOn(symbol, tet))).toEqual([false, true, true]);
  });

  it("computes index levels from the prices of the shares", () => {
    for (const index of SIMULATED_INDEXES) {
      const candles = candlesOf(market.daily, index.symbol);
      for (const row of [0, 700, candles.length - 1]) {
        for (const field of ["open", "close"] as const) {
          const level = indexLevel(index, ({ symbol }) => candlesOf(market.daily, symbol)[field][row]!);
          expect(candles[field][row]).toBe(level);
        }
      }
    }
  });

  it("clusters volatility and has fat tails, as real returns do", () => {
    for (const symbol of ["VCB", "VNINDEX", "DCE.I"]) {
      const returns = logReturns(candlesOf(market.daily, symbol).close).slice(1);
      const sizes = returns.map(Math.abs);
      expect(pearsonCorrelation(sizes.slice(1), sizes.slice(0, -1))).toBeGreaterThan(0.1);
      expect(summarize(returns).excessKurtosis).toBeGreaterThan(0.5);
    }
  });

  it("moves shares of one sector together, and with the market", () => {
    const returns = (symbol: string) => logReturns(candlesOf(market.daily, symbol).close).slice(1);
    expect(pearsonCorrelation(returns("VCB"), returns("BID"))).toBeGreaterThan(0.4);
    expect(pearsonCorrelation(returns("VCB"), returns("VNM"))).toBeGreaterThan(0.2);
    expect(pearsonCorrelation(returns("VCB"), returns("VNM"))).toBeLessThan(0.45);
  });

  it("gives the quality checks nothing to find", () => {
    const context = { intervalSeconds: 86_400, hasOhlc: true, hasVolume: true };
    for (const { symbol, assetClass, exchange } of market.instruments) {
      const candles = candlesOf(market.daily, symbol);
      const tradingDaysMs = exchange === "HOSE" ? market.tradingDaysMs : undefined;
      expect(checkSeries(symbol, candles, { ...context, assetClass, exchange, tradingDaysMs })).toEqual([]);
    }
  });

  it.each([
    ["a date before the origin", { endDate: tradingDate("2020-12-31") }, "RANGE_INVALID"],
    ["a fraction of a day", { endDate: END, minuteDays: 0.5 }, "ARGUMENT_INVALID"],
    ["negative days", { endDate: END, minuteDays: -1 }, "ARGUMENT_INVALID"],
    ["no seed", { endDate: END, seed: Number.NaN }, "ARGUMENT_INVALID"],
  ])("refuses %s", (_, options, code) => {
    expect(() => simulateMarket(options)).toThrow(expect.objectContaining({ code }));
  });
});

describe("minute candles of the demo market", () => {
  it("cover the last three days: 09:15–11:29, 13:00–14:29 and the closing auction at 14:45", () => {
    const { openedAtMs } = candlesOf(market.minutes, "HPG");
    const clock = Array.from(openedAtMs, (time) => new Date(time + 7 * 3_600_000).toISOString().slice(11, 16));
    expect(openedAtMs).toHaveLength(3 * 226);
    expect([clock[0], clock[134], clock[135], clock[224], clock[225], clock[226]]).toEqual([
      "09:15",
      "11:29",
      "13:00",
      "14:29",
      "14:45",
      "09:15",
    ]);
  });

  it("aggregate to the daily candle exactly, for every share and index", () => {
    const seeds = fc.integer();
    fc.assert(
      fc.property(seeds, (seed) => {
        const { daily, minutes } = simulateMarket({ seed, endDate: tradingDate("2021-03-31"), minuteDays: 10 });
        for (const symbol of minutes.symbols) {
          const days = candlesOf(daily, symbol);
          expect(aggregateDays(candlesOf(minutes, symbol))).toEqual(
            Array.from({ length: 10 }, (_, day) => {
              const row = days.length - 10 + day;
              return FIELDS.map((field) => days[field][row]);
            }),
          );
        }
      }),
      { numRuns: 10 },
    );
  });

  it("let the index follow its shares through the day", () => {
    const [vnindex] = SIMULATED_INDEXES;
    const { close } = candlesOf(market.minutes, vnindex!.symbol);
    const fromShares = close.map((_, row) =>
      indexLevel(vnindex!, ({ symbol }) => candlesOf(market.minutes, symbol).close[row]!),
    );
    expect(pearsonCorrelation(close, fromShares)).toBeGreaterThan(0.98);
  });
});

function aggregateDays({ openedAtMs, open, high, low, close, volume }: CandleSeries): number[][] {
  const days = new Map<string, number[]>();
  for (const [row, time] of openedAtMs.entries()) {
    const date = tradingDateOf(time);
    const day = days.get(date) ?? [tradingDateToEpochMs(date), open[row]!, -Infinity, Infinity, Number.NaN, 0];
    days.set(date, [
      day[0]!,
      day[1]!,
      Math.max(day[2]!, high[row]!),
      Math.min(day[3]!, low[row]!),
      close[row]!,
      day[5]! + volume[row]!,
    ]);
  }
  return [...days.values()];
}

describe("PLANTED_LEAD_LAGS", () => {
  const prices = (symbol: string, { daily } = market) => {
    const { openedAtMs, close } = candlesOf(daily, symbol);
    return { openedAtMs, prices: close };
  };

  it("name instruments of the demo market", () => {
    const commodities = SIMULATED_COMMODITIES.map(({ symbol }) => symbol);
    const shares = SIMULATED_SHARES.map(({ symbol }) => symbol);
    for (const { source, target } of PLANTED_LEAD_LAGS) {
      expect(commodities).toContain(source);
      expect(shares).toContain(target);
    }
  });

  it.each(PLANTED_LEAD_LAGS)("$source leads $target by $lagDays days with a correlation near $correlation", (lead) => {
    const { lags } = laggedCorrelation(prices(lead.source), prices(lead.target), { maxLag: 30 });
    const strongest = lags.reduce((best, next) => (Math.abs(next.pearson) > Math.abs(best.pearson) ? next : best));
    expect(strongest.lag).toBe(lead.lagDays);
    expect(Math.abs(strongest.pearson - lead.correlation)).toBeLessThan(0.08);
  });

  it("are found at their lag under other seeds too", () => {
    for (const seed of [1, 2, 3]) {
      const other = simulateMarket({ seed, endDate: END, minuteDays: 0 });
      for (const { source, target, lagDays } of PLANTED_LEAD_LAGS) {
        const { lags } = laggedCorrelation(prices(source, other), prices(target, other), { maxLag: 30 });
        const strongest = lags.reduce((best, next) => (Math.abs(next.pearson) > Math.abs(best.pearson) ? next : best));
        expect(strongest.lag).toBe(lagDays);
      }
    }
  });

  it("do not include sugar, which leads no share", () => {
    for (const { symbol } of SIMULATED_SHARES) {
      const { lags } = laggedCorrelation(prices("CZCE.SR"), prices(symbol), { maxLag: 10 });
      for (const { pearson } of lags) expect(Math.abs(pearson)).toBeLessThan(0.12);
    }
  });
});
