import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from "../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../../engine/units/trading-date.js";
import { InvalidField, isPayload, numberFrom } from "./payload-fields.js";

/** The zone of a date and time that names none. */
export type NaiveZone = "utc" | "ict";

const ACCEPTED = "an instant from 2000 to 2100 as {Seconds, Nanos}, ISO 8601, epoch or HHMMSSmmm";
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
const TIME_OF_DAY = /^(\d{2})(\d{2})(\d{2})(\d{3})?$/;
const DIGITS = /^\d{10,19}$/;

/**
 * UTC epoch milliseconds with whole microseconds, from any form in which DNSE writes an instant: `{Seconds, Nanos}`,
 * ISO 8601 with or without a zone (`zone` holds where it has none), epoch seconds to nanoseconds as a number or a
 * string, or a UTC time of day `HHMMSSmmm`, which falls on the day that brings it nearest to `receivedAtMs`.
 */
export function readInstant(field: string, value: unknown, receivedAtMs: number, zone: NaiveZone): number {
  const instantMs = instantFrom(value, receivedAtMs, zone);
  if (instantMs >= EARLIEST_MS && instantMs < LATEST_MS) return instantMs;
  throw new InvalidField(field, value, ACCEPTED);
}

function instantFrom(value: unknown, receivedAtMs: number, zone: NaiveZone): number {
  if (typeof value === "object") return value instanceof Date ? value.getTime() : fromSecondsAndNanos(value);
  if (typeof value === "number" || typeof value === "bigint") return fromEpoch(Number(value));
  if (typeof value !== "string") return Number.NaN;
  const text = value.trim();
  if (DIGITS.test(text)) return fromEpoch(Number(text));
  const timeOfDay = TIME_OF_DAY.exec(text);
  if (timeOfDay !== null) return fromTimeOfDay(timeOfDay, receivedAtMs);
  const dateTime = DATE_TIME.exec(text);
  if (dateTime !== null) return fromDateTime(dateTime, zone);
  return fromEpoch(numberFrom(text));
}

function fromSecondsAndNanos(value: unknown): number {
  if (!isPayload(value)) return Number.NaN;
  const record = value as { Seconds?: unknown; Nanos?: unknown };
  let seconds = record.Seconds;
  let nanos = record.Nanos;
  if (seconds === undefined) {
    for (const [key, part] of Object.entries(value)) {
      const name = key.toLowerCase();
      if (name === "seconds") seconds = part;
      else if (name === "nanos" || name === "nanoseconds") nanos = part;
    }
  }
  const wholeSeconds = numberFrom(seconds);
  const nanoseconds = nanos === undefined || nanos === null ? 0 : numberFrom(nanos);
  if (!Number.isInteger(wholeSeconds) || !(nanoseconds >= 0 && nanoseconds < 1e9)) return Number.NaN;
  return wholeSeconds * 1_000 + Math.floor(nanoseconds / 1_000) / 1_000;
}

/** Seconds, milliseconds, microseconds or nanoseconds: between 2000 and 2100 their magnitudes do not overlap. */
function fromEpoch(value: number): number {
  if (value < 1e11) return Math.round(value * 1e6) / 1e3;
  if (value < 1e14) return Math.floor(value * 1e3) / 1e3;
  if (value < 1e17) return Math.floor(value) / 1e3;
  return Math.floor(value / 1e3) / 1e3;
}

function fromTimeOfDay([, hours, minutes, seconds, thousandths = "0"]: RegExpExecArray, receivedAtMs: number): number {
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return Number.NaN;
  const ofDayMs =
    Number(hours) * MS_PER_HOUR + Number(minutes) * MS_PER_MINUTE + Number(seconds) * 1_000 + Number(thousandths);
  const midnightMs = Math.floor(receivedAtMs / MS_PER_DAY) * MS_PER_DAY;
  return midnightMs + ofDayMs + MS_PER_DAY * Math.round((receivedAtMs - midnightMs - ofDayMs) / MS_PER_DAY);
}

function fromDateTime(match: RegExpExecArray, zone: NaiveZone): number {
  const [, year, month, day, hour, minute, second, fraction = "", suffix] = match;
  if (Number(month) > 12 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return Number.NaN;
  const wholeMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (new Date(wholeMs).getUTCDate() !== Number(day)) return Number.NaN;
  const micros = Number(fraction.padEnd(6, "0").slice(0, 6));
  return wholeMs + micros / 1_000 - offsetOf(suffix, zone);
}

function offsetOf(suffix: string | undefined, zone: NaiveZone): number {
  if (suffix === undefined) return zone === "ict" ? TRADING_UTC_OFFSET_MS : 0;
  if (!/^[+-]/.test(suffix)) return 0;
  const minutes = Number(suffix.slice(1, 3)) * 60 + Number(suffix.slice(-2));
  return (suffix.startsWith("-") ? -minutes : minutes) * MS_PER_MINUTE;
}
