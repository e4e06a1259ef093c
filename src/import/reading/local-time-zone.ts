import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";

/**
 * Conversion between an IANA time zone's wall clock and UTC, with the offsets of each day looked up once.
 *
 * A wall-clock time that occurs twice (clocks set back) means the first; one that never occurs (clocks set
 * forward) is read with the offset before the change, as `Temporal` does by default ("compatible").
 */
export class LocalTimeZone {
  readonly #format: Intl.DateTimeFormat;
  readonly #isUtc: boolean;
  /** Offset of a whole UTC day, or `NaN` for a day within which it changes. */
  readonly #offsetByDay = new Map<number, number>();
  #lastDay = Number.NaN;
  #lastOffsetMs = 0;

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    this.#isUtc = this.#format.resolvedOptions().timeZone === "UTC";
  }

  /** Wall-clock time minus UTC at an instant, in milliseconds. */
  offsetMsAt(instantMs: number): number {
    if (this.#isUtc) return 0;
    const day = Math.floor(instantMs / MS_PER_DAY);
    if (day === this.#lastDay) return this.#lastOffsetMs;
    let offset = this.#offsetByDay.get(day);
    if (offset === undefined) {
      const first = this.#lookUp(day * MS_PER_DAY);
      offset = first === this.#lookUp((day + 1) * MS_PER_DAY) ? first : Number.NaN;
      this.#offsetByDay.set(day, offset);
    }
    if (Number.isNaN(offset)) return this.#lookUp(instantMs);
    this.#lastDay = day;
    this.#lastOffsetMs = offset;
    return offset;
  }

  /** The instant at which clocks show `localMs`, the wall-clock time written as if it were UTC. */
  toInstantMs(localMs: number): number {
    const offsetBefore = this.offsetMsAt(localMs - MS_PER_DAY);
    const offsetAfter = this.offsetMsAt(localMs + MS_PER_DAY);
    const withOffsetBefore = localMs - offsetBefore;
    if (offsetBefore === offsetAfter || this.offsetMsAt(withOffsetBefore) === offsetBefore) return withOffsetBefore;
    const withOffsetAfter = localMs - offsetAfter;
    return this.offsetMsAt(withOffsetAfter) === offsetAfter ? withOffsetAfter : withOffsetBefore;
  }

  #lookUp(instantMs: number): number {
    const wholeSecondMs = Math.floor(instantMs / 1000) * 1000;
    const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.#format.formatToParts(wholeSecondMs)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecondMs;
  }
}
