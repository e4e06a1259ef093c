import type { FeedClock } from "../market-feed.js";

/** A stretch of market time that ends at `untilMs` and passes at so many seconds a second. */
export interface Pace {
  readonly untilMs: number;
  readonly rate: number;
}

/** While nobody takes events, market time runs on for this long at most, then waits. */
const LONGEST_UNATTENDED_MS = 1_000;

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
    const elapsedMs = Math.max(0, this.#machineNowMs() - this.#attendedAtMs);
    let remainingMs = Math.min(elapsedMs, LONGEST_UNATTENDED_MS);
    let marketMs = this.#marketMs;
    for (const { untilMs, rate } of this.#paces) {
      if (marketMs >= untilMs) continue;
      const wholeMs = (untilMs - marketMs) / rate;
      if (remainingMs < wholeMs) return marketMs + remainingMs * rate;
      remainingMs -= wholeMs;
      marketMs = untilMs;
    }
    return marketMs;
  }

  /** Keeps the time going; returns it. */
  attend(): number {
    this.#marketMs = this.nowMs();
    this.#attendedAtMs = this.#machineNowMs();
    return this.#marketMs;
  }

  /** How long until a market time, on the machine's clock; `Infinity` beyond the last stretch. */
  untilMs(marketTimeMs: number): number {
    let fromMs = this.nowMs();
    let waitMs = 0;
    for (const { untilMs, rate } of this.#paces) {
      if (fromMs >= marketTimeMs) return waitMs;
      if (fromMs >= untilMs) continue;
      const toMs = Math.min(untilMs, marketTimeMs);
      waitMs += (toMs - fromMs) / rate;
      fromMs = toMs;
    }
    return fromMs >= marketTimeMs ? waitMs : Infinity;
  }

  /** Sets the time back to the start. */
  restart(): void {
    this.#marketMs = this.#startMs;
    this.#attendedAtMs = this.#machineNowMs();
  }
}
