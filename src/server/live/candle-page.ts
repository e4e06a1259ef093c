import type { CandleColumns } from "../../engine/market-data/candle-columns.js";
import { type CandleInterval, INTERVAL_SECONDS } from "../../engine/market-data/candle-interval.js";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../../engine/units/trading-date.js";
import { isDaily } from "./candle-answers.js";

export interface CandlePage {
  readonly parts: readonly CandleColumns[];
  /** Opening instant of the last candle; `undefined` when there is none. */
  readonly lastMs: number | undefined;
  readonly hasMore: boolean;
}

/** The first `limit` candles of the stretches, of which no more are read than it takes. */
export async function takeCandlePage(stretches: AsyncIterable<CandleColumns>, limit: number): Promise<CandlePage> {
  const parts: CandleColumns[] = [];
  let count = 0;
  for await (const candles of stretches) {
    const wanted = limit - count;
    if (wanted > 0) parts.push(firstOf(candles, wanted));
    count += candles.length;
    if (count > limit) break;
  }
  return { parts, lastMs: parts.at(-1)?.openedAtMs.at(-1), hasMore: count > limit };
}

function firstOf(candles: CandleColumns, count: number): CandleColumns {
  if (count >= candles.length) return candles;
  return {
    ...candles,
    length: count,
    symbolCodes: candles.symbolCodes.subarray(0, count),
    openedAtMs: candles.openedAtMs.subarray(0, count),
    open: candles.open.subarray(0, count),
    high: candles.high.subarray(0, count),
    low: candles.low.subarray(0, count),
    close: candles.close.subarray(0, count),
    volume: candles.volume.subarray(0, count),
  };
}

/** The opening of the candle within which an instant falls, and that of the next one, ms. */
export function candleAround(instantMs: number, interval: CandleInterval): { openedAtMs: number; nextMs: number } {
  const lengthMs = INTERVAL_SECONDS[interval] * MS_PER_SECOND;
  const offsetMs = isDaily(interval) ? TRADING_UTC_OFFSET_MS : 0;
  const openedAtMs = Math.floor((instantMs + offsetMs) / lengthMs) * lengthMs - offsetMs;
  return { openedAtMs, nextMs: openedAtMs + lengthMs };
}

/** The first instant, from `instantMs` on, at which a candle opens. */
export function nextCandleFrom(instantMs: number, interval: CandleInterval): number {
  const { openedAtMs, nextMs } = candleAround(instantMs, interval);
  return openedAtMs === instantMs ? instantMs : nextMs;
}
