const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const UNDEFINED_MARK = "–";

/** `2026-04-10` of a calendar day held as epoch milliseconds at 00:00 UTC. */
export function formatDay(dayMs: number): string {
  return Number.isFinite(dayMs) ? new Date(dayMs).toISOString().slice(0, 10) : UNDEFINED_MARK;
}

/** `10 Apr 2026` of the same. */
export function formatDayInWords(dayMs: number): string {
  if (!Number.isFinite(dayMs)) return UNDEFINED_MARK;
  const day = new Date(dayMs);
  return `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]} ${day.getUTCFullYear()}`;
}

/** `10 Apr` of the same, for narrow places beside the whole date. */
export function formatDayOfYear(dayMs: number): string {
  return formatDayInWords(dayMs).replace(/ \d{4}$/, "");
}

/** Epoch milliseconds of `YYYY-MM-DD` at 00:00 UTC; `NaN` for another form or a day that does not exist. */
export function parseDay(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return Number.NaN;
  const dayMs = Date.parse(`${text}T00:00:00Z`);
  return formatDay(dayMs) === text ? dayMs : Number.NaN;
}

/** The same day `months` earlier; the last day of that month when it is shorter. */
export function monthsBefore(dayMs: number, months: number): number {
  const day = new Date(dayMs);
  const month = day.getUTCMonth() - months;
  const lastOfMonth = new Date(Date.UTC(day.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return Date.UTC(day.getUTCFullYear(), month, Math.min(day.getUTCDate(), lastOfMonth));
}
