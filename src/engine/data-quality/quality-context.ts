import type { CandleSeries } from "../market-data/candle-columns.js";
import { DAILY_SECONDS } from "../market-data/candle-interval.js";
import type { AssetClass } from "../market-data/instrument.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import { TRADING_UTC_OFFSET_MS, tradingDateOf } from "../units/trading-date.js";
import type { Finding } from "./finding.js";

/** What the checks must know of a series beside its candles. */
export interface QualityContext {
  readonly intervalSeconds: number;
  readonly assetClass: AssetClass;
  /** Market of the instrument, such as `HOSE`; `undefined` when not known. */
  readonly exchange: string | undefined;
  /** Whether the source has a volume column; without one, absent volumes are no fault. */
  readonly hasVolume: boolean;
  /** Whether the source has open, high and low columns. */
  readonly hasOhlc: boolean;
  /** Trading days of the market, ascending, each as 00:00 Asia/Ho_Chi_Minh. Without them gaps are not judged. */
  readonly tradingDaysMs?: Float64Array | undefined;
}

/** A check reads one symbol's candles and describes what it finds; it changes nothing and never throws. */
export type QualityCheck = (symbol: InstrumentSymbol, series: CandleSeries, context: QualityContext) => Finding[];

export function isDaily(context: QualityContext): boolean {
  return context.intervalSeconds >= DAILY_SECONDS;
}

/** How a message names a candle: its date, and its local minute when the interval is shorter than a day. */
export function candleLabel(openedAtMs: number, context: QualityContext): string {
  const date = tradingDateOf(openedAtMs);
  if (isDaily(context)) return date;
  return `${date} ${new Date(openedAtMs + TRADING_UTC_OFFSET_MS).toISOString().slice(11, 16)}`;
}
