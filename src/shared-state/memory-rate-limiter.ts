import type { RateDecision, RateLimit, RateLimiter } from "./rate-limiter.js";
import { msUntilFull, type TokenBucket, takeTokens } from "./token-bucket.js";

export interface MemoryRateLimiterOptions {
  /** A clock that never goes back, in ms. */
  readonly nowMs?: () => number;
  /** Buckets kept at most; those used least lately are forgotten first. */
  readonly maxKeys?: number;
}

/** Counts for one process. Buckets that have filled up again are forgotten, so that memory follows the clients at work. */
export class MemoryRateLimiter implements RateLimiter {
  /** In the order of their last use. */
  readonly #buckets = new Map<string, TokenBucket & { readonly fullAtMs: number }>();
  readonly #nowMs: () => number;
  readonly #maxKeys: number;

  constructor({ nowMs = () => performance.now(), maxKeys = 100_000 }: MemoryRateLimiterOptions = {}) {
    this.#nowMs = nowMs;
    this.#maxKeys = maxKeys;
  }

  /** Buckets held at the moment. */
  get size(): number {
    return this.#buckets.size;
  }

  async take(key: string, limit: RateLimit, tokens = 1): Promise<RateDecision> {
    const nowMs = this.#nowMs();
    const { bucket, decision } = takeTokens(this.#buckets.get(key), limit, tokens, nowMs);
    this.#buckets.delete(key);
    this.#buckets.set(key, { ...bucket, fullAtMs: nowMs + msUntilFull(limit) });
    this.#forget(nowMs);
    return decision;
  }

  async close(): Promise<void> {
    this.#buckets.clear();
  }

  /** Two at most with every take that adds one at most: what is over goes away without a pause. */
  #forget(nowMs: number): void {
    let looked = 0;
    for (const [key, { fullAtMs }] of this.#buckets) {
      if (looked++ === 2 || (this.#buckets.size <= this.#maxKeys && nowMs < fullAtMs)) return;
      this.#buckets.delete(key);
    }
  }
}
