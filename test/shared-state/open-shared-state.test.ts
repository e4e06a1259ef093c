import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { openSharedState } from "../../src/shared-state/open-shared-state.js";
import { messageOf } from "./market-messages.js";

describe("openSharedState(redisUrl, options)", () => {
  it("shares within this process when no Redis is named", async () => {
    const { bus, snapshots, rateLimiter, close } = await openSharedState(undefined, {
      logger: pino({ level: "silent" }),
    });
    const seen: number[] = [];
    bus.subscribe(({ sequence }) => seen.push(sequence));
    await bus.publish(messageOf(1));
    await snapshots.write("overview", { madeAtMs: 1, body: "{}" });
    expect(seen).toEqual([1]);
    expect(await snapshots.read("overview")).toEqual({ madeAtMs: 1, body: "{}" });
    expect((await rateLimiter.take("anna", { capacity: 1, refillPerSecond: 1 })).isAllowed).toBe(true);
    await close();
    expect(bus.health).toEqual({ isUp: false, reason: "closed" });
  });
});
