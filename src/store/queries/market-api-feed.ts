import type { Dataset } from "../../engine/market-data/dataset.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import type { DatabaseSession } from "../database.js";

export interface FeedCounts {
  readonly feed: string;
  readonly dataset: Dataset;
  readonly symbols: number;
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly backfilled: number;
}

/** What became of the ticks of a day, by feed. */
export async function sumFeedCounts(session: DatabaseSession, tradingDate: TradingDate): Promise<FeedCounts[]> {
  const rows = await session.query<Omit<FeedCounts, "dataset"> & { simulated: boolean }>(
    `SELECT feed, simulated, count(DISTINCT nullif(symbol, ''))::float8 AS symbols, sum(received)::float8 AS received,
            sum(stored)::float8 AS stored, sum(duplicates)::float8 AS duplicates, sum(rejected)::float8 AS rejected,
            sum(backfilled)::float8 AS backfilled
       FROM feed_day_counts WHERE trading_date = $1::date GROUP BY feed, simulated ORDER BY feed, simulated`,
    [tradingDate],
  );
  return rows.map(({ simulated, ...counts }) => ({ ...counts, dataset: simulated ? "simulated" : "market" }));
}

/**
 * Whether what is stored up to a date can change only together with the data version: no feed's day up to it is open,
 * and no rollup is out of date.
 */
export async function isSettledUntil(
  session: DatabaseSession,
  dataset: Dataset,
  lastDate: TradingDate,
): Promise<boolean> {
  const [row] = await session.query<{ open: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM rollup_dirty_windows)
         OR EXISTS (SELECT 1 FROM import_batches
                     WHERE simulated = $1 AND mapping ->> 'tradingDate' <= $2
                       AND (mapping ->> 'isSettled')::boolean = false) AS open`,
    [dataset === "simulated", lastDate],
  );
  return !row!.open;
}

/** Whether a dataset has anything that pages show. */
export async function hasCandles(session: DatabaseSession, dataset: Dataset): Promise<boolean> {
  const [row] = await session.query<{ there: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM market_candles_daily WHERE simulated = $1)
         OR EXISTS (SELECT 1 FROM market_candles_intraday WHERE simulated = $1) AS there`,
    [dataset === "simulated"],
  );
  return row!.there;
}

/** Event time of the last stored trade of a symbol, ms; `undefined` without any. */
export async function lastTickTime(
  session: DatabaseSession,
  { symbol, dataset }: { symbol: string; dataset: Dataset },
): Promise<number | undefined> {
  const [row] = await session.query<{ last: Date | null }>(
    "SELECT max(event_time) AS last FROM market_ticks WHERE symbol = $1 AND simulated = $2",
    [symbol, dataset === "simulated"],
  );
  return row?.last?.getTime();
}

export async function isKnownInstrument(
  session: DatabaseSession,
  { symbol, dataset }: { symbol: string; dataset: Dataset },
): Promise<boolean> {
  const rows = await session.query("SELECT 1 FROM instruments WHERE symbol = $1 AND simulated = $2", [
    symbol,
    dataset === "simulated",
  ]);
  return rows.length > 0;
}
