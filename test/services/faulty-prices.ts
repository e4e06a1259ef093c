import type { CandleRow } from "../store/candle-series.js";

interface FaultyRow {
  readonly text: string;
  /** As it must be stored; `undefined` for a row that is left out. */
  readonly stored: CandleRow | undefined;
}

const rows: FaultyRow[] = [];

/** One row of the file; a price of `undefined` is an empty field. */
function row(
  symbol: string,
  date: string,
  [open, high, low, close]: readonly (number | undefined)[],
  volume: number,
  { leftOut = false }: { leftOut?: boolean } = {},
): void {
  const text = [date, symbol, open, high, low, close, volume].map((value) => value ?? "").join(",");
  const openedAt = new Date(Date.parse(`${date}T00:00+07:00`)).toISOString();
  const values = [open, high, low, close].map((price) => price ?? Number.NaN) as [number, number, number, number];
  rows.push({ text, stored: leftOut ? undefined : [symbol, openedAt, ...values, volume] });
}

/** Ten plain weekdays of a share around 20,000 dong, to which the faults of one symbol are compared. */
const WEEKDAYS = [9, 10, 11, 12, 13, 16, 17, 18, 19, 20].map((day) => `2026-03-${String(day).padStart(2, "0")}`);

function plain(symbol: string, dates: readonly string[], level = 20_000): void {
  for (const [i, date] of dates.entries()) {
    const close = level + (i % 3) * (level / 200);
    row(symbol, date, [close, close * 1.01, close * 0.99, close], 1_000 + i);
  }
}

// AAA: left out rows, absent values, a zero and a broken range.
plain("AAA", WEEKDAYS.slice(0, 3));
row("AAA", WEEKDAYS[3]!, [20_000, 20_100, 19_900, 20_000], 7);
row("AAA", WEEKDAYS[3]!, [1, 1, 1, 1], 7, { leftOut: true });
row("AAA", WEEKDAYS[4]!, [20_000, 20_100, 19_900, undefined], 7, { leftOut: true });
row("AAA", WEEKDAYS[5]!, [undefined, 20_100, 19_900, 20_000], 7);
row("AAA", WEEKDAYS[6]!, [20_000, 20_100, 20_050, 20_000], 7);
row("AAA", WEEKDAYS[7]!, [20_000, 20_100, 0, 20_000], 7);
row("AAA", WEEKDAYS[8]!, [20_000, 20_100, 19_900, 20_000], 0);
row("AAA", WEEKDAYS[9]!, [20_000, 20_100, 19_900, 20_000], 7);
// BBB: a candle on a Saturday and none on two trading days.
plain("BBB", WEEKDAYS.slice(0, 5));
row("BBB", "2026-03-14", [20_000, 20_100, 19_900, 20_000], 7);
plain("BBB", WEEKDAYS.slice(7));
// CCC: two for one, and a day in thousands.
plain("CCC", WEEKDAYS.slice(0, 4), 40_000);
plain("CCC", WEEKDAYS.slice(4), 20_000);
plain("DDD", WEEKDAYS.slice(0, 5));
plain("DDD", WEEKDAYS.slice(5, 7), 20);
plain("DDD", WEEKDAYS.slice(7));
// EEE: a corrupt close that the next day takes back.
plain("EEE", WEEKDAYS.slice(0, 5));
row("EEE", WEEKDAYS[5]!, [32_000, 33_000, 31_000, 32_000], 7);
plain("EEE", WEEKDAYS.slice(6));

/** A price file with every fault that quality checks know, in prices as they stand. */
export const EVERY_FAULT = `time,symbol,open,high,low,close,volume\n${rows.map(({ text }) => `${text}\n`).join("")}`;

/** What of it must be stored, by symbol and time. */
export const EVERY_FAULT_ROWS: readonly CandleRow[] = rows.flatMap(({ stored }) => (stored ? [stored] : []));
