import { type TradingDate, tradingDayToEpochMs } from "../../engine/units/trading-date.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";
import { textLiteral } from "../sql-literal.js";

export interface CalendarDay {
  readonly exchange: string;
  readonly date: TradingDate;
  readonly kind: "trading" | "holiday";
  readonly note: string;
  readonly source: string;
}

/** The calendar as columns, by exchange and date. */
export function selectCalendar(session: DatabaseSession) {
  return selectColumns(
    session,
    "SELECT exchange, trading_date, kind, note, source FROM trading_calendar ORDER BY exchange, trading_date",
    { exchange: "text", day: "date", kind: "text", note: "text", source: "text" },
  );
}

/** Stores days; an explicit day of the same exchange and date is replaced. Returns how many rows changed. */
export async function upsertCalendar(session: DatabaseSession, days: readonly CalendarDay[]): Promise<number> {
  let changed = 0;
  for (let at = 0; at < days.length; at += 500) {
    const rows = await session.query(
      `INSERT INTO trading_calendar (exchange, trading_date, kind, note, source)
       SELECT j.exchange, j.date, j.kind, j.note, j.source
         FROM json_to_recordset($1::json) AS j(exchange text, date date, kind text, note text, source text)
       ON CONFLICT (exchange, trading_date) DO UPDATE SET (kind, note, source) = (excluded.kind, excluded.note, excluded.source)
        WHERE (trading_calendar.kind, trading_calendar.note, trading_calendar.source) IS DISTINCT FROM
              (excluded.kind, excluded.note, excluded.source)
       RETURNING 1`,
      [JSON.stringify(days.slice(at, at + 500))],
    );
    changed += rows.length;
  }
  return changed;
}

/** Trading days stored as such for an exchange, ascending, as the instants at which they begin. */
export async function storedTradingDays(session: DatabaseSession, exchange: string): Promise<Float64Array> {
  const { columns } = await selectColumns(
    session,
    `SELECT trading_date FROM trading_calendar WHERE exchange = ${textLiteral(exchange)} AND kind = 'trading' ORDER BY 1`,
    { day: "date" },
  );
  return Float64Array.from(columns.day.values, tradingDayToEpochMs);
}
