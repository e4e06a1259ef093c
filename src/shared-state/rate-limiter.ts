/** A token bucket: `capacity` requests at once, then `refillPerSecond`. */
export interface RateLimit {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export interface RateDecision {
  readonly isAllowed: boolean;
  /** Whole tokens left. */
  readonly remaining: number;
  /** Until one token is there again; 0 when allowed. */
  readonly retryAfterMs: number;
}

/**
 * Token buckets under `ratelimit:{key}`, one decision at a time per key. Adapters: memory, Redis. When Redis is out of
 * reach each process counts for itself until it is back.
 */
export interface RateLimiter {
  take(key: string, limit: RateLimit, tokens?: number): Promise<RateDecision>;
  close(): Promise<void>;
}
