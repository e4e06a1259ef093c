import { type CandleInterval, INTERVAL_SECONDS } from "../../engine/market-data/candle-interval.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { type EpochMs, MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { tradingDateOf } from "../../engine/units/trading-date.js";
import { dateLiteral, instantLiteral, textListLiteral } from "../sql-literal.js";
import { type Quarantine, quarantineFilter } from "./quarantine-queries.js";

/** Which candles to read. Missing bounds mean everything; `fromMs` is inclusive, `toMsExclusive` is not. */
export interface CandleSelection {
  readonly interval: CandleInterval;
  readonly dataset: Dataset;
  readonly symbols?: readonly InstrumentSymbol[];
  readonly fromMs?: EpochMs;
  readonly toMsExclusive?: EpochMs;
}

const VALUES = "open, high, low, close, volume";

/** The trading date on which an instant falls, in SQL. */
export const tradingDateSql = (time: string) => `(${time} AT TIME ZONE 'UTC' + INTERVAL '7 hours')::date`;

/**
 * SELECT of (symbol, trading_date, open, high, low, close, volume) by symbol and date: daily candles as
 * imported, and days rolled up from intraday candles where no daily candle is stored.
 */
export function dailyCandlesSql(
  selection: Omit<CandleSelection, "interval">,
  quarantines: readonly Quarantine[],
): string {
  const rolledUpDate = tradingDateSql("r.time");
  return `
    SELECT symbol, trading_date, ${VALUES} FROM market_candles_daily d
     WHERE ${sharedFilter("d", selection)}${dateBounds("d.trading_date", selection)}
           ${quarantineFilter(quarantines, "d.symbol", "d.trading_date")}
    UNION ALL
    SELECT symbol, trading_date, ${VALUES} FROM (
      SELECT DISTINCT ON (r.symbol, r.time) r.symbol, ${rolledUpDate} AS trading_date, ${VALUES}
        FROM market_candles_1d r
       WHERE ${sharedFilter("r", selection)}${dateBounds(rolledUpDate, selection)}
             ${quarantineFilter(quarantines, "r.symbol", rolledUpDate)}
         AND NOT EXISTS (SELECT 1 FROM market_candles_daily d
                          WHERE d.symbol = r.symbol AND d.simulated = r.simulated AND d.trading_date = ${rolledUpDate})
       ORDER BY r.symbol, r.time, r.base_interval_seconds
    ) rolled_up
    ORDER BY 1, 2`;
}

/**
 * SELECT of (symbol, time, open, high, low, close, volume) by symbol and time for an interval of less than a
 * day: each as stored at that interval, else built from the finest interval that is stored for its time.
 */
export function intradayCandlesSql(selection: CandleSelection, quarantines: readonly Quarantine[]): string {
  const seconds = INTERVAL_SECONDS[selection.interval];
  const bucket = `to_timestamp(floor(extract(epoch FROM c.time) / ${seconds}) * ${seconds})`;
  const filter = `${sharedFilter("c", selection)}${instantBounds("c.time", selection)}
           ${quarantineFilter(quarantines, "c.symbol", tradingDateSql("c.time"))}`;
  if (selection.interval === "1h") {
    return `
    SELECT DISTINCT ON (c.symbol, c.time) c.symbol, c.time, ${VALUES} FROM (
      SELECT symbol, simulated, base_interval_seconds, time, ${VALUES} FROM market_candles_1h
      UNION ALL
      SELECT symbol, simulated, interval_seconds, time, ${VALUES} FROM market_candles_intraday WHERE interval_seconds = 3600
    ) c
     WHERE ${filter}
     ORDER BY c.symbol, c.time, c.base_interval_seconds = ${seconds} DESC, c.base_interval_seconds`;
  }
  return `
    SELECT DISTINCT ON (symbol, time) symbol, time, ${VALUES} FROM (
      SELECT c.symbol, ${bucket} AS time, c.interval_seconds, (array_agg(open ORDER BY c.time))[1] AS open,
             max(high) AS high, min(low) AS low, (array_agg(close ORDER BY c.time DESC))[1] AS close, sum(volume) AS volume
        FROM market_candles_intraday c
       WHERE ${filter} AND ${seconds} % c.interval_seconds = 0
       GROUP BY 1, 2, 3
    ) buckets
    ORDER BY symbol, time, interval_seconds = ${seconds} DESC, interval_seconds`;
}

function sharedFilter(table: string, { dataset, symbols }: Pick<CandleSelection, "dataset" | "symbols">): string {
  const bySymbol = symbols === undefined ? "" : ` AND ${table}.symbol = ANY(${textListLiteral(symbols)})`;
  return `${table}.simulated = ${dataset === "simulated"}${bySymbol}`;
}

function dateBounds(
  date: string,
  { fromMs, toMsExclusive }: Pick<CandleSelection, "fromMs" | "toMsExclusive">,
): string {
  const from = fromMs === undefined ? "" : ` AND ${date} >= ${dateLiteral(tradingDateOf(fromMs + MS_PER_DAY - 1))}`;
  const to = toMsExclusive === undefined ? "" : ` AND ${date} <= ${dateLiteral(tradingDateOf(toMsExclusive - 1))}`;
  return from + to;
}

function instantBounds(time: string, { fromMs, toMsExclusive }: CandleSelection): string {
  const from = fromMs === undefined ? "" : ` AND ${time} >= ${instantLiteral(fromMs)}`;
  const to = toMsExclusive === undefined ? "" : ` AND ${time} < ${instantLiteral(toMsExclusive)}`;
  return from + to;
}
