import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeMarketMessage } from "../../src/shared-state/market-message-codec.js";
import { openSharedState } from "../../src/shared-state/open-shared-state.js";
import { RedisConnection } from "../../src/shared-state/redis-connection.js";
import { RedisMarketBus } from "../../src/shared-state/redis-market-bus.js";
import { RedisRateLimiter } from "../../src/shared-state/redis-rate-limiter.js";
import { RedisSnapshotCache } from "../../src/shared-state/redis-snapshot-cache.js";
import { marketBusSuite } from "../port-suites/market-bus-suite.js";
import { rateLimiterSuite } from "../port-suites/rate-limiter-suite.js";
import { snapshotCacheSuite } from "../port-suites/snapshot-cache-suite.js";
import { messageOf } from "../shared-state/market-messages.js";
import { openRedisKeys, type RedisKeys, redisUnavailable } from "../support/redis-server.js";

const unavailable = await redisUnavailable();
const logger = pino({ level: "silent" });

async function openConnection(keys: RedisKeys): Promise<RedisConnection> {
  const connection = new RedisConnection({ url: keys.url, logger, name: "test" });
  await connection.open();
  return connection;
}

function listening(bus: RedisMarketBus): Promise<void> {
  return vi.waitFor(() => expect(bus.isListening).toBe(true), { timeout: 10_000, interval: 5 });
}

describe.skipIf(unavailable)(`Redis adapters${unavailable ? ` (${unavailable})` : ""}`, () => {
  marketBusSuite("RedisMarketBus within one process", async () => {
    const keys = await openRedisKeys();
    const bus = new RedisMarketBus({ ...keys, logger });
    await bus.open();
    return {
      ingester: bus,
      server: bus,
      settle: () => listening(bus),
      dispose: async () => {
        await bus.close();
        await keys.dispose();
      },
    };
  });

  marketBusSuite("RedisMarketBus between processes", async () => {
    const keys = await openRedisKeys();
    const [ingester, server] = [new RedisMarketBus({ ...keys, logger }), new RedisMarketBus({ ...keys, logger })];
    await Promise.all([ingester.open(), server.open()]);
    return {
      ingester,
      server,
      settle: () => listening(server),
      dispose: async () => {
        await Promise.all([ingester.close(), server.close()]);
        await keys.dispose();
      },
    };
  });

  snapshotCacheSuite("RedisSnapshotCache", async (ttlMs) => {
    const keys = await openRedisKeys();
    const cache = new RedisSnapshotCache(await openConnection(keys), { ...keys, ttlMs });
    return {
      cache,
      dispose: async () => {
        await cache.close();
        await keys.dispose();
      },
    };
  });

  rateLimiterSuite("RedisRateLimiter in two processes", async () => {
    const keys = await openRedisKeys();
    const open = async () => new RedisRateLimiter(await openConnection(keys), keys);
    const limiters = [await open(), await open()] as const;
    return {
      limiters,
      dispose: async () => {
        await Promise.all(limiters.map((limiter) => limiter.close()));
        await keys.dispose();
      },
    };
  });

  describe("the keys", () => {
    let keys: RedisKeys;
    beforeEach(async () => {
      keys = await openRedisKeys();
    });
    afterEach(() => keys.dispose());

    it("are market:snapshot:{type} for 60 s and ratelimit:{user} until the bucket is full", async () => {
      const { snapshots, rateLimiter, close } = await openSharedState(keys.url, { logger, prefix: keys.prefix });
      await snapshots.write("overview", { madeAtMs: 1_000, body: "{}" });
      await rateLimiter.take("anna", { capacity: 200, refillPerSecond: 0.5 }, 50);
      const snapshotKey = `${keys.prefix}market:snapshot:overview`;
      const limitKey = `${keys.prefix}ratelimit:anna`;
      expect((await keys.redis.keys(`${keys.prefix}*`)).sort()).toEqual([snapshotKey, limitKey]);
      const [snapshotLeft, limitLeft] = [await keys.redis.pttl(snapshotKey), await keys.redis.pttl(limitKey)];
      expect(snapshotLeft).toBeGreaterThan(50_000);
      expect(snapshotLeft).toBeLessThanOrEqual(60_000);
      expect(limitLeft).toBeGreaterThan(90_000); // 50 tokens at 0.5 a second: 100 s
      expect(limitLeft).toBeLessThanOrEqual(100_001);
      await close();
    });

    it("hold a snapshot that another program wrote in another form for none", async () => {
      const cache = new RedisSnapshotCache(await openConnection(keys), keys);
      for (const value of ["", "{}", "soon\n{}", "\n{}"]) {
        await keys.redis.set(`${keys.prefix}market:snapshot:overview`, value);
        expect(await cache.read("overview"), value).toBeUndefined();
      }
      await cache.close();
    });
  });

  describe("the stream of the bus", () => {
    let keys: RedisKeys;
    let stream: string;
    beforeEach(async () => {
      keys = await openRedisKeys();
      stream = `${keys.prefix}market:events`;
    });
    afterEach(() => keys.dispose());

    it("is bounded", async () => {
      const bus = new RedisMarketBus({ ...keys, logger });
      await bus.open();
      for (let first = 1; first <= 6_000; first += 200) {
        await Promise.all(Array.from({ length: 200 }, (_, at) => bus.publish(messageOf(first + at, { events: [] }))));
      }
      const length = await keys.redis.xlen(stream);
      expect(length).toBeGreaterThanOrEqual(4_096);
      expect(length).toBeLessThan(4_096 + 256); // trimmed by whole nodes of some hundred entries
      const leftMs = await keys.redis.pttl(stream);
      expect(leftMs).toBeGreaterThan(23 * 3_600_000); // gone a day after its last message
      await bus.close();
    });

    it("shows a listener that what it reads next is not what it read last", async () => {
      const server = new RedisMarketBus({ ...keys, logger });
      const seen: number[] = [];
      server.subscribe(({ sequence }) => seen.push(sequence));
      await listening(server);
      const add = (sequence: number) =>
        keys.redis.xadd(stream, "*", "o", "other", "m", Buffer.from(encodeMarketMessage(messageOf(sequence))));
      await add(1);
      await vi.waitFor(() => expect(seen).toEqual([1]), { timeout: 10_000 });
      await add(5);
      await vi.waitFor(() => expect(seen).toEqual([1, 5]), { timeout: 10_000 });
      await server.close();
    });

    it("is read on past a message in a form that is not known, which is logged once", async () => {
      const lines: string[] = [];
      const server = new RedisMarketBus({
        ...keys,
        logger: pino({ level: "error" }, { write: (line: string) => lines.push(line) }),
      });
      const seen: number[] = [];
      server.subscribe(({ sequence }) => seen.push(sequence));
      await listening(server);
      for (const noise of ["?", "??"]) await keys.redis.xadd(stream, "*", "o", "other", "m", noise);
      await keys.redis.xadd(stream, "*", "x", "1");
      await keys.redis.xadd(stream, "*", "o", "other", "m", Buffer.from(encodeMarketMessage(messageOf(3))));
      await vi.waitFor(() => expect(seen).toEqual([3]), { timeout: 10_000 });
      expect(lines).toHaveLength(1);
      await server.close();
    });
  });
});
