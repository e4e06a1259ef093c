import type { Dataset } from "../../engine/market-data/dataset.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import type { DatabaseSession } from "../database.js";

/** What became of the ticks of a symbol's board on a day; symbol and board are empty where a frame named none. */
export interface FeedDayCount {
  readonly symbol: string;
  readonly board: string;
  readonly tradingDate: TradingDate;
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly backfilled: number;
}

/** Adds to the counts of each symbol, board and day, which are given once each. Within the transaction that stores. */
export async function raiseFeedDayCounts(
  session: DatabaseSession,
  { feed, dataset }: { feed: string; dataset: Dataset },
  counts: readonly FeedDayCount[],
): Promise<void> {
  if (counts.length === 0) return;
  const column = <T>(of: (count: FeedDayCount) => T) => counts.map(of);
  await session.query(
    `INSERT INTO feed_day_counts AS known (feed, symbol, simulated, board, trading_date, received, stored, duplicates,
                                           rejected, backfilled)
     SELECT $1, symbol, $2, board, day::date, received, stored, duplicates, rejected, backfilled
       FROM unnest($3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::float8[], $9::float8[],
                   $10::float8[]) AS given(symbol, board, day, received, stored, duplicates, rejected, backfilled)
     ON CONFLICT (feed, symbol, simulated, board, trading_date) DO UPDATE SET
       (received, stored, duplicates, rejected, backfilled) =
       (known.received + excluded.received, known.stored + excluded.stored, known.duplicates + excluded.duplicates,
        known.rejected + excluded.rejected, known.backfilled + excluded.backfilled)`,
    [
      feed,
      dataset === "simulated",
      column(({ symbol }) => symbol),
      column(({ board }) => board),
      column(({ tradingDate }) => tradingDate),
      column(({ received }) => received),
      column(({ stored }) => stored),
      column(({ duplicates }) => duplicates),
      column(({ rejected }) => rejected),
      column(({ backfilled }) => backfilled),
    ],
  );
}
