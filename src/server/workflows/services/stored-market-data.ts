import { WorkbenchError } from "../../../engine/errors.js";
import { type Calendar, sessionPhaseAt } from "../../../engine/live-market/session-schedule.js";
import type { SymbolQuote } from "../../../engine/live-market/symbol-quote.js";
import type { CandleColumns, CandleSeries } from "../../../engine/market-data/candle-columns.js";
import { type CandleInterval, DAILY_SECONDS, INTERVAL_SECONDS } from "../../../engine/market-data/candle-interval.js";
import type { Dataset } from "../../../engine/market-data/dataset.js";
import { EXCHANGES } from "../../../engine/market-data/exchange-conventions.js";
import type { Instrument } from "../../../engine/market-data/instrument.js";
import { type InstrumentSymbol, instrumentSymbol } from "../../../engine/market-data/instrument-symbol.js";
import { type EpochMs, MS_PER_DAY } from "../../../engine/units/epoch-ms.js";
import { tradingDateOf, tradingDateToEpochMs } from "../../../engine/units/trading-date.js";
import type { CandleRequest, MarketDataSource } from "../../../engine/workflow/node-services.js";
import type { Database, DatabaseSession } from "../../../store/database.js";
import { readCandles } from "../../../store/queries/candle-queries.js";
import { activeDataset } from "../../../store/queries/data-version.js";
import { listInstruments } from "../../../store/queries/instrument-queries.js";
import { calendarAround } from "../../../store/queries/market-api-calendar.js";
import { candleBounds } from "../../../store/queries/market-api-candles.js";
import { closesAfterMs } from "./candle-close.js";
import { readKnownQuotes } from "./known-quotes.js";
import { throwIfAborted } from "./throw-if-aborted.js";
import { universeOf } from "./universe.js";

export interface StoredMarketDataOptions {
  readonly database: Database;
  /** The live market of this process and its dataset, where it has one. */
  readonly live?: LiveBoard | undefined;
  /** Which days exchanges trade where the store does not say; the shipped holidays unless given. */
  readonly calendar?: Calendar | undefined;
}

export interface LiveBoard {
  status(): { readonly dataset: Dataset };
  readonly board: { quotes(): Iterable<SymbolQuote> };
}

const MOST_CANDLES = 100_000;

/** More than the share of days on which no exchange trades. */
const CALENDAR_DAYS_A_TRADING_DAY = 1.6;
/** The shortest trading day there is, in candles of a second. */
const SECONDS_A_TRADING_DAY = 4 * 3_600;
const LEAST_WINDOW_MS = 15 * MS_PER_DAY;

/** Prices as the store knows them. No candle, trade or quote later than the instant asked about is ever read. */
export class StoredMarketData implements MarketDataSource {
  readonly #options: StoredMarketDataOptions;

  constructor(options: StoredMarketDataOptions) {
    this.#options = options;
  }

  async candles(request: CandleRequest, signal: AbortSignal): Promise<CandleSeries> {
    throwIfAborted(signal);
    requireCount(request.count);
    const { database } = this.#options;
    const dataset = await activeDataset(database);
    const instrument = requireInstrument(await listInstruments(database, dataset), request.symbol);
    return lastClosedCandles(database, dataset, instrument, request, signal);
  }

  async quotes(symbols: readonly string[], asOfMs: EpochMs, signal: AbortSignal) {
    throwIfAborted(signal);
    const { database } = this.#options;
    const dataset = await activeDataset(database);
    const wanted = new Set(symbols);
    const instruments = (await listInstruments(database, dataset)).filter(({ symbol }) => wanted.has(symbol));
    return readKnownQuotes(database, { dataset, instruments, asOfMs, live: this.liveQuotes(dataset) });
  }

  async universe(name: string, asOfMs: EpochMs, signal: AbortSignal): Promise<readonly string[]> {
    throwIfAborted(signal);
    const { database } = this.#options;
    return universeOf(database, await activeDataset(database), name, asOfMs);
  }

