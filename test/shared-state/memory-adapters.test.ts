import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { MarketMessage } from "../../src/shared-state/market-bus.js";
import { MemoryMarketBus } from "../../src/shared-state/memory-market-bus.js";
import { MemoryRateLimiter } from "../../src/shared-state/memory-rate-limiter.js";
import { MemorySnapshotCache } from "../../src/shared-state/memory-snapshot-cache.js";
import { SNAPSHOT_TTL_MS } from "../../src/shared-state/snapshot-cache.js";
import { marketBusSuite } from "../port-suites/market-bus-suite.js";
import { rateLimiterSuite } from "../port-suites/rate-limiter-suite.js";
import { snapshotCacheSuite } from "../port-suites/snapshot-cache-suite.js";
import { messageOf } from "./market-messages.js";

const logger = pino({ level: "silent" });

marketBusSuite("MemoryMarketBus", async () => {
  const bus = new MemoryMarketBus({ logger });
  return { ingester: bus, server: bus, settle: async () => {}, dispose: () => bus.close() };
});

snapshotCacheSuite("MemorySnapshotCache", async (ttlMs) => {
  const cache = new MemorySnapshotCache({ ttlMs });
  return { cache, dispose: () => cache.close() };
});

rateLimiterSuite("MemoryRateLimiter", async () => {
  const limiter = new MemoryRateLimiter();
  return { limiters: [limiter, limiter], dispose: () => limiter.close() };
});

describe("MemoryMarketBus", () => {
  it("hands listeners the message itself, before publish returns", () => {
    const bus = new MemoryMarketBus({ logger });
    const seen: MarketMessage[] = [];
    bus.subscribe((message) => seen.push(message));
    const message = messageOf(1);
    void bus.publish(message);
    expect(seen[0]).toBe(message);
  });

  it("brings a late listener the last message before one that is published in the same breath", async () => {
    const bus = new MemoryMarketBus({ logger });
    await bus.publish(messageOf(1));
    const seen: number[] = [];
    bus.subscribe(({ sequence }) => seen.push(sequence));
    await bus.publish(messageOf(2));
    expect(seen).toEqual([1, 2]);
  });

  it("logs the failure of a listener", async () => {
    const lines: string[] = [];
    const bus = new MemoryMarketBus({
      logger: pino({ level: "error" }, { write: (line: string) => lines.push(line) }),
    });
    bus.subscribe(() => {
      throw new Error("a listener's own fault");
    });
    await bus.publish(messageOf(1));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: "a listener of the market bus failed", err: { message: "a listener's own fault" } },
    ]);
  });
});

describe("MemorySnapshotCache", () => {
  it("keeps a snapshot for 60 s", async () => {
    let nowMs = 0;
    const cache = new MemorySnapshotCache({ nowMs: () => nowMs });
    await cache.write("overview", { madeAtMs: 1, body: "{}" });
    nowMs = SNAPSHOT_TTL_MS - 1;
    expect(await cache.read("overview")).toBeDefined();
    nowMs = SNAPSHOT_TTL_MS;
    expect(await cache.read("overview")).toBeUndefined();
    expect(SNAPSHOT_TTL_MS).toBe(60_000);
  });
});

describe("MemoryRateLimiter", () => {
  const limit = { capacity: 10, refillPerSecond: 1 };

  it("forgets buckets that are full again", async () => {
    let nowMs = 0;
    const limiter = new MemoryRateLimiter({ nowMs: () => nowMs });
    for (let client = 0; client < 1_000; client++) await limiter.take(`client ${client}`, limit);
    expect(limiter.size).toBe(1_000);
    nowMs = 10_000;
    for (let take = 0; take < 1_000; take++) await limiter.take("one", limit);
    expect(limiter.size).toBe(1);
  });

  it("holds a bounded number of buckets, whatever comes", async () => {
    const limiter = new MemoryRateLimiter({ nowMs: () => 0, maxKeys: 100 });
    for (let client = 0; client < 10_000; client++) await limiter.take(`client ${client}`, limit);
    expect(limiter.size).toBe(100);
  });
});
