import type { TradingDate } from "../../engine/units/trading-date.js";
import type { ImportMapping } from "../mapping/import-mapping.js";
import { fileHasNoRows } from "./file-error.js";
import type { RejectedRow } from "./price-batch.js";
import { type FieldRecord, readRecords } from "./read-records.js";
import { invalid, invalidRow, RecordValues, rejectedRow } from "./record-values.js";

export const CALENDAR_DAY_KINDS = ["trading", "holiday"] as const;

/** Whether an exchange trades on a day. */
export interface CalendarDay {
  readonly date: TradingDate;
  readonly exchange: string;
  readonly kind: (typeof CALENDAR_DAY_KINDS)[number];
  readonly note: string | undefined;
  readonly line: number;
}

export interface ImportedCalendar {
  readonly days: readonly CalendarDay[];
  readonly rejected: readonly RejectedRow[];
}

/**
 * The days of a calendar file; a day of one exchange that comes a second time is rejected.
 * @throws the failures of `readPrices`
 */
export async function readCalendar(
  path: string,
  mapping: ImportMapping,
  { signal }: { signal?: AbortSignal } = {},
): Promise<ImportedCalendar> {
  const values = new RecordValues(mapping);
  const lineByDay = new Map<string, number>();
  const days: CalendarDay[] = [];
  const rejected: RejectedRow[] = [];
  for await (const record of readRecords(path, mapping, { signal })) {
    try {
      if (record.problem !== undefined) throw invalidRow(record.problem);
      const day = readDay(record, values, mapping);
      const key = `${day.exchange} ${day.date}`;
      const earlier = lineByDay.get(key);
      if (earlier !== undefined) throw invalid("date", key, `once; it stands on line ${earlier} already`);
      lineByDay.set(key, record.line);
      days.push(day);
    } catch (error) {
      rejected.push(rejectedRow(record, error));
    }
  }
  if (days.length + rejected.length === 0) throw fileHasNoRows(path);
  return { days, rejected };
}

function readDay(record: FieldRecord, values: RecordValues, mapping: ImportMapping): CalendarDay {
  const date = values.date(record, "date");
  if (date === undefined) throw invalid("date", "", "a date");
  const exchange = values.text(record, "exchange") ?? mapping.exchange;
  if (exchange === undefined) throw invalid("exchange", "", "the name of an exchange such as HOSE");
  const kind = values.choice(record, "kind", CALENDAR_DAY_KINDS);
  if (kind === undefined) throw invalid("kind", "", CALENDAR_DAY_KINDS.join(", "));
  return { date, exchange, kind, note: values.text(record, "note"), line: record.line };
}
