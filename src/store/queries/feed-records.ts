import type { FeedStatus } from "../../engine/live-market/feed-status.js";
import type { ReferencePrice } from "../../engine/live-market/market-event.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import type { DatabaseSession } from "../database.js";

/** Keeps the day's reference prices as they were given last. One of each symbol and day. */
export async function upsertReferencePrices(
  session: DatabaseSession,
  dataset: Dataset,
  prices: readonly ReferencePrice[],
): Promise<void> {
  if (prices.length === 0) return;
  const column = <T>(of: (price: ReferencePrice) => T) => prices.map(of);
  await session.query(
    `INSERT INTO reference_prices (symbol, simulated, trading_date, reference, ceiling, floor, halted, source, received_at)
     SELECT symbol, $1, day::date, reference, nullif(ceiling, 'NaN'), nullif(floor, 'NaN'), halted = 1, source,
            to_timestamp(received_at / 1000.0)
       FROM unnest($2::text[], $3::text[], $4::float8[], $5::float8[], $6::float8[], $7::int[], $8::text[], $9::float8[])
         AS given(symbol, day, reference, ceiling, floor, halted, source, received_at)
     ON CONFLICT (symbol, simulated, trading_date) DO UPDATE SET
       (reference, ceiling, floor, halted, source, received_at) =
       (excluded.reference, excluded.ceiling, excluded.floor, excluded.halted, excluded.source, excluded.received_at)`,
    [
      dataset === "simulated",
      column(({ symbol }) => symbol),
      column(({ tradingDate }) => tradingDate),
      column(({ reference }) => reference),
      column(({ ceiling }) => ceiling),
      column(({ floor }) => floor),
      column(({ isHalted }) => (isHalted ? 1 : 0)),
      column(({ source }) => source),
      column(({ receivedAtMs }) => receivedAtMs),
    ],
  );
}

export interface FeedStateRow extends FeedStatus {
  readonly feed: string;
  readonly recordedAtMs: number;
}

const dateOrNull = (instantMs: number | undefined | null) => (instantMs == null ? null : new Date(instantMs));
const instantOrUndefined = (date: Date | null) => date?.getTime();

export async function insertFeedState(
  session: DatabaseSession,
  { feed, dataset }: { feed: string; dataset: Dataset },
  { state, reason, sinceMs, lastEventTimeMs, lastReceivedAtMs }: FeedStatus,
  recordedAtMs: number,
): Promise<void> {
  await session.query(
    `INSERT INTO feed_states (feed, simulated, state, reason, since, last_event_time, last_received_at, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      feed,
      dataset === "simulated",
      state,
      reason,
      new Date(sinceMs),
      dateOrNull(lastEventTimeMs),
      dateOrNull(lastReceivedAtMs),
      new Date(recordedAtMs),
    ],
  );
}

/** States, the latest first; of one feed when it is named. */
export async function listFeedStates(
  session: DatabaseSession,
  { feed, limit }: { feed?: string | undefined; limit: number },
): Promise<FeedStateRow[]> {
  const rows = await session.query<{
    feed: string;
    state: FeedStatus["state"];
    reason: string;
    since: Date;
    last_event_time: Date | null;
    last_received_at: Date | null;
    recorded_at: Date;
  }>(
    `SELECT feed, state, reason, since, last_event_time, last_received_at, recorded_at FROM feed_states
      WHERE $1::text IS NULL OR feed = $1 ORDER BY id DESC LIMIT $2`,
    [feed ?? null, limit],
  );
  return rows.map((row) => ({
    feed: row.feed,
    state: row.state,
    reason: row.reason,
    sinceMs: row.since.getTime(),
    lastEventTimeMs: instantOrUndefined(row.last_event_time),
    lastReceivedAtMs: instantOrUndefined(row.last_received_at),
    recordedAtMs: row.recorded_at.getTime(),
  }));
}

/** Deletes what a feed stored of one day: its ticks, minute candles, counts and gaps. For simulated days that begin anew. */
export async function deleteFeedDay(
  session: DatabaseSession,
  { feed, tradingDate }: { feed: string; tradingDate: TradingDate },
): Promise<void> {
  const day = [feed, tradingDate];
  const bounds = `(($2::date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')`;
  await session.query(
    `DELETE FROM market_ticks
      WHERE simulated AND source = $1 AND event_time >= ${bounds} AND event_time < ${bounds} + INTERVAL '1 day'`,
    day,
  );
  await session.query(
    `DELETE FROM market_candles_intraday
      WHERE simulated AND interval_seconds = 60 AND time >= ${bounds} AND time < ${bounds} + INTERVAL '1 day'
        AND batch_id IN (SELECT id FROM import_batches WHERE simulated AND mapping ->> 'feed' = $1)`,
    day,
  );
  await session.query("DELETE FROM feed_day_counts WHERE simulated AND feed = $1 AND trading_date = $2::date", day);
  await session.query("DELETE FROM feed_gaps WHERE simulated AND feed = $1 AND trading_date = $2::date", day);
}
