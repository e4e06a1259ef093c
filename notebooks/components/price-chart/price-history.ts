import type { Table } from "npm:apache-arrow";
import { numberColumn } from "../arrow-columns.js";
import { monthsBefore } from "../format/date-format.js";

/** Daily candles of one instrument, oldest first. `NaN` where the source has no value. */
export interface PriceHistory {
  /** Trading days as epoch milliseconds at 00:00 UTC. */
  readonly dayMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

export const HISTORY_RANGES = [
  { value: "1m", label: "1M", months: 1, inWords: "one month" },
  { value: "3m", label: "3M", months: 3, inWords: "three months" },
  { value: "6m", label: "6M", months: 6, inWords: "six months" },
  { value: "1y", label: "1Y", months: 12, inWords: "one year" },
  { value: "5y", label: "5Y", months: 60, inWords: "five years" },
  { value: "all", label: "All", months: Number.POSITIVE_INFINITY, inWords: "all history" },
] as const;

export type HistoryRange = (typeof HISTORY_RANGES)[number]["value"];

export function readHistory(table: Table): PriceHistory {
  return {
    dayMs: numberColumn(table, "date"),
    open: numberColumn(table, "open"),
    high: numberColumn(table, "high"),
    low: numberColumn(table, "low"),
    close: numberColumn(table, "close"),
    volume: numberColumn(table, "volume"),
  };
}

/** The rows of the last months of a history, counted back from its last day. */
export function lastRows(history: PriceHistory, range: HistoryRange): PriceHistory {
  const months = HISTORY_RANGES.find(({ value }) => value === range)?.months ?? Number.POSITIVE_INFINITY;
  const lastDay = history.dayMs.at(-1);
  if (lastDay === undefined || !Number.isFinite(months)) return history;
  const from = monthsBefore(lastDay, months);
  const begin = history.dayMs.findIndex((day) => day >= from);
  return {
    dayMs: history.dayMs.subarray(begin),
    open: history.open.subarray(begin),
    high: history.high.subarray(begin),
    low: history.low.subarray(begin),
    close: history.close.subarray(begin),
    volume: history.volume.subarray(begin),
  };
}

/** True when candles can be drawn: some row has an open, a high and a low. */
export function hasCandles({ open, high, low }: PriceHistory): boolean {
  return open.some((value, i) => Number.isFinite(value + (high[i] ?? Number.NaN) + (low[i] ?? Number.NaN)));
}

export function rangeInWords(range: HistoryRange): string {
  return HISTORY_RANGES.find(({ value }) => value === range)?.inWords ?? range;
}
