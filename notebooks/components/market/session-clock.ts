import { MS_PER_DAY, MS_PER_MINUTE } from "../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../../engine/units/trading-date.js";

/** The midday break of the Vietnamese exchanges, in minutes after 00:00 Asia/Ho_Chi_Minh: 11:30 to 13:00. */
export const MIDDAY_BREAK = { begin: 11 * 60 + 30, end: 13 * 60 } as const;

/** The width the break keeps on the axis, in minutes: enough to see that time is missing. */
export const BREAK_WIDTH = 15;

/** Minutes after 00:00 Asia/Ho_Chi_Minh of an instant. */
export function minuteOfDay(instantMs: number): number {
  return (
    (instantMs + TRADING_UTC_OFFSET_MS - Math.floor((instantMs + TRADING_UTC_OFFSET_MS) / MS_PER_DAY) * MS_PER_DAY) /
    MS_PER_MINUTE
  );
}

/** Where a minute of the day stands on an axis that shortens the midday break; later minutes stand further right. */
export function sessionPosition(minute: number): number {
  if (minute <= MIDDAY_BREAK.begin) return minute;
  if (minute >= MIDDAY_BREAK.end) return minute - (MIDDAY_BREAK.end - MIDDAY_BREAK.begin) + BREAK_WIDTH;
  const share = (minute - MIDDAY_BREAK.begin) / (MIDDAY_BREAK.end - MIDDAY_BREAK.begin);
  return MIDDAY_BREAK.begin + share * BREAK_WIDTH;
}

/** `09:15` of a minute of the day. */
export function formatMinute(minute: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${two(minute / 60)}:${two(minute % 60)}`;
}

/** The whole hours of a session, and both ends of the midday break where the session spans it, ascending. */
export function sessionTicks(firstMinute: number, lastMinute: number): number[] {
  const hours = Array.from({ length: 24 }, (_, hour) => hour * 60);
  const isInBreak = (minute: number) => minute >= MIDDAY_BREAK.begin && minute < MIDDAY_BREAK.end;
  return hours.filter((minute) => minute >= firstMinute && minute <= lastMinute && !isInBreak(minute));
}
