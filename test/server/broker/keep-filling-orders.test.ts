import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepFillingOrders } from "../../../src/server/broker/keep-filling-orders.js";

describe("keepFillingOrders(broker, logger)", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("looks again after a look that failed, one look at a time, until it is stopped", async () => {
    const ends: PromiseWithResolvers<number>[] = [];
    const warnings: unknown[] = [];
    const fillReached = () => {
      const end = Promise.withResolvers<number>();
      ends.push(end);
      return end.promise;
    };
    const filling = keepFillingOrders({ fillReached }, { warn: (facts: unknown) => warnings.push(facts) });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ends).toHaveLength(1);
    ends[0]!.reject(new Error("the database is away"));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(ends).toHaveLength(2);
    expect(warnings).toEqual([{ err: new Error("the database is away") }]);
    const stopped = filling.stop();
    ends[1]!.resolve(1);
    await stopped;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ends).toHaveLength(2);
  });
});
