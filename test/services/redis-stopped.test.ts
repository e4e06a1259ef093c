import { Redis } from "ioredis";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SharedState } from "../../src/shared-state/open-shared-state.js";
import { openSharedState } from "../../src/shared-state/open-shared-state.js";
import { messageOf } from "../shared-state/market-messages.js";
import { OwnRedisServer, redisServerUnavailable } from "../support/redis-server.js";

const unavailable = await redisServerUnavailable();
const LIMIT = { capacity: 2, refillPerSecond: 0.001 };

/*
 * Promised while Redis is stopped: caches answer undefined, limits go on per process, the bus says so, nothing throws
 * or waits longer than a command's time, one line is logged per connection; all is as before when Redis is back.
 */
describe.skipIf(unavailable)(`Redis stopped${unavailable ? ` (${unavailable})` : ""}`, () => {
  let redis: OwnRedisServer;
  let lines: string[];
  let ingester: SharedState;
  let server: SharedState;
  let seen: number[];
  let sequence: number;
  const until = (condition: () => void | Promise<void>) => vi.waitFor(condition, { timeout: 30_000, interval: 20 });
  const publish = () => ingester.bus.publish(messageOf(++sequence));

  beforeEach(async () => {
    redis = await OwnRedisServer.start();
    lines = [];
    seen = [];
    sequence = 0;
    const logger = pino({ level: "info" }, { write: (line: string) => lines.push(line) });
    const prefix = `${performance.now()}:`;
    ingester = await openSharedState(redis.url, { logger: pino({ level: "silent" }), prefix });
    server = await openSharedState(redis.url, { logger, prefix });
    server.bus.subscribe((message) => seen.push(message.sequence));
    await until(() => expect(server.bus.health.isUp).toBe(true));
    await publish();
    await until(() => expect(seen).toEqual([1]));
  });
  afterEach(async () => {
    await ingester.close();
    await server.close();
    await redis.kill();
  });

  async function expectWorkWithoutRedis(): Promise<void> {
    await until(() => expect(server.bus.health).toMatchObject({ isUp: false, reason: /out of reach/ }));
    const { snapshots, rateLimiter } = server;
    await snapshots.write("overview", { madeAtMs: 1, body: "{}" });
    expect(await snapshots.read("overview")).toBeUndefined();
    const key = `client ${sequence}`;
    const allowed = [];
    for (let take = 0; take < 3; take++) allowed.push((await rateLimiter.take(key, LIMIT)).isAllowed);
    expect(allowed).toEqual([true, true, false]);
    await Promise.all(Array.from({ length: 1_000 }, publish));
  }

  async function expectAllAsBefore(): Promise<void> {
    await until(() => expect([server.bus.health.isUp, ingester.bus.health.isUp]).toEqual([true, true]));
    await until(async () => {
      await server.snapshots.write("overview", { madeAtMs: 2, body: "{}" });
      expect(await ingester.snapshots.read("overview")).toEqual({ madeAtMs: 2, body: "{}" });
    });
    await until(async () => {
      await publish();
      expect(seen.at(-1)).toBe(sequence);
    });
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  }

  it("killed and started again, empty: listeners see a hole and go on", async () => {
    for (let outage = 1; outage <= 2; outage++) {
      await redis.kill();
      await expectWorkWithoutRedis();
      await redis.start();
      await expectAllAsBefore();
      expect(seen.length).toBeLessThan(sequence);
    }
    for (const connection of ["bus", "bus-reader", "cache"]) {
      const said = lines.map((line) => JSON.parse(line)).filter((line) => line.connection === connection);
      const outages = said.filter(({ msg }) => msg.includes("out of reach"));
      expect(outages.length).toBeGreaterThanOrEqual(2);
      said.forEach(({ msg }, at) => {
        expect(msg).toMatch(at % 2 === 0 ? /out of reach/ : /is back/);
      });
    }
  });

  it("hanging, with its connections open, and going on", async () => {
    await redis.hang();
    try {
      await server.snapshots.read("overview");
      await server.rateLimiter.take("anna", LIMIT);
      await expectWorkWithoutRedis();
      for (let read = 0; read < 1_000; read++) await server.snapshots.read("overview"); // 1,000 s, if each waited
    } finally {
      redis.goOn();
    }
    await expectAllAsBefore();
  });

  it("out of reach of one listener, which catches up without a hole", async () => {
    for (let round = 0; round < 5; round++) {
      await killConnections(redis.url, "quantflow-bus-reader");
      for (let message = 0; message < 50; message++) await publish();
    }
    await until(() => expect(seen.at(-1)).toBe(sequence));
    expect(seen).toEqual(Array.from({ length: sequence }, (_, at) => at + 1));
  });

  it("absent at the start: everything opens, and joins when it comes", async () => {
    await redis.kill();
    const late = await openSharedState(redis.url, { logger: pino({ level: "silent" }) });
    try {
      expect(late.bus.health.isUp).toBe(false);
      expect(await late.snapshots.read("overview")).toBeUndefined();
      await redis.start();
      await until(() => expect(late.bus.health.isUp).toBe(true));
      await until(async () => {
        await late.snapshots.write("overview", { madeAtMs: 3, body: "{}" });
        expect(await late.snapshots.read("overview")).toEqual({ madeAtMs: 3, body: "{}" });
      });
    } finally {
      await late.close();
    }
  });
});

async function killConnections(url: string, name: string): Promise<void> {
  const redis = new Redis(url);
  const clients = (await redis.client("LIST")) as string;
  for (const line of clients.split("\n")) {
    const id = /^id=(\d+) .*\bname=(\S+)/.exec(line);
    if (id?.[2] === name) await redis.client("KILL", "ID", id[1]!);
  }
  redis.disconnect();
}
