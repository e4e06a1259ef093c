import { WorkbenchError } from "../errors.js";
import { type TradingDate, tradingDateToEpochMs } from "../units/trading-date.js";
import type { CandleSeries } from "./candle-columns.js";

/** Buckets of whole days counted from here are trading dates; shorter ones begin on the hour in Ho Chi Minh City. */
export const TRADING_DAY_ORIGIN_MS = tradingDateToEpochMs("1970-01-01" as TradingDate);

/** Buckets of seven days counted from here begin on a Monday. */
export const MONDAY_ORIGIN_MS = tradingDateToEpochMs("1970-01-05" as TradingDate);

/**
 * Candles of a longer interval: first open, highest high, lowest low, last close and summed volume of the rows that
 * opened in each bucket [originMs + k·bucketMs, originMs + (k+1)·bucketMs). A candle carries the time at which its
 * bucket begins; an empty bucket has no candle. `NaN` values are passed over; a column is `NaN` in a bucket that has
 * none. @throws INTERVAL_INVALID when `bucketMs` is not a positive integer
 */
export function aggregateCandles(
  series: CandleSeries,
  { bucketMs, originMs = TRADING_DAY_ORIGIN_MS }: { bucketMs: number; originMs?: number },
): CandleSeries {
  if (!Number.isSafeInteger(bucketMs) || bucketMs < 1) {
    throw new WorkbenchError(
      "INTERVAL_INVALID",
      `invalid bucketMs: ${bucketMs} (accepted: a positive integer of milliseconds)`,
      { details: { bucketMs } },
    );
  }
  const rows = series.length;
  const openedAtMs = new Float64Array(rows);
  const undefinedColumn = () => new Float64Array(rows).fill(NaN);
  const open = undefinedColumn();
  const high = undefinedColumn();
  const low = undefinedColumn();
  const close = undefinedColumn();
  const volume = undefinedColumn();
  let length = 0;
  for (let i = 0; i < rows; i++) {
    const bucketStartMs = originMs + Math.floor((series.openedAtMs[i]! - originMs) / bucketMs) * bucketMs;
    if (length === 0 || openedAtMs[length - 1] !== bucketStartMs) openedAtMs[length++] = bucketStartMs;
    const at = length - 1;
    if (Number.isNaN(open[at])) open[at] = series.open[i]!;
    high[at] = combine(high[at]!, series.high[i]!, Math.max);
    low[at] = combine(low[at]!, series.low[i]!, Math.min);
    close[at] = combine(close[at]!, series.close[i]!, latest);
    volume[at] = combine(volume[at]!, series.volume[i]!, add);
  }
  return {
    length,
    openedAtMs: openedAtMs.slice(0, length),
    open: open.slice(0, length),
    high: high.slice(0, length),
    low: low.slice(0, length),
    close: close.slice(0, length),
    volume: volume.slice(0, length),
  };
}

function combine(soFar: number, value: number, merge: (soFar: number, value: number) => number): number {
  if (Number.isNaN(value)) return soFar;
  return Number.isNaN(soFar) ? value : merge(soFar, value);
}

const latest = (_soFar: number, value: number) => value;
const add = (soFar: number, value: number) => soFar + value;
