import { MS_PER_DAY, MS_PER_HOUR } from "../engine/units/epoch-ms.js";
import { isWeekend, TRADING_UTC_OFFSET_MS, type TradingDate, tradingDateOf } from "../engine/units/trading-date.js";

/** When HOSE and UPCOM are done for the day, in Asia/Ho_Chi_Minh. */
const DAY_ENDS_AT_HOUR = 15;

/** The last weekday whose trading hours are over. */
export function lastCompletedTradingDate(nowMs: number): TradingDate {
  const hour = ((nowMs + TRADING_UTC_OFFSET_MS) % MS_PER_DAY) / MS_PER_HOUR;
  let day = hour >= DAY_ENDS_AT_HOUR ? nowMs : nowMs - MS_PER_DAY;
  while (isWeekend(day)) day -= MS_PER_DAY;
  return tradingDateOf(day);
}
