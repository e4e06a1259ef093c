import { CHINESE_FUTURES_HOLIDAYS, VIETNAMESE_HOLIDAYS } from "../market-data/trading-calendar-facts.js";
import { type EpochMs, MS_PER_DAY } from "../units/epoch-ms.js";
import { isWeekend, type TradingDate, tradingDateOf, tradingDateToEpochMs } from "../units/trading-date.js";

export type SimulatedCalendar = "hose" | "chinese-futures" | "global";

const HOLIDAYS: Readonly<Record<SimulatedCalendar, ReadonlySet<TradingDate>>> = {
  hose: new Set(VIETNAMESE_HOLIDAYS),
  "chinese-futures": new Set(CHINESE_FUTURES_HOLIDAYS),
  global: new Set(),
};

/** Days off in every year: what is certain of a year whose holidays are not announced yet. */
const YEARLY_HOLIDAYS: Readonly<Record<SimulatedCalendar, ReadonlySet<string>>> = {
  hose: new Set(["01-01", "04-30", "05-01", "09-02"]),
  "chinese-futures": new Set(["01-01", "05-01", "10-01", "10-02", "10-03"]),
  global: new Set(["01-01", "12-25"]),
};

/** Trading days from one instant to another, both included, each as 00:00 Asia/Ho_Chi_Minh. */
export function tradingDaysBetween(calendar: SimulatedCalendar, from: TradingDate, to: TradingDate): Float64Array {
  const days: EpochMs[] = [];
  const lastMs = tradingDateToEpochMs(to);
  for (let dayMs = tradingDateToEpochMs(from); dayMs <= lastMs; dayMs = (dayMs + MS_PER_DAY) as EpochMs) {
    const date = tradingDateOf(dayMs);
    const isHoliday = HOLIDAYS[calendar].has(date) || YEARLY_HOLIDAYS[calendar].has(date.slice(5));
    if (!isHoliday && !isWeekend(dayMs)) days.push(dayMs);
  }
  return Float64Array.from(days);
}
