import { type TradingDate, tradingDate } from "../units/trading-date.js";

/**
 * Weekdays on which HOSE, HNX and UPCOM did not trade, 2021 to 2026: new year, Tết, the commemoration of the
 * Hùng kings, 30 April, 1 May and 2 September with their substitute days. Announced by the exchanges each
 * December; checked against the dates of VNINDEX up to 2026-08-21. 2026-01-02 was added late, when the
 * government moved that working day. Later years are not announced yet.
 */
export const VIETNAMESE_HOLIDAYS: readonly TradingDate[] = [
  ...inYear(2021, "01-01 02-10 02-11 02-12 02-15 02-16 04-21 04-30 05-03 09-02 09-03"),
  ...inYear(2022, "01-03 01-31 02-01 02-02 02-03 02-04 04-11 05-02 05-03 09-01 09-02"),
  ...inYear(2023, "01-02 01-20 01-23 01-24 01-25 01-26 05-01 05-02 05-03 09-01 09-04"),
  ...inYear(2024, "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03"),
  ...inYear(2025, "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02"),
  ...inYear(2026, "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02"),
];

/**
 * Weekdays on which the Chinese futures exchanges (DCE, SHFE, INE, CZCE) did not trade, 2021 to 2026. Up to
 * 2026-04-01 they are the dates without candles; the rest follows the State Council's holiday notice for 2026.
 */
export const CHINESE_FUTURES_HOLIDAYS: readonly TradingDate[] = [
  ...inYear(2021, "01-01 02-11 02-12 02-15 02-16 02-17 04-05 05-03 05-04 05-05 06-14 09-20 09-21 10-01 10-04 10-05"),
  ...inYear(2021, "10-06 10-07"),
  ...inYear(2022, "01-03 01-31 02-01 02-02 02-03 02-04 04-04 04-05 05-02 05-03 05-04 06-03 09-12 10-03 10-04 10-05"),
  ...inYear(2022, "10-06 10-07"),
  ...inYear(2023, "01-02 01-23 01-24 01-25 01-26 01-27 04-05 05-01 05-02 05-03 06-22 06-23 09-29 10-02 10-03 10-04"),
  ...inYear(2023, "10-05 10-06"),
  ...inYear(2024, "01-01 02-09 02-12 02-13 02-14 02-15 02-16 04-04 04-05 05-01 05-02 05-03 06-10 09-16 09-17 10-01"),
  ...inYear(2024, "10-02 10-03 10-04 10-07"),
  ...inYear(2025, "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06"),
  ...inYear(2025, "10-07 10-08"),
  ...inYear(2026, "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02"),
  ...inYear(2026, "10-05 10-06 10-07"),
];

function inYear(year: number, monthDays: string): TradingDate[] {
  return monthDays.split(" ").map((monthDay) => tradingDate(`${year}-${monthDay}`));
}
