import type { Dataset } from "../../engine/market-data/dataset.js";
import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import type { DatabaseSession } from "../database.js";

/** When the last stored candle of less than a day opened; `undefined` when there is none. */
export async function lastIntradayCandle(session: DatabaseSession, dataset: Dataset): Promise<EpochMs | undefined> {
  const [row] = await session.query<{ last: Date | null }>(
    "SELECT max(time) AS last FROM market_candles_intraday WHERE simulated = $1",
    [dataset === "simulated"],
  );
  return row?.last == null ? undefined : epochMs(row.last.getTime());
}
