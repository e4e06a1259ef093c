import { MS_PER_DAY, MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { TRADING_TIME_ZONE, tradingDate, tradingDateToEpochMs } from "../../engine/units/trading-date.js";
import type { CsvScanner } from "../../import/reading/csv-scanner.js";
import { isMissingValue, parseDecimal } from "../../import/reading/decimal-parser.js";
import { TimestampParser } from "../../import/reading/timestamp-parser.js";

/** What messages say is accepted. */
export const TIMES =
  "one form throughout: YYYY-MM-DD, YYYYMMDD, an ISO date and time, epoch milliseconds or seconds, or numbers of days";
export const VALUES = "a number with a decimal point; empty, NaN or null where there is none";

const POINT = ".".charCodeAt(0);
const INFINITE = /^[+-]?inf(inity)?$/i;

/** What is wrong with the names of columns, the first of which is column `firstNumber` of its file. */
export function columnNameProblems(names: readonly string[], firstNumber: number): string[] {
  return [
    ...names.flatMap((name, i) => (name === "" ? [`column ${i + firstNumber} has no name`] : [])),
    ...names.flatMap((name, i) =>
      name !== "" && names.indexOf(name) !== i
        ? [`columns ${names.indexOf(name) + firstNumber} and ${i + firstNumber} are both named ${JSON.stringify(name)}`]
        : [],
    ),
  ];
}

/**
 * Reads one column of times, as epoch milliseconds; `NaN` for what is no time. How they are written is decided by the
 * first: whole numbers are epoch milliseconds with eleven digits or more, seconds with nine or ten, dates with eight,
 * and numbers of days with six or fewer.
 */
export function timeReader(scanner: CsvScanner, index: number): () => number {
  const first = scanner.field(index).trim();
  const unitMs = WHOLE_NUMBER.test(first) ? unitOfDigits(first.replace("-", "").length) : undefined;
  if (unitMs !== undefined) {
    return () => {
      const text = scanner.field(index).trim();
      const timeMs = Number(text) * unitMs;
      return WHOLE_NUMBER.test(text) && Math.abs(timeMs) <= LATEST_TIME_MS ? timeMs : Number.NaN;
    };
  }
  if (COMPACT_DATE.test(first)) {
    return () => {
      const text = scanner.field(index).trim();
      return COMPACT_DATE.test(text) ? dayOf(text.replace(COMPACT_DATE, "$1-$2-$3")) : Number.NaN;
    };
  }
  const parser = new TimestampParser({ dateFormat: "iso-datetime", timeZone: TRADING_TIME_ZONE, daily: false });
  return () => parser.parse(scanner.bytes, scanner.starts[index]!, scanner.ends[index]!);
}

/** The end of what a `Date` holds. */
const LATEST_TIME_MS = 8.64e15;

const WHOLE_NUMBER = /^-?\d+$/;
const COMPACT_DATE = /^(\d{4})(\d{2})(\d{2})$/;

function unitOfDigits(digits: number): number | undefined {
  if (digits >= 11) return 1;
  if (digits === 9 || digits === 10) return MS_PER_SECOND;
  return digits <= 6 ? MS_PER_DAY : undefined;
}

function dayOf(text: string): number {
  try {
    return tradingDateToEpochMs(tradingDate(text));
  } catch {
    return Number.NaN;
  }
}

export function isMissingCell({ bytes, starts, ends }: CsvScanner, index: number): boolean {
  return isMissingValue(bytes, starts[index]!, ends[index]!);
}

/** `NaN` for no value, `undefined` for what is no number; an infinite one is left to whoever takes the column. */
export function readValue(scanner: CsvScanner, index: number): number | undefined {
  if (isMissingCell(scanner, index)) return Number.NaN;
  const value = parseDecimal(scanner.bytes, scanner.starts[index]!, scanner.ends[index]!, POINT, 0);
  if (!Number.isNaN(value)) return value;
  const text = scanner.field(index).trim();
  if (!INFINITE.test(text)) return undefined;
  return text.startsWith("-") ? -Infinity : Infinity;
}
