const SECONDS = 10;

/** Events per second over the last ten whole seconds. */
export class RateMeter {
  readonly #counts = new Map<number, number>();
  #firstSecond: number | undefined;

  add(events: number, nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    this.#firstSecond ??= second;
    this.#counts.set(second, (this.#counts.get(second) ?? 0) + events);
    for (const old of this.#counts.keys()) if (old < second - SECONDS) this.#counts.delete(old);
  }

  /** The running second does not count yet; `NaN` before one has passed. */
  perSecond(nowMs: number): number {
    const second = Math.floor(nowMs / 1_000);
    if (this.#firstSecond === undefined) return Number.NaN;
    const seconds = Math.min(SECONDS, second - this.#firstSecond);
    if (seconds <= 0) return Number.NaN;
    let sum = 0;
    for (const [at, count] of this.#counts) if (at < second && at >= second - seconds) sum += count;
    return sum / seconds;
  }
}
