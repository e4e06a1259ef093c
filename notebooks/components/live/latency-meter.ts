/** Upper edges of the bins in milliseconds; one more bin holds what is slower. */
export const LATENCY_EDGES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] as const;

/** Counts delays by size. Delays below zero, which two clocks can make, count as zero. */
export class LatencyMeter {
  readonly #counts = new Float64Array(LATENCY_EDGES.length + 1);

  /** @param delayMs `NaN` is not counted */
  add(delayMs: number): void {
    if (Number.isNaN(delayMs)) return;
    const at = LATENCY_EDGES.findIndex((edge) => delayMs <= edge);
    const bin = at < 0 ? LATENCY_EDGES.length : at;
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
  }

  get counts(): Float64Array {
    return this.#counts.slice();
  }

  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /**
   * The upper edge of the bin in which the quantile falls, so never less than the true value; infinite in the last
   * bin, `NaN` without counts.
   */
  quantile(share: number): number {
    const total = this.total;
    if (total === 0) return Number.NaN;
    let passed = 0;
    for (let bin = 0; bin < LATENCY_EDGES.length; bin++) {
      passed += this.#counts[bin] ?? 0;
      if (passed >= share * total) return LATENCY_EDGES[bin] ?? Number.POSITIVE_INFINITY;
    }
    return Number.POSITIVE_INFINITY;
  }

  clear(): void {
    this.#counts.fill(0);
  }
}
