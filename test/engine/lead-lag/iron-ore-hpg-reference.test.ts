import { describe, expect, it } from "vitest";
import { type LagCorrelation, laggedCorrelation } from "../../../src/engine/lead-lag/lagged-correlation.js";
import { innerJoinByTime } from "../../../src/engine/market-data/align-series.js";
import { aggregateCandles } from "../../../src/engine/market-data/candle-aggregation.js";
import type { PriceSeries } from "../../../src/engine/market-data/price-series.js";
import { MS_PER_DAY } from "../../../src/engine/units/epoch-ms.js";
import { tradingDate, tradingDateOf, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";
import { hasSharedData, readSharedCloses, readSharedCsv, SHARED_DATA_NOTE } from "./shared-price-data.js";

const NO_PRICES: PriceSeries = { openedAtMs: new Float64Array(0), prices: new Float64Array(0) };

/** Independent cross-correlations of iron ore (DCE.I) and Hoa Phat Group (HPG), computed in Python. */
function reference(frequency: "D" | "W"): LagCorrelation[] {
  const [header, ...rows] = readSharedCsv("reference/iron_hpg_ccf.csv");
  const cell = (row: string[], column: string) => row[header!.indexOf(column)]!;
  return rows
    .filter((row) => cell(row, "freq") === frequency)
    .map((row) => ({
      lag: Number(cell(row, "lag")),
      n: Number(cell(row, "n")),
      pearson: Number(cell(row, "pearson")),
      spearman: Number(cell(row, "spearman")),
      band95: Number(cell(row, "band95")),
    }));
}

function study(source: PriceSeries, target: PriceSeries, to: string) {
  return laggedCorrelation(source, target, {
    minLag: -5,
    maxLag: 30,
    fromMs: tradingDateToEpochMs(tradingDate("2021-04-01")),
    toMs: tradingDateToEpochMs(tradingDate(to)),
  });
}

function largestDifference(
  actual: readonly LagCorrelation[],
  expected: LagCorrelation[],
  column: keyof LagCorrelation,
) {
  expect(actual.map((row) => row.lag)).toEqual(expected.map((row) => row.lag));
  return Math.max(...expected.map((row, i) => Math.abs(actual[i]![column] - row[column])));
}

/** Week by week on the common calendar, Saturday to Friday, dated on its Friday: pandas' `W-FRI` after the join. */
function weeklyToFriday(openedAtMs: Float64Array, prices: Float64Array): PriceSeries {
  const saturday = tradingDateToEpochMs(tradingDate("1970-01-03"));
  const weeks = aggregateCandles(
    { length: prices.length, openedAtMs, open: prices, high: prices, low: prices, close: prices, volume: prices },
    { bucketMs: 7 * MS_PER_DAY, originMs: saturday },
  );
  return { openedAtMs: weeks.openedAtMs.map((startMs) => startMs + 6 * MS_PER_DAY), prices: weeks.close };
}

describe.skipIf(!hasSharedData)(
  `laggedCorrelation against the reference of iron ore and HPG${SHARED_DATA_NOTE}`,
  () => {
    const iron = hasSharedData ? readSharedCloses("commodities/cn_futures_daily.csv.gz", "DCE.I") : NO_PRICES;
    const hpg = hasSharedData ? readSharedCloses("equities/vn100_daily_2015_2026.csv.gz", "HPG") : NO_PRICES;

    it("covers the same days with the same number of pairs at each lag", () => {
      const daily = study(iron, hpg, "2026-04-01");
      expect(daily.n).toBe(1189);
      expect(tradingDateOf(daily.firstReturnMs)).toBe("2021-04-02");
      expect(tradingDateOf(daily.lastReturnMs)).toBe("2026-04-01");
      expect(daily.lags.map((row) => row.n)).toEqual(reference("D").map((row) => row.n));
    });

    it("has its daily Pearson correlations and bands to 1e-6", () => {
      const daily = study(iron, hpg, "2026-04-01").lags;
      expect(largestDifference(daily, reference("D"), "pearson")).toBeLessThan(1e-6);
      expect(largestDifference(daily, reference("D"), "band95")).toBeLessThan(1e-6);
    });

    it("has its daily rank correlations to 4e-6, and to 1e-6 once one true tie is parted as it is there", () => {
      expect(largestDifference(study(iron, hpg, "2026-04-01").lags, reference("D"), "spearman")).toBeLessThan(4e-6);

      // 24.42 → 24.79 and 21.78 → 22.11 are both moves of 67/66; the reference's logarithms part them in the last bit.
      const parted: PriceSeries = {
        openedAtMs: hpg.openedAtMs,
        prices: hpg.prices.map((price, i) =>
          price === 24.79 && hpg.prices[i - 1] === 24.42 ? price * (1 + 1e-9) : price,
        ),
      };
      expect(largestDifference(study(iron, parted, "2026-04-01").lags, reference("D"), "spearman")).toBeLessThan(1e-6);
    });

    it("has its weekly figures to 1e-6, taken as the last common day of each week", () => {
      const { openedAtMs, sourcePrices, targetPrices } = innerJoinByTime(iron, hpg);
      const weekly = study(
        weeklyToFriday(openedAtMs, sourcePrices),
        weeklyToFriday(openedAtMs, targetPrices),
        "2026-04-03",
      );
      expect(weekly.lags.map((row) => row.n)).toEqual(reference("W").map((row) => row.n));
      expect(tradingDateOf(weekly.firstReturnMs)).toBe("2021-04-09");
      for (const column of ["pearson", "spearman", "band95"] as const) {
        expect(largestDifference(weekly.lags, reference("W"), column), column).toBeLessThan(1e-6);
      }
    });
  },
);
