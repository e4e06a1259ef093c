import type { RateDecision, RateLimit } from "./rate-limiter.js";

/** A bucket at an instant. */
export interface TokenBucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Sums of fractions miss whole tokens by less than this. */
const TOLERANCE = 1e-9;

/**
 * Takes `tokens` from a bucket that has refilled since it was last looked at; one never seen is full. A refusal takes
 * nothing. A clock that went back refills nothing and goes on from where it is. More tokens than the capacity are
 * never there: the time until the bucket is full is given.
 */
export function takeTokens(
  bucket: TokenBucket | undefined,
  { capacity, refillPerSecond }: RateLimit,
  tokens: number,
  nowMs: number,
): { readonly bucket: TokenBucket; readonly decision: RateDecision } {
  const elapsedMs = bucket === undefined ? 0 : Math.max(0, nowMs - bucket.atMs);
  const there =
    bucket === undefined ? capacity : Math.min(capacity, bucket.tokens + (elapsedMs / 1_000) * refillPerSecond);
  const isAllowed = there >= tokens - TOLERANCE;
  const left = isAllowed ? Math.max(0, there - tokens) : there;
  const missing = Math.min(tokens, capacity) - there - TOLERANCE;
  return {
    bucket: { tokens: left, atMs: nowMs },
    decision: {
      isAllowed,
      remaining: Math.floor(left + TOLERANCE),
      retryAfterMs: isAllowed ? 0 : Math.max(1, Math.ceil((missing / refillPerSecond) * 1_000)),
    },
  };
}

/** How long a bucket left alone takes to be as if it had never been used, ms. */
export function msUntilFull({ capacity, refillPerSecond }: RateLimit): number {
  return Math.ceil((capacity / refillPerSecond) * 1_000);
}
