import { WorkbenchError } from "../errors.js";
import type { Branded } from "./branded.js";
import { type EpochMs, MS_PER_DAY, MS_PER_HOUR } from "./epoch-ms.js";

/** A calendar day of trading, `YYYY-MM-DD`, as a person in Ho Chi Minh City names it. */
export type TradingDate = Branded<string, "TradingDate">;

export const TRADING_TIME_ZONE = "Asia/Ho_Chi_Minh";

/** Asia/Ho_Chi_Minh has been UTC+7 without daylight saving since 1975-06-13. */
export const TRADING_UTC_OFFSET_MS = 7 * MS_PER_HOUR;

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Parses `YYYY-MM-DD`. @throws DATE_INVALID for another form or a day that does not exist. */
export function tradingDate(value: string): TradingDate {
  const match = ISO_DATE.exec(value);
  if (match) {
    const utcMs = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
    if (new Date(utcMs).toISOString().startsWith(value)) return value as TradingDate;
  }
  throw new WorkbenchError("DATE_INVALID", `invalid date: ${value} (accepted: a day as YYYY-MM-DD)`, {
    details: { value },
  });
}

/** The instant at which the trading day begins, 00:00 Asia/Ho_Chi_Minh. Daily candles carry this time. */
export function tradingDateToEpochMs(date: TradingDate): EpochMs {
  return (Date.parse(`${date}T00:00:00Z`) - TRADING_UTC_OFFSET_MS) as EpochMs;
}

/** The trading date on which an instant falls. */
export function tradingDateOf(instant: EpochMs | number): TradingDate {
  return new Date(instant + TRADING_UTC_OFFSET_MS).toISOString().slice(0, 10) as TradingDate;
}

/** Whole days from 1970-01-01 to the trading date of an instant: Arrow's `DateDay`. */
export function tradingDayNumberOf(instant: EpochMs | number): number {
  return Math.floor((instant + TRADING_UTC_OFFSET_MS) / MS_PER_DAY);
}

/** The instant at which the trading day with this number begins. */
export function tradingDayToEpochMs(day: number): EpochMs {
  return (day * MS_PER_DAY - TRADING_UTC_OFFSET_MS) as EpochMs;
}

/** True on Saturday and Sunday. */
export function isWeekend(instant: EpochMs | number): boolean {
  const dayOfWeek = (tradingDayNumberOf(instant) + 4) % 7; // 1970-01-01 was a Thursday
  return dayOfWeek === 0 || dayOfWeek === 6;
}
