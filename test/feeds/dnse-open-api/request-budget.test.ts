import { describe, expect, it } from "vitest";
import { RequestBudget } from "../../../src/feeds/dnse-open-api/request-budget.js";

const HOUR_MS = 3_600_000;

function budgetAt(startMs = 1_790_000_000_000) {
  const clock = { nowMs: startMs };
  return { clock, budget: new RequestBudget(() => clock.nowMs) };
}

function headers(values: Record<string, string>): Headers {
  return new Headers(values);
}

describe("RequestBudget", () => {
  it("allows a thousand requests an hour until the broker says otherwise", () => {
    const { clock, budget } = budgetAt();
    for (let index = 0; index < 1_000; index++) expect(budget.take()).toBe(0);
    expect(budget.take()).toBe(HOUR_MS);
    clock.nowMs += HOUR_MS;
    expect(budget.take()).toBe(0);
  });

  it("goes by the headers, less what is still under way", () => {
    const { clock, budget } = budgetAt();
    for (let index = 0; index < 3; index++) budget.take();
    const reset = String((clock.nowMs + 60_000) / 1_000);
    budget.settle(
      headers({ "X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "4", "X-RateLimit-Reset": reset }),
      200,
    );
    expect([budget.take(), budget.take()]).toEqual([0, 0]);
    expect(budget.take()).toBe(60_000);
    clock.nowMs += 60_000;
    for (let index = 0; index < 100; index++) expect(budget.take()).toBe(0);
    expect(budget.take()).toBeGreaterThan(0);
  });

  it("reckons the reset on the broker's clock, which may be another one", () => {
    const { clock, budget } = budgetAt();
    budget.take();
    const brokerMs = clock.nowMs + 2 * HOUR_MS;
    budget.settle(
      headers({
        Date: new Date(brokerMs).toUTCString(),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": String(brokerMs / 1_000 + 30),
      }),
      200,
    );
    expect(budget.take()).toBe(30_000);
  });

  it("is used up by a 429 that says for how long, in either header", () => {
    for (const given of [{ "Retry-After": "7" }, { "X-RateLimit-Reset": "7" }]) {
      const { budget } = budgetAt();
      budget.take();
      budget.settle(headers(given), 429);
      expect(budget.take()).toBe(7_000);
    }
  });

  it("is filled again for each period as long as the countdown to a reset, though later replies tell nothing", () => {
    const { clock, budget } = budgetAt();
    budget.take();
    const reset = String(clock.nowMs / 1_000 + 8);
    budget.settle(
      headers({ "X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset }),
      429,
    );
    expect(budget.take()).toBe(8_000);
    for (let period = 0; period < 5; period++) {
      clock.nowMs += 8_000;
      for (let index = 0; index < 10; index++) {
        expect(budget.take()).toBe(0);
        budget.settle(new Headers(), 200);
      }
      expect(budget.take()).toBe(8_000);
    }
  });

  it("takes the longest countdown to one reset for the period, and a second for one that is over", () => {
    const { clock, budget } = budgetAt();
    const limits = (resetS: number) =>
      headers({ "X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": String(resetS) });
    const resetS = clock.nowMs / 1_000 + 60;
    budget.take();
    budget.settle(limits(resetS), 200);
    clock.nowMs += 55_000;
    budget.settle(limits(resetS), 429);
    expect(budget.take()).toBe(5_000);
    clock.nowMs += 5_000;
    expect(budget.take()).toBe(0);
    expect(budget.take()).toBe(60_000);
    const other = budgetAt();
    other.budget.take();
    other.budget.settle(limits(other.clock.nowMs / 1_000 - 1), 429);
    expect(other.budget.take()).toBe(0);
    expect(other.budget.take()).toBe(1_000);
  });

  it("is not changed by replies without headers, or by none", () => {
    const { budget } = budgetAt();
    budget.take();
    budget.settle(headers({ "X-RateLimit-Remaining": "many" }), 429);
    budget.take();
    budget.settle(undefined, 0);
    expect(budget.take()).toBe(0);
  });
});
