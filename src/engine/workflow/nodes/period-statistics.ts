import { quantile } from "../../statistics/quantiles.js";
import { MS_PER_HOUR } from "../../units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS, tradingDateOf, tradingDayNumberOf } from "../../units/trading-date.js";
import type { SeriesValue } from "../port-value.js";

export type ResamplePeriod = "hour" | "day" | "week" | "month";
export type PeriodValue = "last" | "first" | "mean" | "sum" | "lowest" | "highest";

/** 1970-01-01 was a Thursday: day 4 began a week on Monday. */
const FIRST_MONDAY = 4;

/** Which period of Asia/Ho_Chi_Minh an instant falls into: equal for instants of one period. */
const PERIOD_OF: Readonly<Record<ResamplePeriod, (timeMs: number) => number | string>> = {
  hour: (timeMs) => Math.floor((timeMs + TRADING_UTC_OFFSET_MS) / MS_PER_HOUR),
  day: tradingDayNumberOf,
  week: (timeMs) => Math.floor((tradingDayNumberOf(timeMs) - FIRST_MONDAY) / 7),
  month: (timeMs) => tradingDateOf(timeMs).slice(0, 7),
};

/** One value per period from its defined values, at the time of its first row; `NaN` for a period without any. */
export function resampled(series: SeriesValue, period: ResamplePeriod, take: PeriodValue): SeriesValue {
  const timesMs: number[] = [];
  const groups: number[][] = [];
  let current: number | string | undefined;
  series.timesMs.forEach((timeMs, row) => {
    const key = PERIOD_OF[period](timeMs);
    if (key !== current) {
      current = key;
      timesMs.push(timeMs);
      groups.push([]);
    }
    const value = series.values[row]!;
    if (!Number.isNaN(value)) groups.at(-1)!.push(value);
  });
  const values = Float64Array.from(groups, (group) => statisticOf(group, take));
  return { ...series, timesMs: Float64Array.from(timesMs), values };
}

export type Statistic = PeriodValue | "median" | "count" | "deviation";

/** A statistic of defined values; `NaN` without any, of a deviation with fewer than two, but for a count. */
export function statisticOf(values: readonly number[], statistic: Statistic): number {
  const count = values.length;
  if (statistic === "count") return count;
  if (count === 0) return NaN;
  switch (statistic) {
    case "first":
      return values[0]!;
    case "last":
      return values[count - 1]!;
    case "sum":
      return sumOf(values);
    case "mean":
      return sumOf(values) / count;
    case "lowest":
      return values.reduce((least, value) => Math.min(least, value));
    case "highest":
      return values.reduce((most, value) => Math.max(most, value));
    case "median":
      return quantile(values, 0.5);
    case "deviation": {
      const mean = sumOf(values) / count;
      return count < 2 ? NaN : Math.sqrt(sumOf(values.map((value) => (value - mean) ** 2)) / (count - 1));
    }
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
