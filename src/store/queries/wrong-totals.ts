import type { WrongTotal } from "../../engine/live-market/sequence-audit.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { DatabaseSession } from "../database.js";
import { microsecondLiteral } from "../sql-literal.js";
import { raiseFeedDayCounts } from "./feed-counts.js";

export const WRONG_TOTAL_NOTE = "the total of the trade behind it was wrong: the trade is rejected";

/**
 * Takes a trade whose total proved wrong out of what the feed stored, as if it had been rejected when it came, and
 * closes the gap that it left. Within the transaction that stores. Nothing for a trade that is not stored.
 */
export async function withdrawWrongTotal(
  session: DatabaseSession,
  { feed, dataset }: { feed: string; dataset: Dataset },
  { suspect, gap }: Pick<WrongTotal, "suspect" | "gap">,
  closedAtMs: number,
): Promise<void> {
  const { symbol, board, eventTimeMs, cumulativeVolume } = suspect;
  const removed = await session.query(
    `DELETE FROM market_ticks
      WHERE symbol = $1 AND simulated = $2 AND board = $3 AND event_time = ${microsecondLiteral(eventTimeMs)}
        AND cumulative_volume = $4::float8 AND source = $5 RETURNING 1`,
    [symbol, dataset === "simulated", board, cumulativeVolume, feed],
  );
  await session.query(
    `UPDATE feed_gaps SET filled_at = $8, note = $9
      WHERE feed = $1 AND simulated = $2 AND symbol = $3 AND board = $4 AND trading_date = $5::date
        AND volume_before = $6::float8 AND volume_after = $7::float8`,
    [
      feed,
      dataset === "simulated",
      symbol,
      board,
      gap.tradingDate,
      gap.volumeBefore,
      gap.volumeAfter,
      new Date(closedAtMs),
      WRONG_TOTAL_NOTE,
    ],
  );
  if (removed.length === 0) return;
  const changed = { received: 0, stored: -1, duplicates: 0, rejected: 1, backfilled: 0 };
  await raiseFeedDayCounts(session, { feed, dataset }, [{ symbol, board, tradingDate: gap.tradingDate, ...changed }]);
}
