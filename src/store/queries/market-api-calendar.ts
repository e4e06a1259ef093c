import { type Calendar, calendarFrom, type ListedDates } from "../../engine/live-market/session-schedule.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { type TradingDate, tradingDate, tradingDateOf, tradingDateToEpochMs } from "../../engine/units/trading-date.js";
import type { DatabaseSession } from "../database.js";

/** What says whether an exchange trades on a date. */
export const CALENDAR_SOURCES = ["calendar", "index-candles", "facts"] as const;

export interface CalendarAnswer {
  readonly calendar: Calendar;
  readonly source: (typeof CALENDAR_SOURCES)[number];
  /** Of the stored day, such as the name of a holiday. */
  readonly note: string;
}

/** More than the longest holiday on both sides. */
const AROUND_DAYS = 31;

/**
 * The trading calendar around a date. A stored day of the exchange decides; else, for the past, whether the market's
 * index has a candle on it; else `facts`, which are the shipped holidays unless given.
 */
export async function calendarAround(
  session: DatabaseSession,
  {
    exchange,
    date,
    dataset,
    facts,
  }: { exchange: string; date: TradingDate; dataset: Dataset; facts?: Calendar | undefined },
): Promise<CalendarAnswer> {
  const middleMs = tradingDateToEpochMs(date);
  const from = tradingDateOf(middleMs - AROUND_DAYS * MS_PER_DAY);
  const to = tradingDateOf(middleMs + AROUND_DAYS * MS_PER_DAY);
  const stored = await session.query<{ day: string; kind: string; note: string }>(
    `SELECT trading_date::text AS day, kind, note FROM trading_calendar
      WHERE exchange = $1 AND trading_date BETWEEN $2::date AND $3::date`,
    [exchange, from, to],
  );
  const candles = await session.query<{ day: string }>(
    `SELECT trading_date::text AS day FROM market_candles_daily
      WHERE symbol = 'VNINDEX' AND simulated = $1 AND trading_date BETWEEN $2::date AND $3::date ORDER BY 1`,
    [dataset === "simulated", from, to],
  );
  const indexDates = candles.map(({ day }) => tradingDate(day));
  const indexBars: ListedDates | undefined =
    indexDates.length === 0 ? undefined : { dates: new Set(indexDates), from: indexDates[0]!, to: indexDates.at(-1)! };
  const listed = calendarFrom({ indexBars, facts });
  const kinds = new Map(stored.map(({ day, kind }) => [day, kind]));
  const isByIndex =
    indexBars !== undefined &&
    date >= indexBars.from &&
    date <= indexBars.to &&
    ["HOSE", "HNX", "UPCOM", "HNX_DER"].includes(exchange);
  return {
    calendar: {
      isTradingDay: (asked, day) => {
        const kind = asked === exchange ? kinds.get(day) : undefined;
        return kind === undefined ? listed.isTradingDay(asked, day) : kind === "trading";
      },
    },
    source: kinds.has(date) ? "calendar" : isByIndex ? "index-candles" : "facts",
    note: stored.find(({ day }) => day === date)?.note ?? "",
  };
}
