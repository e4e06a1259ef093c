import { DAILY_SECONDS } from "../src/engine/market-data/candle-interval.js";
import { inferInstrumentConventions } from "../src/engine/market-data/instrument-conventions.js";
import { type InstrumentSymbol, instrumentSymbol } from "../src/engine/market-data/instrument-symbol.js";
import { gaussianRandom, seededRandom } from "../src/engine/statistics/seeded-random.js";
import { MS_PER_DAY } from "../src/engine/units/epoch-ms.js";
import { isWeekend, TRADING_UTC_OFFSET_MS, tradingDate } from "../src/engine/units/trading-date.js";
import { writeCandles } from "../src/store/candle-writer.js";
import { openDatabase } from "../src/store/open-database.js";
import { raiseDataVersion } from "../src/store/queries/data-version.js";
import { finishImportBatch, startImportBatch } from "../src/store/queries/import-batch-queries.js";
import { upsertInstruments } from "../src/store/queries/instrument-queries.js";

const SECTORS = ["Banks", "Real estate", "Steel", "Retail", "Energy", "Chemicals", "Utilities", "Technology"];
const FIRST_DAY = Date.UTC(2025, 0, 1);
const CALENDAR_DAYS = 180;
const VOLATILITY = 0.02;

/** Fills a data folder with simulated daily candles of `symbolCount` invented shares in eight sectors. */
export async function writeWideMarket(dataFolder: string, symbolCount: number): Promise<void> {
  const gaussian = gaussianRandom(seededRandom(1));
  const symbols = Array.from({ length: symbolCount }, (_, i) => instrumentSymbol(threeLetters(i)));
  const candles = randomWalks(symbols, gaussian);
  const database = await openDatabase({ databaseUrl: undefined, dataFolder, purpose: "bench" });
  try {
    await database.transaction(async (session) => {
      await upsertInstruments(
        session,
        symbols.map((symbol, i) => ({
          ...inferInstrumentConventions(symbol, { exchange: "HOSE" }),
          symbol,
          name: `Invented share ${symbol}`,
          assetClass: "equity" as const,
          sector: SECTORS[i % SECTORS.length],
          industry: undefined,
          marketCap: Math.exp(27 + 1.5 * gaussian()),
          marketCapDate: tradingDate("2025-01-02"),
        })),
        { dataset: "simulated", described: true },
      );
      const batchId = await startImportBatch(session, {
        kind: "prices",
        dataset: "simulated",
        fileName: "",
        fileSha256: "",
        source: "simulated",
        mapping: {},
        intervalSeconds: DAILY_SECONDS,
      });
      await writeCandles(session, candles, { dataset: "simulated", intervalSeconds: DAILY_SECONDS, batchId });
      await finishImportBatch(session, batchId, {
        rowsRead: candles.length,
        rowsNew: candles.length,
        rowsIdentical: 0,
        rowsConflicting: 0,
        rowsLeftOut: 0,
        rowsRejected: 0,
        symbolCount,
        firstMs: candles.openedAtMs[0],
        lastMs: candles.openedAtMs.at(-1),
      });
      await raiseDataVersion(session);
    });
  } finally {
    await database.close();
  }
}

function randomWalks(symbols: readonly InstrumentSymbol[], gaussian: () => number) {
  const days = Array.from({ length: CALENDAR_DAYS }, (_, i) => FIRST_DAY + i * MS_PER_DAY - TRADING_UTC_OFFSET_MS);
  const openedAtMs = days.filter((day) => !isWeekend(day));
  const length = symbols.length * openedAtMs.length;
  const close = new Float64Array(length);
  let logPrice = 0;
  for (let row = 0; row < length; row++) {
    if (row % openedAtMs.length === 0) logPrice = Math.log(20_000) + 0.5 * gaussian();
    logPrice += VOLATILITY * gaussian();
    close[row] = Math.round(Math.exp(logPrice));
  }
  return {
    length,
    symbols,
    symbolCodes: Int32Array.from({ length }, (_, row) => Math.floor(row / openedAtMs.length)),
    openedAtMs: Float64Array.from({ length }, (_, row) => openedAtMs[row % openedAtMs.length]!),
    open: close,
    high: close,
    low: close,
    close,
    volume: new Float64Array(length).fill(100_000),
  };
}

/** AAA, AAB, …: 17,576 of them. */
function threeLetters(index: number): string {
  return String.fromCharCode(65 + Math.floor(index / 676), 65 + (Math.floor(index / 26) % 26), 65 + (index % 26));
}
