const CUMULATIVE_DAYS = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const DAYS_TO_1970 = 719_162;

/** Years outside this range are taken for a misread format, not for a date of market data. */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2199;

/** Days from 1970-01-01 to a day of the Gregorian calendar; `NaN` for one that does not exist or is out of range. */
export function calendarDayNumber(year: number, month: number, day: number): number {
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1) return Number.NaN;
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > DAYS_IN_MONTH[month - 1]! && !(isLeapYear && month === 2 && day === 29)) return Number.NaN;
  const before = year - 1;
  const daysBeforeYear = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return daysBeforeYear - DAYS_TO_1970 + CUMULATIVE_DAYS[month - 1]! + (isLeapYear && month > 2 ? 1 : 0) + day - 1;
}
