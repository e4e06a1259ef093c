import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { type EpochMs, MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS, type TradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import { dayColumnBuilder, Int32ColumnBuilder, TextColumnBuilder } from "../copy-binary/column-builders.js";
import { CopyColumnDecoder } from "../copy-binary/copy-decoder.js";
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
  const symbols = new TextColumnBuilder();
  const firstDays = dayColumnBuilder();
  const lastDays = dayColumnBuilder();
  const counts = new Int32ColumnBuilder();
  await session.copyOut(
    `COPY (
       SELECT symbol, min(day), max(day), count(*)::int FROM (
         SELECT symbol, trading_date AS day FROM market_candles_daily WHERE simulated = ${simulated}
         UNION
         SELECT symbol, ${tradingDateSql("time")} FROM market_candles_1d WHERE simulated = ${simulated}
       ) days GROUP BY symbol ORDER BY symbol
     ) TO STDOUT (FORMAT binary)`,
    new CopyColumnDecoder([symbols, firstDays, lastDays, counts]),
  );
  return symbols.values.map((symbol, i) => ({
    symbol: symbol as InstrumentSymbol,
    firstDay: firstDays.values[i]!,
    lastDay: lastDays.values[i]!,
    lastDate: tradingDateOf((lastDays.values[i]! * MS_PER_DAY - TRADING_UTC_OFFSET_MS) as EpochMs),
    candleCount: counts.values[i]!,
  }));
}
