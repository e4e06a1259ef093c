const ISO_INSTANT =
  /^(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:[.,](\d{1,9}))?(Z|([+-])([01]\d|2[0-3]):?([0-5]\d))$/;

const MS_PER_MINUTE = 60_000;

/**
 * Epoch milliseconds, with whole microseconds as a fraction, of `2012-06-21T09:30:00.004241176-04:00`: a day that
 * exists, a time, up to nine decimals (those of nanoseconds are cut off) and a zone. `undefined` for another form.
 */
export function parseIsoInstant(text: string): number | undefined {
  const match = ISO_INSTANT.exec(text);
  if (match === null) return undefined;
  const [, date, hours, minutes, seconds, fraction = "", zone, sign, zoneHours, zoneMinutes] = match;
  const midnightMs = midnightOf(date!);
  if (midnightMs === undefined) return undefined;
  const offsetMinutes = zone === "Z" ? 0 : (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === "-" ? -1 : 1);
  const wholeMs =
    midnightMs +
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 -
    offsetMinutes * MS_PER_MINUTE;
  return instantOfMicroseconds(wholeMs * 1_000 + Number(fraction.slice(0, 6).padEnd(6, "0")));
}

/** The milliseconds nearest to a whole number of microseconds: equal numbers in, equal numbers out. */
export function instantOfMicroseconds(epochMicroseconds: number): number {
  return epochMicroseconds / 1_000;
}

let knownDate = "";
let knownMidnightMs: number | undefined;

/** 00:00 UTC; rows of a tape name the same day again and again. */
function midnightOf(date: string): number | undefined {
  if (date !== knownDate) {
    const ms = Date.parse(`${date}T00:00:00Z`);
    knownDate = date;
    knownMidnightMs = Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? undefined : ms;
  }
  return knownMidnightMs;
}
