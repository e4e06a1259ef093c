const KEPT = 8;

interface ClockReading {
  readonly sentAtMs: number;
  readonly serverMs: number;
  readonly heardAtMs: number;
}

/**
 * How far the server's clock is ahead of the page's, by the way of Cristian (1989): the server's answer belongs to the
 * middle of its round trip, with an error of at most half of it. The shortest of the last eight trips counts.
 */
export class ClockOffset {
  readonly #readings: ClockReading[] = [];

  note(reading: ClockReading): void {
    this.#readings.push(reading);
    if (this.#readings.length > KEPT) this.#readings.shift();
  }

  /** `undefined` before the first reading. */
  get estimate(): { readonly offsetMs: number; readonly errorMs: number } | undefined {
    const best = this.#readings.toSorted((a, b) => tripMs(a) - tripMs(b))[0];
    if (!best) return undefined;
    return { offsetMs: best.serverMs - (best.sentAtMs + best.heardAtMs) / 2, errorMs: tripMs(best) / 2 };
  }
}

function tripMs({ sentAtMs, heardAtMs }: ClockReading): number {
  return heardAtMs - sentAtMs;
}
