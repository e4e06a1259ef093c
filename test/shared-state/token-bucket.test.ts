import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { msUntilFull, type TokenBucket, takeTokens } from "../../src/shared-state/token-bucket.js";

describe("takeTokens(bucket, limit, tokens, nowMs)", () => {
  const limit = { capacity: 200, refillPerSecond: 50 };

  it("refills 50 a second: 20 ms for one token", () => {
    const empty: TokenBucket = { tokens: 0, atMs: 0 };
    expect(takeTokens(empty, limit, 1, 0).decision).toEqual({ isAllowed: false, remaining: 0, retryAfterMs: 20 });
    expect(takeTokens(empty, limit, 1, 19).decision).toEqual({ isAllowed: false, remaining: 0, retryAfterMs: 1 });
    expect(takeTokens(empty, limit, 1, 20).decision).toEqual({ isAllowed: true, remaining: 0, retryAfterMs: 0 });
    expect(takeTokens(empty, limit, 1, 4_000).decision.remaining).toBe(199);
  });

  it("takes a clock that went back for no time at all, and refills from there on", () => {
    const { bucket } = takeTokens({ tokens: 0, atMs: 1_000_000 }, limit, 1, 500);
    expect(bucket).toEqual({ tokens: 0, atMs: 500 });
    expect(takeTokens(bucket, limit, 1, 520).decision.isAllowed).toBe(true);
  });

  it("lets no more through in any stretch than the capacity and what is refilled in it", () => {
    const steps = fc.array(fc.record({ waitMs: fc.nat(200), tokens: fc.integer({ min: 1, max: 5 }) }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 100 }),
        (asked, capacity, refill) => {
          let bucket: TokenBucket | undefined;
          let nowMs = 0;
          let allowed = 0;
          for (const { waitMs, tokens } of asked) {
            nowMs += waitMs;
            const taken = takeTokens(bucket, { capacity, refillPerSecond: refill }, tokens, nowMs);
            bucket = taken.bucket;
            if (taken.decision.isAllowed) allowed += tokens;
            expect(taken.decision.remaining).toBeGreaterThanOrEqual(0);
          }
          expect(allowed).toBeLessThanOrEqual(capacity + (nowMs / 1_000) * refill + 1e-9);
        },
      ),
    );
  });

  it("allows what it refused once the time it named has passed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0.01, max: 1_000, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (capacity, refillPerSecond, share) => {
          const bucket = { tokens: share, atMs: 0 };
          const limit = { capacity, refillPerSecond };
          const { retryAfterMs } = takeTokens(bucket, limit, 1, 0).decision;
          expect(takeTokens(bucket, limit, 1, retryAfterMs + 0.001).decision.isAllowed).toBe(true);
          if (retryAfterMs > 1) expect(takeTokens(bucket, limit, 1, retryAfterMs - 1).decision.isAllowed).toBe(false);
        },
      ),
    );
  });
});

describe("msUntilFull(limit)", () => {
  it("is the capacity over the refill: 200 tokens at 50 a second, 4 s", () => {
    expect(msUntilFull({ capacity: 200, refillPerSecond: 50 })).toBe(4_000);
  });
});
