import { MS_PER_DAY } from "../units/epoch-ms.js";
import { isWeekend, type TradingDate, tradingDateOf, tradingDateToEpochMs } from "../units/trading-date.js";
import { CHINESE_FUTURES_HOLIDAYS, VIETNAMESE_HOLIDAYS } from "./trading-calendar-facts.js";

/** Markets that share their holidays: HOSE, HNX, UPCOM and the derivatives market; Chinese futures; the world's. */
export type HolidayCalendar = "hose" | "chinese-futures" | "global";

const HOLIDAYS: Readonly<Record<HolidayCalendar, ReadonlySet<TradingDate>>> = {
  hose: new Set(VIETNAMESE_HOLIDAYS),
  "chinese-futures": new Set(CHINESE_FUTURES_HOLIDAYS),
  global: new Set(),
};

/** Days off in every year: what is certain of a year whose holidays are not announced yet. */
const YEARLY_HOLIDAYS: Readonly<Record<HolidayCalendar, ReadonlySet<string>>> = {
  hose: new Set(["01-01", "04-30", "05-01", "09-02"]),
  "chinese-futures": new Set(["01-01", "05-01", "10-01", "10-02", "10-03"]),
  global: new Set(["01-01", "12-25"]),
};

/** True on weekdays that are no holiday, as far as holidays are announced. */
export function isWorkingDate(calendar: HolidayCalendar, date: TradingDate): boolean {
  if (HOLIDAYS[calendar].has(date) || YEARLY_HOLIDAYS[calendar].has(date.slice(5))) return false;
  return !isWeekend(tradingDateToEpochMs(date));
}

/** The first working date after a date. */
export function nextWorkingDate(calendar: HolidayCalendar, date: TradingDate): TradingDate {
  let next = date;
  do next = tradingDateOf(tradingDateToEpochMs(next) + MS_PER_DAY);
  while (!isWorkingDate(calendar, next));
  return next;
}
