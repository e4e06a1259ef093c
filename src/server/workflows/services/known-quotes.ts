import type { SymbolQuote } from "../../../engine/live-market/symbol-quote.js";
import type { Instrument } from "../../../engine/market-data/instrument.js";
import { type EpochMs, epochMs } from "../../../engine/units/epoch-ms.js";
import { tradingDayNumberOf } from "../../../engine/units/trading-date.js";
import type { KnownQuote } from "../../../engine/workflow/node-services.js";
import type { DatabaseSession } from "../../../store/database.js";
import {
  type LastDailyClose,
  type LastPricesSelection,
  readKnownReferences,
  readLastDailyCloses,
  readLastIntradayCloses,
  readLastTrades,
} from "../../../store/queries/last-prices.js";
import { closesAfterMs } from "./candle-close.js";

/** A price with the instant from which it was known. */
interface KnownPrice {
  readonly price: number;
  readonly volume: number;
  readonly atMs: number;
  readonly reference?: number;
}

export interface KnownQuotesSelection extends Omit<LastPricesSelection, "symbols"> {
  readonly instruments: readonly Instrument[];
  /** Quotes of a live market of the same dataset, where there is one. */
  readonly live?: Iterable<SymbolQuote> | undefined;
}

/**
 * The last price of each instrument that was known by an instant, the latest of: the live market, the last stored
 * trade, the last closed intraday candle, the last closed daily candle. Instruments without a price are left out. The
 * reference is the day's reference price, else the close of the day before.
 */
export async function readKnownQuotes(
  session: DatabaseSession,
  { dataset, instruments, asOfMs, live = [] }: KnownQuotesSelection,
): Promise<KnownQuote[]> {
  if (instruments.length === 0) return [];
  const selection: LastPricesSelection = { dataset, symbols: instruments.map(({ symbol }) => symbol), asOfMs };
  const trades = Map.groupBy(await readLastTrades(session, selection), ({ symbol }) => symbol);
  const intraday = Map.groupBy(await readLastIntradayCloses(session, selection), ({ symbol }) => symbol);
  const daily = Map.groupBy(await readLastDailyCloses(session, selection), ({ symbol }) => symbol);
  const references = await readKnownReferences(session, selection);
  const fromBoard = liveQuotes(live, asOfMs);
  return instruments.flatMap((instrument): KnownQuote[] => {
    const { symbol, currency } = instrument;
    const candles = closedCandles(daily.get(symbol) ?? [], instrument, asOfMs);
    const dayOfTrade = Math.max(...(trades.get(symbol) ?? []).map(({ atMs }) => atMs));
    const ofDay = (trades.get(symbol) ?? []).filter(
      ({ atMs }) => tradingDayNumberOf(atMs) === tradingDayNumberOf(dayOfTrade),
    );
    const volume = ofDay.reduce((sum, { cumulativeVolume }) => sum + cumulativeVolume, 0);
    // Of equal instants the first wins: the nearer to the trade.
    const known = latest([
      ...(fromBoard.get(symbol) ?? []),
      ...ofDay.map(({ price, atMs }): KnownPrice => ({ price, volume, atMs })),
      ...(intraday.get(symbol) ?? []).map(
        ({ close, dayVolume, closedAtMs }): KnownPrice => ({ price: close, volume: dayVolume, atMs: closedAtMs }),
      ),
      ...candles.slice(0, 1).map((each): KnownPrice => ({ price: each.close, volume: each.volume, atMs: each.atMs })),
    ]);
    if (known === undefined) return [];
    const { price, atMs } = known;
    const day = tradingDayNumberOf(openingDay(known, candles));
    const reference =
      known.reference ??
      referenceOf(day, references.get(symbol)) ??
      candles.find(({ openedAtMs }) => tradingDayNumberOf(openedAtMs) < day)?.close ??
      Number.NaN;
    return [{ symbol, price, reference, volume: known.volume, currency, atMs: epochMs(atMs) }];
  });
}

interface ClosedCandle extends LastDailyClose {
  readonly atMs: number;
}

function closedCandles(candles: readonly LastDailyClose[], instrument: Instrument, asOfMs: EpochMs): ClosedCandle[] {
  const afterMs = closesAfterMs("1d", instrument);
  return candles
    .map((candle) => ({ ...candle, atMs: candle.openedAtMs + afterMs }))
    .filter(({ atMs }) => atMs <= asOfMs);
}

/** A daily candle that closes after midnight in Ho Chi Minh City belongs to the day on which it opened. */
function openingDay({ atMs }: KnownPrice, candles: readonly ClosedCandle[]): number {
  return candles.find((candle) => candle.atMs === atMs)?.openedAtMs ?? atMs;
}

function referenceOf(
  day: number,
  known: { readonly openedAtMs: EpochMs; readonly reference: number } | undefined,
): number | undefined {
  return known !== undefined && tradingDayNumberOf(known.openedAtMs) === day ? known.reference : undefined;
}

function latest(prices: readonly KnownPrice[]): KnownPrice | undefined {
  return prices.reduce<KnownPrice | undefined>(
    (best, each) => (best === undefined || each.atMs > best.atMs ? each : best),
    undefined,
  );
}

/** What a live market knew by an instant: it keeps its last state only. */
function liveQuotes(live: Iterable<SymbolQuote>, asOfMs: EpochMs): ReadonlyMap<string, readonly KnownPrice[]> {
  const known = new Map<string, readonly KnownPrice[]>();
  for (const { symbol, price, reference, cumulativeVolume, eventTimeMs } of live) {
    if (!(price > 0) || eventTimeMs > asOfMs) continue;
    const quote = { price, volume: cumulativeVolume, atMs: eventTimeMs };
    known.set(symbol, [Number.isNaN(reference) ? quote : { ...quote, reference }]);
  }
  return known;
}
