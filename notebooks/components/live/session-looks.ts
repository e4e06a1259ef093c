import { minuteOfDay } from "../market/session-clock.js";
import type { SessionInterval } from "../market/session-intervals.js";
import type { LivePrice } from "./live-price.js";

export const INTERVAL_MINUTES = 5;

/** What the shares of the running day come to at one moment. */
export interface SharesNow {
  /** Shares traded so far. */
  readonly volume: number;
  /** Of the shares with a change, the fraction that rose. */
  readonly rising: number;
  readonly shares: number;
}

/**
 * The running session by five minutes, put together from looks at the market: what happened before the first look is
 * `seed`, and the volume that it does not account for falls into the first interval.
 */
export class SessionLooks {
  readonly #intervals = new Map<number, SessionInterval>();
  /** Volume of the day up to the beginning of each interval. */
  #volumeBefore = 0;
  #lastMinute = Number.NaN;
  #lastVolume = 0;

  seed(intervals: readonly SessionInterval[]): void {
    for (const interval of intervals) {
      if (this.#intervals.has(interval.minute)) continue;
      this.#intervals.set(interval.minute, interval);
      this.#volumeBefore += interval.volume;
    }
  }

  look(index: Pick<LivePrice, "price" | "reference" | "eventTimeMs">, { volume, rising }: SharesNow): void {
    const minute = Math.floor(minuteOfDay(index.eventTimeMs) / INTERVAL_MINUTES) * INTERVAL_MINUTES;
    if (minute !== this.#lastMinute && Number.isFinite(this.#lastMinute)) this.#volumeBefore = this.#lastVolume;
    this.#lastMinute = minute;
    this.#lastVolume = volume;
    this.#intervals.set(minute, {
      minute,
      close: index.price,
      change: index.price / index.reference - 1,
      volume: Math.max(0, volume - this.#volumeBefore),
      rising,
    });
  }

  get intervals(): SessionInterval[] {
    return [...this.#intervals.values()].sort((a, b) => a.minute - b.minute);
  }
}
