import type { CandleColumns } from "../../engine/market-data/candle-columns.js";
import { INTERVAL_SECONDS } from "../../engine/market-data/candle-interval.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { type EpochMs, epochMs, MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import type { DatabaseSession } from "../database.js";
import { readCandles } from "./candle-queries.js";
import type { CandleSelection } from "./candle-source.js";

/** When the first and the last stored candle of a symbol open, of whatever interval; `undefined` without any. */
export async function candleBounds(
  session: DatabaseSession,
  { symbol, dataset }: { symbol: InstrumentSymbol; dataset: Dataset },
): Promise<{ readonly firstMs: EpochMs; readonly lastMs: EpochMs } | undefined> {
  const [row] = await session.query<{ first: Date | null; last: Date | null }>(
    "SELECT min(time) AS first, max(time) AS last FROM market_candles WHERE symbol = $1 AND simulated = $2",
    [symbol, dataset === "simulated"],
  );
  if (row?.first == null || row.last == null) return undefined;
  return { firstMs: epochMs(row.first.getTime()), lastMs: epochMs(row.last.getTime()) };
}

export interface BoundedCandleSelection extends CandleSelection {
  readonly fromMs: EpochMs;
  readonly toMsExclusive: EpochMs;
}

/**
 * Candles in order of time, stretch by stretch, each of about `batchRows` rows or fewer. Between two stretches nothing
 * is held in the database, so that whoever reads slowly keeps nobody waiting; what is stored behind the stretch being
 * read appears. Bounds are to lie where candles of the interval open.
 */
export async function* readCandleStretches(
  session: DatabaseSession,
  selection: BoundedCandleSelection,
  batchRows: number,
): AsyncGenerator<CandleColumns> {
  const intervalMs = INTERVAL_SECONDS[selection.interval] * MS_PER_SECOND;
  let intervals = batchRows;
  for (let startMs: number = selection.fromMs; startMs < selection.toMsExclusive; ) {
    const endMs = Math.min(startMs + intervals * intervalMs, selection.toMsExclusive);
    const { candles } = await readCandles(session, {
      ...selection,
      fromMs: epochMs(startMs),
      toMsExclusive: epochMs(endMs),
    });
    if (candles.length > 0) yield candles;
    startMs = endMs;
    const dense = candles.length === 0 ? 4 : Math.min(4, batchRows / candles.length);
    intervals = Math.max(1, Math.floor(intervals * dense));
  }
}
