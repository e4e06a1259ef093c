import type { Board } from "../../engine/live-market/board.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import type { DatabaseSession } from "../database.js";

/** `stream`: the feed left trades out. `downtime`: nobody listened between a stored trade and the first after a start. */
export const GAP_CAUSES = ["stream", "downtime"] as const;

export type GapCause = (typeof GAP_CAUSES)[number];

/** A gap that was found; `missingVolume` is what lies between `volumeBefore` and `volumeAfter`. */
export interface FoundGap {
  readonly symbol: InstrumentSymbol;
  readonly board: Board;
  readonly tradingDate: TradingDate;
  readonly cause: GapCause;
  readonly fromMs: number;
  readonly toMs: number;
  readonly volumeBefore: number;
  readonly volumeAfter: number;
  readonly missingVolume: number;
  readonly foundAtMs: number;
}

export interface StoredGap extends FoundGap {
  readonly id: number;
  readonly feed: string;
  readonly filledAtMs: number | undefined;
  readonly filledVolume: number;
  readonly filledTicks: number;
  readonly note: string;
}

/** Stores gaps, those that are known already excepted. */
export async function insertFeedGaps(
  session: DatabaseSession,
  { feed, dataset }: { feed: string; dataset: Dataset },
  gaps: readonly FoundGap[],
): Promise<void> {
  for (let at = 0; at < gaps.length; at += 500) {
    await session.query(
      `INSERT INTO feed_gaps (feed, symbol, simulated, board, trading_date, cause, from_time, to_time, volume_before,
                              volume_after, missing_volume, found_at)
       SELECT $1, j.symbol, $2, j.board, j."tradingDate", j.cause, to_timestamp(j."fromMs" / 1000.0),
              to_timestamp(j."toMs" / 1000.0), j."volumeBefore", j."volumeAfter", j."missingVolume",
              to_timestamp(j."foundAtMs" / 1000.0)
         FROM json_to_recordset($3::json) AS j(symbol text, board text, "tradingDate" date, cause text, "fromMs" float8,
              "toMs" float8, "volumeBefore" float8, "volumeAfter" float8, "missingVolume" float8, "foundAtMs" float8)
        WHERE NOT EXISTS (
          SELECT 1 FROM feed_gaps known
           WHERE known.feed = $1 AND known.simulated = $2 AND known.symbol = j.symbol AND known.board = j.board
             AND known.trading_date = j."tradingDate" AND known.volume_before = j."volumeBefore"
             AND known.volume_after = j."volumeAfter")`,
      [feed, dataset === "simulated", JSON.stringify(gaps.slice(at, at + 500))],
    );
  }
}

interface GapRow extends Record<string, unknown> {
  id: string;
  feed: string;
  symbol: InstrumentSymbol;
  board: Board;
  trading_date: TradingDate;
  cause: GapCause;
  from_ms: number;
  to_ms: number;
  volume_before: number;
  volume_after: number;
  missing_volume: number;
  found_at: Date;
  filled_at: Date | null;
  filled_volume: number;
  filled_ticks: number;
  note: string;
}

const ORDERS = {
  found: "id",
  /** What is open before what is filled, and of each the latest first. */
  "open-first": "filled_at IS NOT NULL, id DESC",
} as const;

/** Gaps in the order in which they were found unless another is asked for; only those that are still open when asked for. */
export async function listFeedGaps(
  session: DatabaseSession,
  {
    dataset,
    feed,
    tradingDate,
    isOpen = false,
    order = "found",
    limit,
  }: {
    dataset?: Dataset | undefined;
    feed?: string | undefined;
    tradingDate?: TradingDate | undefined;
    isOpen?: boolean;
    order?: keyof typeof ORDERS;
    limit: number;
  },
): Promise<StoredGap[]> {
  const rows = await session.query<GapRow>(
    `SELECT id, feed, symbol, board, trading_date, cause, (extract(epoch FROM from_time) * 1000)::float8 AS from_ms,
            (extract(epoch FROM to_time) * 1000)::float8 AS to_ms, volume_before, volume_after, missing_volume,
            found_at, filled_at, filled_volume, filled_ticks, note
       FROM feed_gaps
      WHERE ($1::boolean IS NULL OR simulated = $1) AND ($2::text IS NULL OR feed = $2)
        AND ($3::date IS NULL OR trading_date = $3::date) AND (NOT $4::boolean OR filled_at IS NULL)
      ORDER BY ${ORDERS[order]} LIMIT $5`,
    [dataset === undefined ? null : dataset === "simulated", feed ?? null, tradingDate ?? null, isOpen, limit],
  );
  return rows.map((row) => ({
    id: Number(row.id),
    feed: row.feed,
    symbol: row.symbol,
    board: row.board,
    tradingDate: row.trading_date,
    cause: row.cause,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    volumeBefore: row.volume_before,
    volumeAfter: row.volume_after,
    missingVolume: row.missing_volume,
    foundAtMs: row.found_at.getTime(),
    filledAtMs: row.filled_at?.getTime(),
    filledVolume: row.filled_volume,
    filledTicks: row.filled_ticks,
    note: row.note,
  }));
}

export interface GapCounts {
  readonly found: number;
  readonly open: number;
}

/** How many gaps of a day were found, and how many of them are open. */
export async function countFeedGaps(session: DatabaseSession, tradingDate: TradingDate): Promise<GapCounts> {
  const [row] = await session.query<{ found: number; open: number }>(
    `SELECT count(*)::int AS found, (count(*) FILTER (WHERE filled_at IS NULL))::int AS open
       FROM feed_gaps WHERE trading_date = $1::date`,
    [tradingDate],
  );
  return row!;
}

/** Less than this part of a volume is a rounding error of its sum. */
const ROUNDING = 1e-9;

/**
 * Counts which part of a gap the stored ticks fill by now and closes it when nothing is missing.
 * @returns whether it is closed
 */
export async function measureGap(
  session: DatabaseSession,
  gap: StoredGap,
  { dataset, note, nowMs }: { dataset: Dataset; note: string; nowMs: number },
): Promise<boolean> {
  const [row] = await session.query<{ is_filled: boolean }>(
    `WITH filling AS (
       SELECT coalesce(sum(quantity), 0) AS volume, count(*)::int AS ticks FROM market_ticks
        WHERE symbol = $2 AND simulated = $3 AND board = $4
          AND event_time >= (($5::date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
          AND event_time < (($5::date)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') + INTERVAL '1 day'
          AND cumulative_volume > $6::float8 AND cumulative_volume <= $7::float8 * (1 + ${ROUNDING}))
     UPDATE feed_gaps SET filled_volume = filling.volume, filled_ticks = filling.ticks, note = $8,
            filled_at = CASE WHEN filling.volume >= missing_volume * (1 - ${ROUNDING}) THEN $9::timestamptz END
       FROM filling WHERE id = $1 AND filled_at IS NULL RETURNING filled_at IS NOT NULL AS is_filled`,
    [
      gap.id,
      gap.symbol,
      dataset === "simulated",
      gap.board,
      gap.tradingDate,
      gap.volumeBefore,
      gap.volumeAfter,
      note,
      new Date(nowMs),
    ],
  );
  return row?.is_filled ?? false;
}
