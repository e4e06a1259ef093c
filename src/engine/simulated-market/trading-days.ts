import { type HolidayCalendar, isWorkingDate } from "../market-data/holiday-calendar.js";
import { type EpochMs, MS_PER_DAY } from "../units/epoch-ms.js";
import { type TradingDate, tradingDateOf, tradingDateToEpochMs } from "../units/trading-date.js";

export type SimulatedCalendar = HolidayCalendar;

/** Trading days from one instant to another, both included, each as 00:00 Asia/Ho_Chi_Minh. */
export function tradingDaysBetween(calendar: SimulatedCalendar, from: TradingDate, to: TradingDate): Float64Array {
  const days: EpochMs[] = [];
  const lastMs = tradingDateToEpochMs(to);
  for (let dayMs = tradingDateToEpochMs(from); dayMs <= lastMs; dayMs = (dayMs + MS_PER_DAY) as EpochMs) {
    if (isWorkingDate(calendar, tradingDateOf(dayMs))) days.push(dayMs);
  }
  return Float64Array.from(days);
}
