import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RateLimiter } from "../../src/shared-state/rate-limiter.js";

export interface LimiterUnderTest {
  /** Two that count together. */
  readonly limiters: readonly [RateLimiter, RateLimiter];
  dispose(): Promise<void>;
}

/** What every rate limiter keeps, on whichever clock it runs. */
export function rateLimiterSuite(name: string, open: () => Promise<LimiterUnderTest>): void {
  describe(name, () => {
    let opened: LimiterUnderTest;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.dispose());
    /** One token in 1,000 s: nothing comes back within a test. */
    const burst = (capacity: number) => ({ capacity, refillPerSecond: 0.001 });

    it("lets the capacity through at once, then refuses and says until when", async () => {
      const [limiter] = opened.limiters;
      for (const remaining of [2, 1, 0]) {
        expect(await limiter.take("anna", burst(3))).toEqual({ isAllowed: true, remaining, retryAfterMs: 0 });
      }
      const refused = await limiter.take("anna", burst(3));
      expect(refused).toMatchObject({ isAllowed: false, remaining: 0 });
      expect(refused.retryAfterMs).toBeGreaterThan(900_000);
      expect(refused.retryAfterMs).toBeLessThanOrEqual(1_000_000);
    });

    it("counts each key for itself", async () => {
      const [limiter] = opened.limiters;
      await limiter.take("anna", burst(1));
      expect((await limiter.take("anna", burst(1))).isAllowed).toBe(false);
      expect((await limiter.take("bình", burst(1))).isAllowed).toBe(true);
    });

    it("takes several tokens or none", async () => {
      const [limiter] = opened.limiters;
      expect(await limiter.take("anna", burst(10), 7)).toMatchObject({ isAllowed: true, remaining: 3 });
      expect(await limiter.take("anna", burst(10), 4)).toMatchObject({ isAllowed: false, remaining: 3 });
      expect(await limiter.take("anna", burst(10), 3)).toMatchObject({ isAllowed: true, remaining: 0 });
    });

    it("never has more than the capacity, and refuses for ever what is more", async () => {
      const [limiter] = opened.limiters;
      const quick = { capacity: 2, refillPerSecond: 1_000 };
      await limiter.take("anna", quick);
      await setTimeout(20);
      expect(await limiter.take("anna", quick, 3)).toMatchObject({ isAllowed: false, remaining: 2 });
    });

    it("refills: after retryAfterMs a token is there", async () => {
      const [limiter] = opened.limiters;
      const limit = { capacity: 2, refillPerSecond: 5 };
      await limiter.take("anna", limit, 2);
      const refused = await limiter.take("anna", limit);
      expect(refused.isAllowed).toBe(false);
      expect(refused.retryAfterMs).toBeLessThanOrEqual(200);
      await setTimeout(refused.retryAfterMs + 5);
      expect((await limiter.take("anna", limit)).isAllowed).toBe(true);
    });

    it("lets exactly the capacity through when many ask at once, from two sides", async () => {
      const asked = Array.from({ length: 200 }, (_, at) => opened.limiters[at % 2]!.take("anna", burst(50)));
      const decisions = await Promise.all(asked);
      expect(decisions.filter(({ isAllowed }) => isAllowed)).toHaveLength(50);
    });
  });
}
