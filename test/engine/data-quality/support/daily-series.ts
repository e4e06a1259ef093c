import type { QualityContext } from "../../../../src/engine/data-quality/quality-context.js";
import type { CandleSeries } from "../../../../src/engine/market-data/candle-columns.js";
import { MS_PER_DAY } from "../../../../src/engine/units/epoch-ms.js";
import { isWeekend, tradingDate, tradingDateToEpochMs } from "../../../../src/engine/units/trading-date.js";

/** Weekdays from Monday 2024-01-01 on, as times of daily candles. */
export function weekdays(count: number): Float64Array {
  const days: number[] = [];
  for (let time: number = tradingDateToEpochMs(tradingDate("2024-01-01")); days.length < count; time += MS_PER_DAY) {
    if (!isWeekend(time)) days.push(time);
  }
  return Float64Array.from(days);
}

/** Daily candles on consecutive weekdays with open = high = low = close and a volume of 100. */
export function seriesOfCloses(closes: readonly number[], changes: Partial<CandleSeries> = {}): CandleSeries {
  const close = Float64Array.from(closes);
  return {
    length: close.length,
    openedAtMs: weekdays(close.length),
    open: close.slice(),
    high: close.slice(),
    low: close.slice(),
    close,
    volume: new Float64Array(close.length).fill(100),
    ...changes,
  };
}

/** A share on HOSE with all columns. */
export const HOSE_SHARE: QualityContext = {
  intervalSeconds: 86_400,
  assetClass: "equity",
  exchange: "HOSE",
  hasVolume: true,
  hasOhlc: true,
};
