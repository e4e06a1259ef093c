import type { Dataset } from "../../engine/market-data/dataset.js";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { type TradingDate, tradingDateToEpochMs } from "../../engine/units/trading-date.js";
import type { Database, DatabaseSession } from "../database.js";
import { instantLiteral } from "../sql-literal.js";
import { FEED_CANDLE_SECONDS, refreshAllMinuteCandles } from "./feed-candles.js";
import { startImportBatch } from "./import-batch-queries.js";

/** A trading day of a feed: the import batch that its minute candles carry. */
export interface FeedDay {
  readonly feed: string;
  readonly dataset: Dataset;
  readonly tradingDate: TradingDate;
}

/**
 * The batch of a feed's day, made when it is missing. It counts as unsettled from here on: its candles may be behind
 * its ticks until `settleFeedDay`. To be committed before a tick of the day is stored.
 */
export async function openFeedDay(database: Database, { feed, dataset, tradingDate }: FeedDay): Promise<number> {
  return database.transaction(async (session) => {
    const [known] = await session.query<{ id: number; is_settled: boolean }>(
      `SELECT id, (mapping ->> 'isSettled')::boolean AS is_settled FROM import_batches
        WHERE simulated = $1 AND mapping ->> 'feed' = $2 AND mapping ->> 'tradingDate' = $3`,
      [dataset === "simulated", feed, tradingDate],
    );
    if (known === undefined) {
      return startImportBatch(session, {
        kind: "prices",
        dataset,
        fileName: `feed ${feed} ${tradingDate}`,
        fileSha256: "",
        source: feed,
        mapping: { feed, tradingDate, isSettled: false },
        intervalSeconds: FEED_CANDLE_SECONDS,
      });
    }
    if (known.is_settled) await setSettled(session, known.id, false);
    return known.id;
  });
}

export interface UnsettledFeedDay {
  readonly tradingDate: TradingDate;
  readonly batchId: number;
}

/** Days whose candles may be behind their ticks, or whose rollups are not made. */
export async function listUnsettledFeedDays(
  session: DatabaseSession,
  { feed, dataset }: { feed: string; dataset: Dataset },
): Promise<UnsettledFeedDay[]> {
  const rows = await session.query<{ id: number; trading_date: TradingDate }>(
    `SELECT id, mapping ->> 'tradingDate' AS trading_date FROM import_batches
      WHERE simulated = $1 AND mapping ->> 'feed' = $2 AND NOT (mapping ->> 'isSettled')::boolean ORDER BY 2`,
    [dataset === "simulated", feed],
  );
  return rows.map(({ id, trading_date }) => ({ tradingDate: trading_date, batchId: id }));
}

/** The instants at which a trading day begins and ends; the end is not part of it. */
export function boundsOfDay(tradingDate: TradingDate): { fromMs: number; toMs: number } {
  const fromMs = tradingDateToEpochMs(tradingDate);
  return { fromMs, toMs: fromMs + MS_PER_DAY };
}

/**
 * Makes all minute candles of a day anew, fills in the counts of its batch and marks its rollups as out of date, in one
 * transaction. Nothing of the day may be stored meanwhile.
 */
export async function settleFeedDay(
  database: Database,
  { dataset, tradingDate, batchId }: { dataset: Dataset } & UnsettledFeedDay,
): Promise<void> {
  const { fromMs, toMs } = boundsOfDay(tradingDate);
  await database.transaction(async (session) => {
    await refreshAllMinuteCandles(session, { dataset, batchId, fromMs, toMs });
    const ofBatch = `batch_id = ${batchId} AND time >= ${instantLiteral(fromMs)} AND time < ${instantLiteral(toMs)}`;
    await session.execute(`
      INSERT INTO rollup_dirty_windows (symbol, from_time, to_time)
      SELECT symbol, min(time), max(time) FROM market_candles_intraday WHERE ${ofBatch} GROUP BY symbol;
      UPDATE import_batches SET (rows_read, rows_new, symbol_count, first_time, last_time) =
        (SELECT count(*), count(*), count(DISTINCT symbol), min(time), max(time)
           FROM market_candles_intraday WHERE ${ofBatch})
       WHERE id = ${batchId}`);
    await setSettled(session, batchId, true);
  });
}

async function setSettled(session: DatabaseSession, batchId: number, isSettled: boolean): Promise<void> {
  await session.query(
    `UPDATE import_batches SET mapping = jsonb_set(mapping, '{isSettled}', to_jsonb($2::boolean)) WHERE id = $1`,
    [batchId, isSettled],
  );
}
