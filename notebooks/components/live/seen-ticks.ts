import type { Tick } from "../../engine/live-market/market-event.js";

/**
 * Which trades a page has, where those of the stream and those of the store meet: each is new once, whichever way it
 * comes first. Trades from `untilMs` on come by the stream alone, and are new without being remembered.
 */
export class SeenTicks {
  readonly #untilMs: number;
  readonly #keys = new Set<string>();

  constructor(untilMs: number) {
    this.#untilMs = untilMs;
  }

  /** Those that did not come before, in their order. */
  unseen(ticks: readonly Tick[]): Tick[] {
    return ticks.filter((tick) => {
      if (tick.eventTimeMs >= this.#untilMs) return true;
      const key = `${tick.symbol} ${tick.board} ${tick.eventTimeMs} ${tick.cumulativeVolume}`;
      if (this.#keys.has(key)) return false;
      this.#keys.add(key);
      return true;
    });
  }
}