  async phase(exchange: string, atMs: EpochMs) {
    if (!EXCHANGES.includes(exchange)) {
      throw new WorkbenchError(
        "ARGUMENT_INVALID",
        `invalid exchange: ${JSON.stringify(exchange.slice(0, 40))} (accepted: ${EXCHANGES.join(", ")})`,
      );
    }
    const { database, calendar: facts } = this.#options;
    const dataset = await activeDataset(database);
    const { calendar } = await calendarAround(database, { exchange, date: tradingDateOf(atMs), dataset, facts });
    return sessionPhaseAt(exchange, atMs, calendar);
  }

  /** Quotes of the live market if it shows this dataset. */
  liveQuotes(dataset: Dataset): Iterable<SymbolQuote> {
    const { live } = this.#options;
    return live?.status().dataset === dataset ? live.board.quotes() : [];
  }
}

/** Reads a window that ought to hold `count` candles; if it does not, wider ones until it does or there are no more. */
async function lastClosedCandles(
  session: DatabaseSession,
  dataset: Dataset,
  instrument: Instrument,
  { interval, count, asOfMs }: CandleRequest,
  signal: AbortSignal,
): Promise<CandleSeries> {
  const { symbol } = instrument;
  const lastOpeningMs = asOfMs - closesAfterMs(interval, instrument);
  const closedSince = async (fromMs: number) => {
    throwIfAborted(signal);
    // At the beginning of a day no candle is cut in two.
    const dayMs = tradingDateToEpochMs(tradingDateOf(fromMs));
    const selection = { interval, dataset, symbols: [symbol], fromMs: dayMs, toMsExclusive: asOfMs };
    const { candles } = await readCandles(session, selection);
    return { candles, end: closedCount(candles, lastOpeningMs) };
  };
  let windowMs = windowFor(interval, count);
  let fromMs = lastOpeningMs - windowMs;
  let read = await closedSince(fromMs);
  const bounds = read.end < count ? await candleBounds(session, { symbol, dataset }) : undefined;
  while (bounds !== undefined && read.end < count && fromMs > bounds.firstMs) {
    windowMs *= 4;
    fromMs = Math.min(fromMs, bounds.lastMs) - windowMs;
    read = await closedSince(fromMs);
  }
  return slice(read.candles, read.end - count, read.end);
}

function windowFor(interval: CandleInterval, count: number): number {
  const seconds = INTERVAL_SECONDS[interval];
  const candlesADay = seconds >= DAILY_SECONDS ? 1 : SECONDS_A_TRADING_DAY / seconds;
  return LEAST_WINDOW_MS + (count / candlesADay) * CALENDAR_DAYS_A_TRADING_DAY * MS_PER_DAY;
}

/** How many of them have closed: a candle that is being made stands at the end. */
function closedCount({ openedAtMs, length }: CandleColumns, lastOpeningMs: number): number {
  let end = length;
  while (end > 0 && openedAtMs[end - 1]! > lastOpeningMs) end--;
  return end;
}

function slice(candles: CandleColumns, from: number, end: number): CandleSeries {
  const start = Math.max(0, from);
  const { openedAtMs, open, high, low, close, volume } = candles;
  return {
    length: end - start,
    openedAtMs: openedAtMs.slice(start, end),
    open: open.slice(start, end),
    high: high.slice(start, end),
    low: low.slice(start, end),
    close: close.slice(start, end),
    volume: volume.slice(start, end),
  };
}

function requireCount(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MOST_CANDLES) return;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid count: ${count} (accepted: a whole number from 1 to ${MOST_CANDLES})`,
  );
}

/** @throws SYMBOL_INVALID, SYMBOL_UNKNOWN */
export function requireInstrument(instruments: readonly Instrument[], name: string): Instrument {
  const symbol: InstrumentSymbol = instrumentSymbol(name);
  const instrument = instruments.find((each) => each.symbol === symbol);
  if (instrument !== undefined) return instrument;
  throw new WorkbenchError("SYMBOL_UNKNOWN", `unknown symbol: ${symbol} (accepted: a symbol that is stored)`, {
    details: { symbol },
  });
}
