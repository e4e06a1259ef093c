import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { guessMapping } from "../../../src/import/mapping/guess-mapping.js";
import { inspectFile } from "../../../src/import/reading/inspect-file.js";
import { readInstruments } from "../../../src/import/reading/read-instruments.js";
import { readPrices } from "../../../src/import/reading/read-prices.js";

const DATA = resolve(import.meta.dirname, "../../../../shared/data");
const SECTORS = `${DATA}/equities/vn_tickers_sector_marketcap_2021.csv`;

/** Rows, symbols and missing values as the files' provenance and `zcat | wc -l` state them. */
const PRICE_FILES = [
  { file: "equities/vn100_daily_2015_2026.csv.gz", rows: 234_083, symbols: 100, scale: 1000, interval: "1d" },
  { file: "equities/vn_indexes_daily_2004_2026.csv.gz", rows: 36_423, symbols: 17, scale: 1, interval: "1d" },
  { file: "equities/vn30_unadjusted_dirty_2015_2026.csv.gz", rows: 73_105, symbols: 30, scale: 1000, interval: "1d" },
  {
    file: "equities/sp500_daily_2013_2018.csv.gz",
    rows: 619_040,
    symbols: 505,
    scale: 1,
    interval: "1d",
    missingOpens: 11,
  },
  { file: "commodities/cn_futures_daily.csv.gz", rows: 40_084, symbols: 11, scale: 1, interval: "1d" },
  {
    file: "commodities/energy_spot_eia_daily.csv.gz",
    rows: 27_621,
    symbols: 3,
    scale: 1,
    interval: "1d",
    missingCloses: 1,
  },
  { file: "fx/usdvnd_yahoo_2020_2026.csv", rows: 1_615, symbols: 1, scale: 1, interval: "1d" },
  { file: "intraday/vn30f1m_5min_2018_2024.csv.gz", rows: 80_089, symbols: 1, scale: 1, interval: "5m" },
] as const;

describe.skipIf(!existsSync(DATA))("real files (skipped without ../shared/data beside the repository)", () => {
  const knownEquities = async (): Promise<Set<string>> => {
    const { mapping } = await guessMapping(await inspectFile(SECTORS), {}, { knownVndEquities: new Set() });
    const { instruments } = await readInstruments(SECTORS, mapping);
    return new Set(instruments.map(({ symbol }) => symbol));
  };

  it("reads every row of the sector file", async () => {
    expect((await knownEquities()).size).toBe(709);
  });

  for (const { file, rows, symbols, scale, interval, ...missing } of PRICE_FILES) {
    it(`reads every row of ${file} by its guessed mapping`, async () => {
      const path = `${DATA}/${file}`;
      const { mapping } = await guessMapping(await inspectFile(path), {}, { knownVndEquities: await knownEquities() });
      expect(mapping).toMatchObject({ kind: "prices", priceScale: scale, interval });
      expect(mapping.scaledSymbols).toBeUndefined();
      const found = { rows: 0, rejected: 0, symbols: 0, missingOpens: 0, missingCloses: 0 };
      for await (const { candles, rejected } of readPrices(path, mapping)) {
        found.rows += candles.length;
        found.rejected += rejected.length;
        found.symbols = candles.symbols.length;
        found.missingCloses += candles.close.filter(Number.isNaN).length;
        if (mapping.columns.open !== undefined) found.missingOpens += candles.open.filter(Number.isNaN).length;
      }
      expect(found).toEqual({ rows, rejected: 0, symbols, missingOpens: 0, missingCloses: 0, ...missing });
    });
  }

  it("reads the first candle of ACB in VND", async () => {
    const path = `${DATA}/equities/vn100_daily_2015_2026.csv.gz`;
    const { mapping } = await guessMapping(
      await inspectFile(path),
      { priceScale: 1000 },
      { knownVndEquities: new Set() },
    );
    for await (const { candles } of readPrices(path, mapping)) {
      expect([candles.symbols[0], new Date(candles.openedAtMs[0]!).toISOString()]).toEqual([
        "ACB",
        "2015-09-27T17:00:00.000Z",
      ]);
      expect([candles.open[0], candles.high[0], candles.low[0], candles.close[0], candles.volume[0]]).toEqual([
        3130, 3160, 3060, 3060, 265_140,
      ]);
      break;
    }
  });
});
