import type { Tick } from "./market-event.js";
import type { VolumeGap } from "./sequence-audit.js";

/** So many trades that contradict a total outweigh it. */
const WITNESSES = 3;

/**
 * Whether the cumulative volume of a trade that left a gap is wrong, such as 900,000,000 between 200 and 300. Totals only
 * rise with time. So trades with later event times whose totals lie within the gap contradict it, and three of them
 * prove it wrong; one trade with a higher total, which is for whoever asks to notice, proves it right.
 */
export class TotalDoubt {
  readonly suspect: Tick;
  readonly gap: VolumeGap;
  readonly #witnesses: Tick[] = [];

  /** @param gap what the suspect left behind */
  constructor(suspect: Tick, gap: VolumeGap) {
    this.suspect = suspect;
    this.gap = gap;
  }

  /** The trades that prove the suspect wrong, by ascending total, once there are enough; each trade is to be given once. */
  hear(tick: Tick): readonly Tick[] | undefined {
    const { volumeBefore, volumeAfter } = this.gap;
    const isWithin = tick.cumulativeVolume > volumeBefore && tick.cumulativeVolume <= volumeAfter;
    if (!isWithin || tick.isBackfill || tick.eventTimeMs <= this.suspect.eventTimeMs) return undefined;
    this.#witnesses.push(tick);
    if (this.#witnesses.length < WITNESSES) return undefined;
    return this.#witnesses.sort((a, b) => a.cumulativeVolume - b.cumulativeVolume);
  }
}
