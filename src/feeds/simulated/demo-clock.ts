import type { FeedClock } from "../market-feed.js";

/** A stretch of market time that ends at `untilMs` and passes at so many seconds a second. */
export interface Pace {
  readonly untilMs: number;
  readonly rate: number;
}

/**
 * How far market time runs on while nobody takes events. Less than what makes a feed stale: at a high pace, a moment
 * in which the process was busy is long in market time.
 */
const LONGEST_UNATTENDED_MS = 2_000;

/**
 * Market time of its own, which runs at the pace of each stretch and stops at the end of the last. It moves on only
 * while it is attended: neither a slow consumer nor a machine that slept makes it jump.
 */
export class DemoClock implements FeedClock {
  readonly isDetached = true;
  readonly #startMs: number;
  readonly #paces: readonly Pace[];
  readonly #machineNowMs: () => number;
  #marketMs: number;
  #attendedAtMs: number;

  /** `paces` in ascending order of their ends. */
  constructor(startMs: number, paces: readonly Pace[], machineNowMs: () => number) {
    this.#startMs = startMs;
    this.#paces = paces;
    this.#machineNowMs = machineNowMs;
    this.#marketMs = startMs;
    this.#attendedAtMs = machineNowMs();
  }

  nowMs(): number {
    let remainingMs = Math.max(0, this.#machineNowMs() - this.#attendedAtMs);
    let marketMs = this.#marketMs;
    for (const { untilMs, rate } of this.#paces) {
      if (marketMs >= untilMs) continue;
      const wholeMs = (untilMs - marketMs) / rate;
      if (remainingMs < wholeMs) {
        marketMs += remainingMs * rate;
        break;
      }
      remainingMs -= wholeMs;
      marketMs = untilMs;
    }
    return Math.min(marketMs, this.#marketMs + LONGEST_UNATTENDED_MS);
  }

  /** Keeps the time going; returns it. */
  attend(): number {
    this.#marketMs = this.nowMs();
    this.#attendedAtMs = this.#machineNowMs();
    return this.#marketMs;
  }

  /**
   * How long to wait for a market time, on the machine's clock, before the time is attended again: at most half of
   * what it runs on without. 0 when it has come.
   */
  waitMs(marketTimeMs: number): number {
    const nowMs = this.nowMs();
    const rate = this.#paces.find(({ untilMs }) => nowMs < untilMs)?.rate ?? 1;
    return Math.max(0, Math.min(marketTimeMs - nowMs, LONGEST_UNATTENDED_MS / 2) / rate);
  }

  /** Sets the time back to the start. */
  restart(): void {
    this.#marketMs = this.#startMs;
    this.#attendedAtMs = this.#machineNowMs();
  }
}
