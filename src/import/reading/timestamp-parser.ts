import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../../engine/units/trading-date.js";
import type { DateFormat } from "../mapping/import-mapping.js";
import { calendarDayNumber, FIRST_YEAR, LAST_YEAR } from "./calendar-day.js";
import { parseDecimal } from "./decimal-parser.js";
import { LocalTimeZone } from "./local-time-zone.js";

/** Decimal places by which a count since 1970 is shifted to become milliseconds. */
const EPOCH_SHIFT: Partial<Record<DateFormat, number>> = {
  "epoch-s": 3,
  "epoch-ms": 0,
  "epoch-us": -3,
  "epoch-ns": -6,
};

const FIRST_INSTANT_MS = Date.UTC(FIRST_YEAR, 0, 1);
const LAST_INSTANT_MS = Date.UTC(LAST_YEAR + 1, 0, 1) - 1;
const SPACE = 0x20;
const COLON = 0x3a;
const POINT = 0x2e;
const PLUS = 0x2b;
const MINUS = 0x2d;

/**
 * Turns dates and times of one format into the `openedAtMs` of candles, `NaN` for what is no valid time.
 *
 * A daily candle gets 00:00 Asia/Ho_Chi_Minh of the date its text names. Only a time written in UTC (`Z`, `+00:00`
 * or a count since 1970) other than midnight names no date by itself: it is dated in the mapping's time zone.
 * Intraday times without offset are wall-clock times of that zone.
 */
export class TimestampParser {
  readonly #format: DateFormat;
  readonly #epochShift: number | undefined;
  readonly #daily: boolean;
  readonly #zone: LocalTimeZone;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  constructor({ dateFormat, timeZone, daily }: { dateFormat: DateFormat; timeZone: string; daily: boolean }) {
    this.#format = dateFormat;
    this.#epochShift = EPOCH_SHIFT[dateFormat];
    this.#daily = daily;
    this.#zone = new LocalTimeZone(timeZone);
  }

  /** The candle time written in `bytes[start .. end)`. */
  parse(bytes: Uint8Array, start: number, end: number): number {
    while (start < end && bytes[start] === SPACE) start++;
    while (end > start && bytes[end - 1] === SPACE) end--;
    if (this.#epochShift !== undefined) {
      return this.fromInstant(Math.floor(parseDecimal(bytes, start, end, POINT, this.#epochShift)));
    }
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    const day = this.#readDay();
    if (Number.isNaN(day)) return Number.NaN;
    if (this.#at === end) {
      return this.#daily ? day * MS_PER_DAY - TRADING_UTC_OFFSET_MS : this.#zone.toInstantMs(day * MS_PER_DAY);
    }
    const timeOfDayMs = this.#readTimeOfDayMs();
    const localMs = day * MS_PER_DAY + timeOfDayMs;
    if (Number.isNaN(localMs)) return Number.NaN;
    if (this.#at === end) return this.fromLocal(localMs);
    const offsetMs = this.#readOffsetMs();
    if (this.#at !== end || Number.isNaN(offsetMs)) return Number.NaN;
    return offsetMs === 0 || !this.#daily ? this.fromInstant(localMs - offsetMs) : this.fromLocal(localMs);
  }

  /** The candle time of an instant, as epoch milliseconds. */
  fromInstant(instantMs: number): number {
    if (!(instantMs >= FIRST_INSTANT_MS && instantMs <= LAST_INSTANT_MS)) return Number.NaN;
    if (!this.#daily) return instantMs;
    if (instantMs % MS_PER_DAY === 0) return instantMs - TRADING_UTC_OFFSET_MS;
    return this.fromLocal(instantMs + this.#zone.offsetMsAt(instantMs));
  }

  /** The candle time of a wall-clock time, given as epoch milliseconds of the same reading in UTC. */
  fromLocal(localMs: number): number {
    if (!(localMs >= FIRST_INSTANT_MS && localMs <= LAST_INSTANT_MS)) return Number.NaN;
    if (!this.#daily) return this.#zone.toInstantMs(localMs);
    return Math.floor(localMs / MS_PER_DAY) * MS_PER_DAY - TRADING_UTC_OFFSET_MS;
  }

  #readDay(): number {
    switch (this.#format) {
      case "iso-date":
      case "iso-datetime": {
        const year = this.#readDigits(4, 4);
        const separator = this.#readDateSeparator();
        const month = this.#readDigits(1, 2);
        if (this.#readDateSeparator() !== separator) return Number.NaN;
        return calendarDayNumber(year, month, this.#readDigits(1, 2));
      }
      case "dmy":
      case "mdy": {
        const first = this.#readDigits(1, 2);
        const separator = this.#readDateSeparator();
        const second = this.#readDigits(1, 2);
        if (this.#readDateSeparator() !== separator) return Number.NaN;
        const year = this.#readDigits(4, 4);
        return this.#format === "dmy" ? calendarDayNumber(year, second, first) : calendarDayNumber(year, first, second);
      }
      case "ymd-compact":
        return calendarDayNumber(this.#readDigits(4, 4), this.#readDigits(2, 2), this.#readDigits(2, 2));
      default:
        return Number.NaN;
    }
  }

  /** `HH:MM[:SS[.fraction]]` behind a `T` or a space, in milliseconds; a fraction is cut to whole milliseconds. */
  #readTimeOfDayMs(): number {
    const separator = this.#bytes[this.#at++];
    if (separator !== SPACE && separator !== 0x54 && separator !== 0x74) return Number.NaN;
    const hours = this.#readDigits(1, 2);
    if (this.#bytes[this.#at++] !== COLON) return Number.NaN;
    const minutes = this.#readDigits(2, 2);
    let seconds = 0;
    let milliseconds = 0;
    if (this.#at < this.#end && this.#bytes[this.#at] === COLON) {
      this.#at++;
      seconds = this.#readDigits(2, 2);
      if (this.#at < this.#end && this.#bytes[this.#at] === POINT) {
        this.#at++;
        const from = this.#at;
        this.#readDigits(1, 9);
        milliseconds = Math.floor(parseDecimal(this.#bytes, from - 1, this.#at, POINT, 3));
      }
    }
    if (!(hours < 24 && minutes < 60 && seconds < 60)) return Number.NaN;
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
  }

  /** `Z`, `+07:00`, `+0700` or `+07`, in milliseconds east of UTC; a space before it is accepted. */
  #readOffsetMs(): number {
    if (this.#bytes[this.#at] === SPACE) this.#at++;
    const sign = this.#bytes[this.#at++];
    if (sign === 0x5a || sign === 0x7a) return 0;
    if (sign !== PLUS && sign !== MINUS) return Number.NaN;
    const hours = this.#readDigits(2, 2);
    if (this.#at < this.#end && this.#bytes[this.#at] === COLON) this.#at++;
    const minutes = this.#at < this.#end ? this.#readDigits(2, 2) : 0;
    if (!(hours <= 14 && minutes < 60)) return Number.NaN;
    return (sign === MINUS ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  }

  #readDigits(atLeast: number, atMost: number): number {
    const from = this.#at;
    const to = Math.min(this.#end, from + atMost);
    let value = 0;
    let at = from;
    for (; at < to; at++) {
      const digit = this.#bytes[at]! - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
    }
    this.#at = at;
    return at - from >= atLeast ? value : Number.NaN;
  }

  /** `-`, `/` or `.`; another byte gives `NaN`, which equals no separator. */
  #readDateSeparator(): number {
    const byte = this.#at < this.#end ? this.#bytes[this.#at++] : undefined;
    return byte === MINUS || byte === 0x2f || byte === POINT ? byte : Number.NaN;
  }
}
