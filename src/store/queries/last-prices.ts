import { PRICE_FORMING_BOARDS } from "../../engine/live-market/board.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { type EpochMs, MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { tradingDateOf, tradingDayToEpochMs } from "../../engine/units/trading-date.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";
import { dateLiteral, microsecondLiteral, textListLiteral } from "../sql-literal.js";
import { tradingDateSql } from "./candle-source.js";
import { listQuarantines, quarantineFilter } from "./quarantine-queries.js";

export interface LastPricesSelection {
  readonly dataset: Dataset;
  readonly symbols: readonly string[];
  /** Nothing later is read. */
  readonly asOfMs: EpochMs;
}

/** The last trade of a symbol on one board. */
export interface LastTrade {
  readonly symbol: string;
  readonly price: number;
  /** Of the board on the day, this trade included. */
  readonly cumulativeVolume: number;
  readonly atMs: number;
}

/** The last trade on each board that forms prices, by symbol. */
export async function readLastTrades(
  session: DatabaseSession,
  { dataset, symbols, asOfMs }: LastPricesSelection,
): Promise<LastTrade[]> {
  const { rowCount, columns } = await selectColumns(
    session,
    `SELECT wanted.symbol, last.price, last.cumulative_volume, last.event_time
       FROM unnest(${textListLiteral(symbols)}) AS wanted(symbol)
       CROSS JOIN unnest(${textListLiteral([...PRICE_FORMING_BOARDS])}) AS forming(board)
       CROSS JOIN LATERAL (
         SELECT price, cumulative_volume, event_time FROM market_ticks t
          WHERE t.symbol = wanted.symbol AND t.simulated = ${dataset === "simulated"} AND t.board = forming.board
            AND t.event_time <= ${microsecondLiteral(asOfMs)}
          ORDER BY t.event_time DESC, t.cumulative_volume DESC LIMIT 1) AS last`,
    { symbol: "text", price: "float8", cumulativeVolume: "float8", at: "timestamptz" },
  );
  return Array.from({ length: rowCount }, (_, row) => ({
    symbol: columns.symbol.at(row)!,
    price: columns.price.values[row]!,
    cumulativeVolume: columns.cumulativeVolume.values[row]!,
    atMs: columns.at.values[row]!,
  }));
}

/** The last closed candle of less than a day. */
export interface LastIntradayClose {
  readonly symbol: string;
  readonly close: number;
  /** Of its interval on its trading day, the candle included; `NaN` where the source gave none. */
  readonly dayVolume: number;
  readonly closedAtMs: number;
}

/** The intraday candle of each stored interval that closed last, by symbol. */
export async function readLastIntradayCloses(
  session: DatabaseSession,
  { dataset, symbols, asOfMs }: LastPricesSelection,
): Promise<LastIntradayClose[]> {
  const ofSymbol = (table: string) =>
    `${table}.symbol = wanted.symbol AND ${table}.simulated = ${dataset === "simulated"}
            AND ${table}.interval_seconds = stored.seconds`;
  const quarantines = await listQuarantines(session, dataset);
  const { rowCount, columns } = await selectColumns(
    session,
    `SELECT wanted.symbol, last.close, stored.seconds, last.time,
            (SELECT sum(volume) FROM market_candles_intraday v
              WHERE ${ofSymbol("v")} AND v.time <= last.time
                AND v.time >= ${tradingDateSql("last.time")}::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') AS day_volume
       FROM unnest(${textListLiteral(symbols)}) AS wanted(symbol)
       CROSS JOIN unnest(ARRAY[60, 300, 900, 1800, 3600]) AS stored(seconds)
       CROSS JOIN LATERAL (
         SELECT close, time FROM market_candles_intraday c
          WHERE ${ofSymbol("c")} AND c.time <= ${microsecondLiteral(asOfMs)} - make_interval(secs => stored.seconds)
                ${quarantineFilter(quarantines, "c.symbol", tradingDateSql("c.time"))}
          ORDER BY c.time DESC LIMIT 1) AS last`,
    { symbol: "text", close: "float8", seconds: "int4", time: "timestamptz", dayVolume: "float8" },
  );
  return Array.from({ length: rowCount }, (_, row) => ({
    symbol: columns.symbol.at(row)!,
    close: columns.close.values[row]!,
    dayVolume: columns.dayVolume.values[row]!,
    closedAtMs: columns.time.values[row]! + columns.seconds.values[row]! * MS_PER_SECOND,
  }));
}

export interface LastDailyClose {
  readonly symbol: string;
  readonly openedAtMs: EpochMs;
  readonly close: number;
  readonly volume: number;
}

/** Daily candles until the trading date of the instant, that day's included whether or not it has closed. */
const LATEST_DAYS = 3;

/** The last three stored daily candles of each symbol, by symbol, latest first. */
export async function readLastDailyCloses(
  session: DatabaseSession,
  { dataset, symbols, asOfMs }: LastPricesSelection,
): Promise<LastDailyClose[]> {
  const quarantines = await listQuarantines(session, dataset);
  const { rowCount, columns } = await selectColumns(
    session,
    `SELECT wanted.symbol, last.trading_date, last.close, last.volume
       FROM unnest(${textListLiteral(symbols)}) AS wanted(symbol)
       CROSS JOIN LATERAL (
         SELECT trading_date, close, volume FROM market_candles_daily d
          WHERE d.symbol = wanted.symbol AND d.simulated = ${dataset === "simulated"}
            AND d.trading_date <= ${dateLiteral(tradingDateOf(asOfMs))}
                ${quarantineFilter(quarantines, "d.symbol", "d.trading_date")}
          ORDER BY d.trading_date DESC LIMIT ${LATEST_DAYS}) AS last
      ORDER BY 1, 2 DESC`,
    { symbol: "text", day: "date", close: "float8", volume: "float8" },
  );
  return Array.from({ length: rowCount }, (_, row) => ({
    symbol: columns.symbol.at(row)!,
    openedAtMs: tradingDayToEpochMs(columns.day.values[row]!),
    close: columns.close.values[row]!,
    volume: columns.volume.values[row]!,
  }));
}

/** The latest reference price of each symbol, of the trading date of the instant or one before. */
export async function readKnownReferences(
  session: DatabaseSession,
  { dataset, symbols, asOfMs }: LastPricesSelection,
): Promise<ReadonlyMap<string, { readonly openedAtMs: EpochMs; readonly reference: number }>> {
  const { rowCount, columns } = await selectColumns(
    session,
    `SELECT DISTINCT ON (symbol) symbol, trading_date, reference FROM reference_prices
      WHERE simulated = ${dataset === "simulated"} AND symbol = ANY(${textListLiteral(symbols)})
        AND trading_date <= ${dateLiteral(tradingDateOf(asOfMs))}
      ORDER BY symbol, trading_date DESC`,
    { symbol: "text", day: "date", reference: "float8" },
  );
  return new Map(
    Array.from({ length: rowCount }, (_, row) => [
      columns.symbol.at(row)!,
      { openedAtMs: tradingDayToEpochMs(columns.day.values[row]!), reference: columns.reference.values[row]! },
    ]),
  );
}
