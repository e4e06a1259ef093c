import type { HubLimits } from "./hub-limits.js";

/** How often clients that are too slow are looked at. */
const SLOW_CHECK_MS = 100;

/**
 * When the hub flushes: soon after there is something to send, but not more often than its limits allow, and with a
 * rest after each flush that took long. Instants are of `performance.now()`.
 */
export class HubFlushSchedule {
  readonly #limits: HubLimits;
  readonly #flush: () => void;
  #timer: NodeJS.Timeout | undefined;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #flushedAtMs = Number.NEGATIVE_INFINITY;
  #quotesAtMs = Number.NEGATIVE_INFINITY;
  #restMs = 0;

  constructor(limits: HubLimits, flush: () => void) {
    this.#limits = limits;
    this.#flush = flush;
  }

  /** Flushes at once when the last flush was long enough ago, and otherwise as soon as that is so. */
  request({ isOnlyForQuotes }: { isOnlyForQuotes: boolean }): void {
    const nowMs = performance.now();
    const soonestAtMs = this.#flushedAtMs + Math.max(this.#limits.flushMs, this.#restMs);
    const dueAtMs = isOnlyForQuotes ? Math.max(soonestAtMs, this.#quotesDueAtMs) : soonestAtMs;
    if (dueAtMs <= nowMs) this.#flush();
    else this.#flushAt(dueAtMs, nowMs);
  }

  /** A flush begins. @returns its instant */
  begin(): number {
    this.stop();
    this.#dueAtMs = Number.POSITIVE_INFINITY;
    return performance.now();
  }

  areQuotesDue(nowMs: number): boolean {
    return nowMs >= this.#quotesDueAtMs;
  }

  quotesSent(atMs: number): void {
    this.#quotesAtMs = atMs;
  }

  /** The flush that began at `startedAtMs` is over; says what the next one is needed for. */
  end(startedAtMs: number, { forQuotes, forSlowClients }: { forQuotes: boolean; forSlowClients: boolean }): void {
    const nowMs = performance.now();
    this.#flushedAtMs = nowMs;
    this.#restMs = (nowMs - startedAtMs) * (1 / this.#limits.busyShare - 1);
    if (forQuotes) this.#flushAt(Math.max(this.#quotesDueAtMs, nowMs + this.#restMs), nowMs);
    if (forSlowClients) this.#flushAt(nowMs + SLOW_CHECK_MS, nowMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  get #quotesDueAtMs(): number {
    return this.#quotesAtMs + this.#limits.quotesMs;
  }

  #flushAt(dueAtMs: number, nowMs: number): void {
    if (this.#dueAtMs <= dueAtMs) return;
    clearTimeout(this.#timer);
    this.#dueAtMs = dueAtMs;
    this.#timer = setTimeout(this.#flush, dueAtMs - nowMs);
  }
}
