import type { Board } from "../../engine/live-market/board.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";
import { textLiteral } from "../sql-literal.js";
import { onTradingDay } from "./tick-queries.js";

/** Volume of a day that no stored tick accounts for, between two that do. */
export interface StoredHole {
  readonly symbol: InstrumentSymbol;
  readonly board: Board;
  /** Event times of the ticks before and after; `NaN` where there is none before. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly volumeBefore: number;
  /** Cumulative volume of the tick after, without its own quantity. */
  readonly volumeAfter: number;
}

/** Less than this part of a volume is a rounding error of its sum. */
const ROUNDING = 1e-9;

/**
 * Holes in the chain of cumulative volumes of the stored ticks of a day, as SQL: each tick begins where the one before
 * it ended. Index levels are no chain.
 */
export function storedHolesOf(dataset: Dataset, tradingDate: TradingDate, symbol?: InstrumentSymbol): string {
  return `
    SELECT symbol, board, before_time, event_time, volume_before, cumulative_volume - quantity AS volume_after
      FROM (SELECT symbol, board, event_time, quantity, cumulative_volume,
                   lag(event_time) OVER chain AS before_time,
                   coalesce(max(cumulative_volume) OVER (chain ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                     AS volume_before
              FROM market_ticks
             WHERE simulated = ${dataset === "simulated"} AND board <> 'INDEX' AND ${onTradingDay(tradingDate)}
                   ${symbol === undefined ? "" : `AND symbol = ${textLiteral(symbol)}`}
            WINDOW chain AS (PARTITION BY symbol, board ORDER BY cumulative_volume, event_time)) AS links
     WHERE cumulative_volume - quantity - volume_before > ${ROUNDING} * cumulative_volume`;
}

export async function findStoredHoles(
  session: DatabaseSession,
  dataset: Dataset,
  tradingDate: TradingDate,
): Promise<StoredHole[]> {
  const { rowCount, columns } = await selectColumns(session, storedHolesOf(dataset, tradingDate), {
    symbol: "text",
    board: "text",
    beforeTime: "timestamptz",
    eventTime: "timestamptz",
    volumeBefore: "float8",
    volumeAfter: "float8",
  });
  return Array.from({ length: rowCount }, (_, row) => ({
    symbol: columns.symbol.at(row) as InstrumentSymbol,
    board: columns.board.at(row) as Board,
    fromMs: columns.beforeTime.values[row]!,
    toMs: columns.eventTime.values[row]!,
    volumeBefore: columns.volumeBefore.values[row]!,
    volumeAfter: columns.volumeAfter.values[row]!,
  }));
}
