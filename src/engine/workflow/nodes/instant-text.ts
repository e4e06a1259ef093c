/** An instant as ISO 8601 in UTC; the bare number where the calendar does not reach. */
export function instantText(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? String(timeMs) : date.toISOString();
}
