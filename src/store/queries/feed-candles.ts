import { PRICE_FORMING_BOARDS } from "../../engine/live-market/board.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { MS_PER_MINUTE } from "../../engine/units/epoch-ms.js";
import type { DatabaseSession } from "../database.js";
import { instantLiteral, textListLiteral, textLiteral } from "../sql-literal.js";

export const FEED_CANDLE_SECONDS = 60;

/** Minutes of a symbol whose ticks changed: both ends are instants within the first and the last of them. */
export interface TouchedMinutes {
  readonly symbol: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const MINUTE = "date_bin(INTERVAL '1 minute', event_time, TIMESTAMPTZ '2000-01-01 00:00:00+00')";
const FORMING = `(${[...PRICE_FORMING_BOARDS].map(textLiteral).join(", ")})`;

/** Minute candles of the ticks that `condition` on `market_ticks t` leaves, as SQL. */
export function minuteCandlesOf(dataset: Dataset, condition: string): string {
  return `SELECT symbol, time, prices[1] AS open, high, low, prices[cardinality(prices)] AS close, volume
            FROM (SELECT t.symbol, ${MINUTE} AS time,
                         array_agg(price ORDER BY event_time, board, cumulative_volume) AS prices,
                         max(price) AS high, min(price) AS low, sum(quantity) AS volume
                    FROM market_ticks t
                   WHERE t.simulated = ${dataset === "simulated"} AND t.board IN ${FORMING} AND ${condition}
                   GROUP BY 1, 2) AS minutes`;
}

/**
 * Makes the minute candles of these minutes anew from the stored ticks of price-forming boards, so that they are right
 * whatever order the ticks came in. Candles of another batch, such as imported ones, stay as they are.
 */
export async function refreshMinuteCandles(
  session: DatabaseSession,
  { dataset, batchId, touched }: { dataset: Dataset; batchId: number; touched: readonly TouchedMinutes[] },
): Promise<void> {
  if (touched.length === 0) return;
  const startOf = (instantMs: number) => Math.floor(instantMs / MS_PER_MINUTE) * MS_PER_MINUTE;
  const windows = touched.map(({ symbol, fromMs, toMs }) => ({
    symbol,
    fromMs: startOf(fromMs),
    toMs: startOf(toMs) + MS_PER_MINUTE,
  }));
  // Windows of equal length share a statement with plain conditions, which an index answers.
  const byWindow = Map.groupBy(windows, ({ fromMs, toMs }) => `${fromMs} ${toMs}`);
  for (const group of byWindow.values()) {
    const { fromMs, toMs } = group[0]!;
    await writeCandles(session, { dataset, batchId }, [
      `t.symbol = ANY(${textListLiteral(group.map(({ symbol }) => symbol))})`,
      `t.event_time >= ${instantLiteral(fromMs)} AND t.event_time < ${instantLiteral(toMs)}`,
    ]);
  }
}

/** Makes every minute candle between two instants anew, the second one not included. */
export function refreshAllMinuteCandles(
  session: DatabaseSession,
  { dataset, batchId, fromMs, toMs }: { dataset: Dataset; batchId: number; fromMs: number; toMs: number },
): Promise<void> {
  return writeCandles(session, { dataset, batchId }, [
    `t.event_time >= ${instantLiteral(fromMs)} AND t.event_time < ${instantLiteral(toMs)}`,
  ]);
}

async function writeCandles(
  session: DatabaseSession,
  { dataset, batchId }: { dataset: Dataset; batchId: number },
  conditions: readonly string[],
): Promise<void> {
  await session.execute(`
    INSERT INTO market_candles_intraday AS known (symbol, simulated, interval_seconds, time, open, high, low, close,
                                                  volume, batch_id)
    SELECT symbol, ${dataset === "simulated"}, ${FEED_CANDLE_SECONDS}, time, open, high, low, close, volume, ${batchId}
      FROM (${minuteCandlesOf(dataset, conditions.join(" AND "))}) AS made
    ON CONFLICT (symbol, simulated, interval_seconds, time) DO UPDATE SET
      (open, high, low, close, volume) = (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume)
     WHERE known.batch_id = excluded.batch_id
       AND (known.open, known.high, known.low, known.close, known.volume) IS DISTINCT FROM
           (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume)`);
}
