import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { type TradingDate, tradingDateOf, tradingDayToEpochMs } from "../../engine/units/trading-date.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";
import { tradingDateSql } from "./candle-source.js";

/** How far the daily candles of a symbol reach, quarantined ones included. */
export interface CandleExtent {
  readonly symbol: InstrumentSymbol;
  /** Days since 1970-01-01. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly lastDate: TradingDate;
  readonly candleCount: number;
}

/** Every symbol with daily candles, stored or rolled up, by symbol. */
export async function listCandleExtents(session: DatabaseSession, dataset: Dataset): Promise<CandleExtent[]> {
  const simulated = dataset === "simulated";
  const { columns } = await selectColumns(
    session,
    `SELECT symbol, min(day), max(day), count(*)::int FROM (
       SELECT symbol, trading_date AS day FROM market_candles_daily WHERE simulated = ${simulated}
       UNION
       SELECT symbol, ${tradingDateSql("time")} FROM market_candles_1d WHERE simulated = ${simulated}
     ) days GROUP BY symbol ORDER BY symbol`,
    { symbol: "text", firstDay: "date", lastDay: "date", candleCount: "int4" },
  );
  const [firstDays, lastDays, counts] = [columns.firstDay.values, columns.lastDay.values, columns.candleCount.values];
  return columns.symbol.values.map((symbol, i) => ({
    symbol: symbol as InstrumentSymbol,
    firstDay: firstDays[i]!,
    lastDay: lastDays[i]!,
    lastDate: tradingDateOf(tradingDayToEpochMs(lastDays[i]!)),
    candleCount: counts[i]!,
  }));
}
