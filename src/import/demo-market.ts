import type { CandleColumns } from "../engine/market-data/candle-columns.js";
import { DAILY_SECONDS, INTERVAL_SECONDS } from "../engine/market-data/candle-interval.js";
import { CHINESE_FUTURES_HOLIDAYS, VIETNAMESE_HOLIDAYS } from "../engine/market-data/trading-calendar-facts.js";
import { DEMO_SEED, simulateMarket } from "../engine/simulated-market/simulate-market.js";
import { epochMs } from "../engine/units/epoch-ms.js";
import type { TradingDate } from "../engine/units/trading-date.js";
import { writeCandles } from "../store/candle-writer.js";
import type { Database, DatabaseSession } from "../store/database.js";
import { upsertCalendar } from "../store/queries/calendar-queries.js";
import { raiseDataVersion } from "../store/queries/data-version.js";
import { replaceFindings } from "../store/queries/finding-queries.js";
import { finishImportBatch, lockImports, startImportBatch } from "../store/queries/import-batch-queries.js";
import { upsertInstruments } from "../store/queries/instrument-queries.js";
import { markRollupsDirty, refreshDirtyRollups } from "../store/rollups.js";
import { checkStoredSeries } from "./check-stored-series.js";

export interface DemoReport {
  readonly dailyCandles: number;
  readonly minuteCandles: number;
  readonly endDate: TradingDate;
}

/** Replaces the demo market by one that ends on `endDate`. */
export async function loadDemoMarket(
  database: Database,
  { endDate, seed = DEMO_SEED }: { endDate: TradingDate; seed?: number },
): Promise<DemoReport> {
  const market = simulateMarket({ seed, endDate });
  await database.transaction(async (session) => {
    await deleteSimulated(session);
    await upsertInstruments(session, market.instruments, { dataset: "simulated", described: true });
    await storeCandles(session, market.daily, DAILY_SECONDS, seed);
    await storeCandles(session, market.minutes, INTERVAL_SECONDS["1m"], seed);
    await raiseDataVersion(session);
  });
  await refreshDirtyRollups(database);
  return { dailyCandles: market.daily.length, minuteCandles: market.minutes.length, endDate };
}

/** Deletes everything simulated; returns how many candles that were. */
export async function removeDemoMarket(database: Database): Promise<number> {
  const removed = await database.transaction(async (session) => {
    const count = await deleteSimulated(session);
    if (count > 0) await raiseDataVersion(session);
    return count;
  });
  await refreshDirtyRollups(database);
  return removed;
}

/** Stores the shipped holidays of the exchanges. Days that an import has given stay as they are. */
export async function storeCalendarFacts(database: Database): Promise<void> {
  await database.transaction(async (session) => {
    const stored = await session.query("SELECT 1 FROM trading_calendar LIMIT 1");
    if (stored.length > 0) return;
    const source = "shipped with the workbench";
    const holidays = (exchanges: readonly string[], dates: readonly TradingDate[]) =>
      exchanges.flatMap((exchange) =>
        dates.map((date) => ({ exchange, date, kind: "holiday" as const, note: "", source })),
      );
    await upsertCalendar(session, [
      ...holidays(["HOSE", "HNX", "UPCOM"], VIETNAMESE_HOLIDAYS),
      ...holidays(["DCE", "SHFE", "INE", "CZCE"], CHINESE_FUTURES_HOLIDAYS),
    ]);
    await raiseDataVersion(session);
  });
}

async function storeCandles(
  session: DatabaseSession,
  candles: CandleColumns,
  intervalSeconds: number,
  seed: number,
): Promise<void> {
  const batchId = await startImportBatch(session, {
    kind: "prices",
    dataset: "simulated",
    fileName: "",
    fileSha256: "",
    source: "simulated",
    mapping: { seed },
    intervalSeconds,
  });
  const target = { dataset: "simulated", intervalSeconds, batchId } as const;
  const { inserted } = await writeCandles(session, candles, target);
  const firstMs = candles.openedAtMs.reduce((first, time) => Math.min(first, time), Number.POSITIVE_INFINITY);
  const lastMs = candles.openedAtMs.reduce((last, time) => Math.max(last, time), Number.NEGATIVE_INFINITY);
  if (intervalSeconds < DAILY_SECONDS && candles.length > 0) {
    await markRollupsDirty(
      session,
      candles.symbols.map((symbol) => ({ symbol, fromMs: epochMs(firstMs), toMs: epochMs(lastMs) })),
    );
  }
  const findings = await checkStoredSeries(session, {
    dataset: "simulated",
    intervalSeconds,
    symbols: candles.symbols,
  });
  await replaceFindings(session, candles.symbols, findings, target);
  await finishImportBatch(session, batchId, {
    rowsRead: candles.length,
    rowsNew: inserted.length,
    rowsIdentical: 0,
    rowsConflicting: 0,
    rowsLeftOut: 0,
    rowsRejected: 0,
    symbolCount: candles.symbols.length,
    firstMs,
    lastMs,
  });
}

async function deleteSimulated(session: DatabaseSession): Promise<number> {
  await lockImports(session);
  const [counted] = await session.query<{ candles: number }>(
    "SELECT count(*)::int AS candles FROM market_candles WHERE simulated",
  );
  const windows = await session.query<{ symbol: never; from_time: Date; to_time: Date }>(
    `SELECT symbol, min(time) AS from_time, max(time) AS to_time FROM market_candles_intraday WHERE simulated GROUP BY symbol`,
  );
  await session.execute(`
    DELETE FROM data_quality_findings WHERE simulated;
    DELETE FROM market_candles_daily WHERE simulated;
    DELETE FROM market_candles_intraday WHERE simulated;
    DELETE FROM quarantines WHERE simulated;
    DELETE FROM instruments WHERE simulated;
    DELETE FROM import_batches WHERE simulated;`);
  await markRollupsDirty(
    session,
    windows.map(({ symbol, from_time, to_time }) => ({
      symbol,
      fromMs: epochMs(from_time.getTime()),
      toMs: epochMs(to_time.getTime()),
    })),
  );
  return counted!.candles;
}
