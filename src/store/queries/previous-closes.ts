import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import type { DatabaseSession } from "../database.js";

export interface PreviousClose {
  readonly symbol: InstrumentSymbol;
  readonly tradingDate: TradingDate;
  readonly close: number;
}

/** Older closes say nothing of today. */
const OLDEST_DAYS = 30;

/**
 * The last daily close of each symbol of these exchanges before a trading date, at most 30 days old: what changes are measured from while
 * no reference price is known. It is not adjusted for what happened since.
 */
export async function readPreviousCloses(
  session: DatabaseSession,
  dataset: Dataset,
  { before, exchanges }: { readonly before: TradingDate; readonly exchanges: readonly string[] },
): Promise<PreviousClose[]> {
  return session.query<PreviousClose & Record<string, unknown>>(
    `SELECT DISTINCT ON (symbol) symbol, trading_date::text AS "tradingDate", close
       FROM market_candles_daily JOIN instruments USING (symbol, simulated)
      WHERE exchange = ANY($3) AND simulated = $1 AND trading_date < $2::date AND trading_date >= $2::date - ${OLDEST_DAYS}
      ORDER BY symbol, trading_date DESC`,
    [dataset === "simulated", before, exchanges],
  );
}
