import type { Board } from "../../engine/live-market/board.js";
import { PRICE_FORMING_BOARDS } from "../../engine/live-market/board.js";
import type { ReferencePrice, Tick, TickSide } from "../../engine/live-market/market-event.js";
import type { SessionPhase } from "../../engine/live-market/session-phase.js";
import type { SymbolQuote } from "../../engine/live-market/symbol-quote.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { MS_PER_DAY, MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { type TradingDate, tradingDateToEpochMs } from "../../engine/units/trading-date.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";
import { dateLiteral, microsecondLiteral, textListLiteral, textLiteral } from "../sql-literal.js";

/** The place of a tick in the order in which ticks are read: event time, symbol, board, cumulative volume. */
export interface TickPosition {
  readonly eventTimeMs: number;
  readonly symbol: InstrumentSymbol;
  readonly board: Board;
  readonly cumulativeVolume: number;
}

export interface TickRange {
  readonly dataset: Dataset;
  /** Every symbol when left out. */
  readonly symbols?: readonly InstrumentSymbol[] | undefined;
  /** Event times, both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The last stored tick of a symbol's board on a trading day. */
export interface StoredPosition {
  readonly symbol: InstrumentSymbol;
  readonly board: Board;
  readonly tradingDate: TradingDate;
  readonly eventTimeMs: number;
  readonly cumulativeVolume: number;
}

const COLUMNS = `symbol, board, event_time, received_at, price, quantity, cumulative_volume, side::text AS side, session,
                 source, backfilled::int AS backfilled`;

const COLUMN_TYPES = {
  symbol: "text",
  board: "text",
  eventTime: "timestamptz",
  receivedAt: "timestamptz",
  price: "float8",
  quantity: "float8",
  cumulativeVolume: "float8",
  side: "text",
  session: "text",
  source: "text",
  backfilled: "int4",
} as const;

/** Ascending by code points, as `InstrumentSymbol`s compare in the program. */
const ORDER = `event_time, symbol COLLATE "C", board COLLATE "C", cumulative_volume`;

/** At most `limit` ticks, in order, those behind `after` only. */
export async function readTicks(
  session: DatabaseSession,
  { after, limit, ...range }: TickRange & { readonly after?: TickPosition | undefined; readonly limit: number },
): Promise<Tick[]> {
  const behind =
    after === undefined
      ? ""
      : `AND (event_time, symbol COLLATE "C", board COLLATE "C", cumulative_volume) > (${microsecondLiteral(after.eventTimeMs)},
         ${textLiteral(after.symbol)}, ${textLiteral(after.board)}, ${after.cumulativeVolume}::float8)
         AND event_time >= ${microsecondLiteral(after.eventTimeMs)}`;
  return selectTicks(
    session,
    `${condition(range)} ${behind} ORDER BY ${ORDER} LIMIT ${Math.max(0, Math.trunc(limit))}`,
  );
}

const FIRST_WINDOW_MS = 10 * MS_PER_SECOND;
const WIDEST_WINDOW_MS = 30 * MS_PER_DAY;

/**
 * Every tick of the range, in order, in batches of at most `batchSize`. Reads windows of time, each as long as the
 * last ones let expect `batchSize` ticks, so that memory holds about one batch whatever the range is. What is stored
 * behind the window being read appears; what is stored before it does not.
 */
export async function* streamTicks(
  session: DatabaseSession,
  { batchSize, fromMs, toMs, ...rest }: TickRange & { readonly batchSize: number },
): AsyncGenerator<readonly Tick[]> {
  let widthMs = FIRST_WINDOW_MS;
  let startMs = fromMs;
  while (startMs <= toMs) {
    const endMs = startMs + widthMs;
    const ticks = await selectTicks(
      session,
      `${condition({ ...rest, fromMs: startMs, toMs })} AND event_time < ${microsecondLiteral(endMs)} ORDER BY ${ORDER}`,
    );
    for (let at = 0; at < ticks.length; at += batchSize) yield ticks.slice(at, at + batchSize);
    startMs = endMs;
    const wanted = ticks.length === 0 ? widthMs * 4 : (widthMs * batchSize) / ticks.length;
    widthMs = Math.min(Math.max(wanted, widthMs / 4, 1), widthMs * 4, WIDEST_WINDOW_MS);
  }
}

function condition({ dataset, symbols, fromMs, toMs }: TickRange): string {
  const ofSymbols = symbols === undefined ? "" : `AND symbol = ANY(${textListLiteral(symbols)})`;
  return `simulated = ${dataset === "simulated"} ${ofSymbols}
      AND event_time >= ${microsecondLiteral(fromMs)} AND event_time <= ${microsecondLiteral(toMs)}`;
}

async function selectTicks(session: DatabaseSession, where: string): Promise<Tick[]> {
  const { rowCount, columns } = await selectColumns(
    session,
    `SELECT ${COLUMNS} FROM market_ticks WHERE ${where}`,
    COLUMN_TYPES,
  );
  return Array.from({ length: rowCount }, (_, row) => ({
    kind: "tick",
    symbol: columns.symbol.at(row) as InstrumentSymbol,
    board: columns.board.at(row) as Board,
    eventTimeMs: columns.eventTime.values[row]!,
    receivedAtMs: columns.receivedAt.values[row]!,
    price: columns.price.values[row]!,
    quantity: columns.quantity.values[row]!,
    cumulativeVolume: columns.cumulativeVolume.values[row]!,
    side: columns.side.at(row) as TickSide,
    session: columns.session.at(row) as SessionPhase,
    source: columns.source.at(row)!,
    isBackfill: columns.backfilled.values[row] === 1,
  }));
}

/** A condition on `event_time` that holds on one trading day, for SQL. */
export function onTradingDay(date: TradingDate): string {
  const startMs = tradingDateToEpochMs(date);
  return `event_time >= ${microsecondLiteral(startMs)} AND event_time < ${microsecondLiteral(startMs + MS_PER_DAY)}`;
}

/** The tick with the largest cumulative volume, the latest of equal ones, of every symbol and board of the day. */
export async function lastPositions(
  session: DatabaseSession,
  dataset: Dataset,
  tradingDate: TradingDate,
): Promise<StoredPosition[]> {
  const { rowCount, columns } = await selectColumns(
    session,
    `SELECT DISTINCT ON (symbol, board) symbol, board, event_time, cumulative_volume FROM market_ticks
      WHERE simulated = ${dataset === "simulated"} AND ${onTradingDay(tradingDate)}
      ORDER BY symbol, board, cumulative_volume DESC, event_time DESC`,
    { symbol: "text", board: "text", eventTime: "timestamptz", cumulativeVolume: "float8" },
  );
  return Array.from({ length: rowCount }, (_, row) => ({
    symbol: columns.symbol.at(row) as InstrumentSymbol,
    board: columns.board.at(row) as Board,
    tradingDate,
    eventTimeMs: columns.eventTime.values[row]!,
    cumulativeVolume: columns.cumulativeVolume.values[row]!,
  }));
}

const PRICE_FORMING = `(${[...PRICE_FORMING_BOARDS].map(textLiteral).join(", ")})`;

/**
 * The day so far by symbol, from stored ticks and reference prices: what a board that starts in the middle of a day
 * goes on from. Books are empty. An index has a cumulative value of 0, since ticks do
 * not carry it. A symbol with a reference price and no trade has the beginning of the day as its event time.
 */
export async function readDayQuotes(
  session: DatabaseSession,
  dataset: Dataset,
  tradingDate: TradingDate,
): Promise<SymbolQuote[]> {
  const isForming = `board IN ${PRICE_FORMING}`;
  const first = (column: string) =>
    `(array_agg(${column} ORDER BY event_time, cumulative_volume) FILTER (WHERE ${isForming}))[1]`;
  const last = (column: string) =>
    `(array_agg(${column} ORDER BY event_time DESC, cumulative_volume DESC) FILTER (WHERE ${isForming}))[1]`;
  const { rowCount, columns } = await selectColumns(
    session,
    `WITH traded AS (
       SELECT symbol, ${first("price")} AS open, max(price) FILTER (WHERE ${isForming}) AS high,
              min(price) FILTER (WHERE ${isForming}) AS low, ${last("price")} AS price, ${last("quantity")} AS quantity,
              ${last("session")} AS session, max(event_time) AS event_time, max(received_at) AS received_at,
              sum(price * quantity) FILTER (WHERE ${isForming} AND board <> 'INDEX') AS value,
              coalesce(sum(quantity) FILTER (WHERE board = 'G4'), 0) AS odd_lot,
              coalesce(sum(quantity) FILTER (WHERE board IN ('T1', 'T3', 'T4', 'T6')), 0) AS put_through
         FROM market_ticks
        WHERE simulated = ${dataset === "simulated"} AND ${onTradingDay(tradingDate)}
        GROUP BY symbol),
     volumes AS (
       SELECT symbol, sum(volume) AS volume
         FROM (SELECT symbol, board, max(cumulative_volume) AS volume FROM market_ticks
                WHERE simulated = ${dataset === "simulated"} AND ${onTradingDay(tradingDate)} AND ${isForming}
                GROUP BY symbol, board) AS boards
        GROUP BY symbol),
     reference AS (
       SELECT symbol, reference, ceiling, floor, received_at FROM reference_prices
        WHERE simulated = ${dataset === "simulated"} AND trading_date = ${dateLiteral(tradingDate)})
     SELECT coalesce(traded.symbol, reference.symbol) AS symbol, price, reference, ceiling, floor, open, high, low,
            quantity, volume, value, odd_lot, put_through, coalesce(session, 'closed') AS session,
            event_time, coalesce(traded.received_at, reference.received_at) AS received_at
       FROM traded LEFT JOIN volumes ON volumes.symbol = traded.symbol
       FULL JOIN reference ON reference.symbol = traded.symbol
      ORDER BY 1`,
    {
      symbol: "text",
      price: "float8",
      reference: "float8",
      ceiling: "float8",
      floor: "float8",
      open: "float8",
      high: "float8",
      low: "float8",
      lastQuantity: "float8",
      volume: "float8",
      value: "float8",
      oddLot: "float8",
      putThrough: "float8",
      session: "text",
      eventTime: "timestamptz",
      receivedAt: "timestamptz",
    },
  );
  const orZero = (value: number) => (Number.isNaN(value) ? 0 : value);
  return Array.from({ length: rowCount }, (_, row) => {
    const price = columns.price.values[row]!;
    const reference = columns.reference.values[row]!;
    const eventTimeMs = columns.eventTime.values[row]!;
    return {
      symbol: columns.symbol.at(row) as InstrumentSymbol,
      price,
      reference,
      ceiling: columns.ceiling.values[row]!,
      floor: columns.floor.values[row]!,
      change: price / reference - 1,
      open: columns.open.values[row]!,
      high: columns.high.values[row]!,
      low: columns.low.values[row]!,
      lastQuantity: columns.lastQuantity.values[row]!,
      cumulativeVolume: orZero(columns.volume.values[row]!),
      cumulativeValue: orZero(columns.value.values[row]!),
      oddLotVolume: orZero(columns.oddLot.values[row]!),
      putThroughVolume: orZero(columns.putThrough.values[row]!),
      session: columns.session.at(row) as SessionPhase,
      bids: [],
      asks: [],
      eventTimeMs: Number.isNaN(eventTimeMs) ? tradingDateToEpochMs(tradingDate) : eventTimeMs,
      receivedAtMs: columns.receivedAt.values[row]!,
    };
  });
}

/** Reference prices and limits of one trading day, by symbol; limits that are not known are `NaN`. */
export async function readReferencePrices(
  session: DatabaseSession,
  dataset: Dataset,
  tradingDate: TradingDate,
): Promise<ReferencePrice[]> {
  const { rowCount, columns } = await selectColumns(
    session,
    `SELECT symbol, reference, ceiling, floor, halted::int, source, received_at FROM reference_prices
      WHERE simulated = ${dataset === "simulated"} AND trading_date = ${dateLiteral(tradingDate)} ORDER BY symbol`,
    {
      symbol: "text",
      reference: "float8",
      ceiling: "float8",
      floor: "float8",
      halted: "int4",
      source: "text",
      receivedAt: "timestamptz",
    },
  );
  return Array.from({ length: rowCount }, (_, row) => ({
    kind: "reference",
    symbol: columns.symbol.at(row) as InstrumentSymbol,
    tradingDate,
    reference: columns.reference.values[row]!,
    ceiling: columns.ceiling.values[row]!,
    floor: columns.floor.values[row]!,
    isHalted: columns.halted.values[row] === 1,
    source: columns.source.at(row)!,
    receivedAtMs: columns.receivedAt.values[row]!,
  }));
}
