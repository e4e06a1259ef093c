import { MS_PER_DAY } from "../units/epoch-ms.js";
import { tradingDayNumberOf } from "../units/trading-date.js";
import type { PriceSeries } from "./price-series.js";

export const CHANGE_PERIODS = ["1d", "1w", "1m", "3m", "ytd", "1y"] as const;

export type ChangePeriod = (typeof CHANGE_PERIODS)[number];

/** The longest a base price may precede its date; more than the longest holiday, so a longer hole gives no change. */
const MAX_BASE_AGE_DAYS = 15;

/**
 * Change of the last price over each period, as a fraction, by trading date in Asia/Ho_Chi_Minh.
 *
 * The base is the last price on or before: the row before (`1d`), seven days before (`1w`), the same day one, three
 * or twelve months before, or the last day of that month when it is shorter (`1m`, `3m`, `1y`), the last day of the
 * year before (`ytd`). `NaN` when there is no such price, when it is more than 15 days older than that date, or when
 * either price is not positive. Rows without a price are passed over.
 */
export function periodChanges(series: PriceSeries): Record<ChangePeriod, number> {
  const lastIndex = series.prices.findLastIndex((price) => !Number.isNaN(price));
  const changes = { "1d": NaN, "1w": NaN, "1m": NaN, "3m": NaN, ytd: NaN, "1y": NaN };
  if (lastIndex === -1) return changes;
  const lastPrice = series.prices[lastIndex]!;
  const lastDay = tradingDayNumberOf(series.openedAtMs[lastIndex]!);
  for (const period of CHANGE_PERIODS) {
    const baseDay = baseDayOf(period, lastDay);
    const base = lastPriceBefore(series, lastIndex, baseDay);
    if (base > 0 && lastPrice > 0) changes[period] = lastPrice / base - 1;
  }
  return changes;
}

/** One entry of {@link periodChanges}. */
export function periodChange(series: PriceSeries, period: ChangePeriod): number {
  return periodChanges(series)[period];
}

function baseDayOf(period: ChangePeriod, lastDay: number): number {
  switch (period) {
    case "1d":
      return lastDay - 1;
    case "1w":
      return lastDay - 7;
    case "1m":
      return monthsBefore(lastDay, 1);
    case "3m":
      return monthsBefore(lastDay, 3);
    case "1y":
      return monthsBefore(lastDay, 12);
    case "ytd":
      return Date.UTC(new Date(lastDay * MS_PER_DAY).getUTCFullYear(), 0, 0) / MS_PER_DAY;
  }
}

function monthsBefore(day: number, months: number): number {
  const date = new Date(day * MS_PER_DAY);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() - months;
  const daysInMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), daysInMonth)) / MS_PER_DAY;
}

/** The last price dated on or before a day and before row `end`, unless it is too old; `NaN` when there is none. */
function lastPriceBefore({ openedAtMs, prices }: PriceSeries, end: number, day: number): number {
  for (let i = end - 1; i >= 0; i--) {
    const rowDay = tradingDayNumberOf(openedAtMs[i]!);
    if (rowDay > day || Number.isNaN(prices[i])) continue;
    return day - rowDay <= MAX_BASE_AGE_DAYS ? prices[i]! : NaN;
  }
  return NaN;
}
