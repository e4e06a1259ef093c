import { setTimeout } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type MarketRows, MarketRowsSource } from "../../../src/server/live/market-rows.js";
import { SnapshotService } from "../../../src/server/live/snapshot-service.js";
import { StoreReach } from "../../../src/server/live/store-reach.js";
import { MemoryRateLimiter } from "../../../src/shared-state/memory-rate-limiter.js";
import { MemorySnapshotCache } from "../../../src/shared-state/memory-snapshot-cache.js";
import type { SnapshotCache } from "../../../src/shared-state/snapshot-cache.js";
import { openFeedDay, settleFeedDay } from "../../../src/store/queries/feed-days.js";
import { refreshDirtyRollups } from "../../../src/store/rollups.js";
import { candlesOf } from "../../store/candle-series.js";
import {
  liveMarket,
  type MarketApi,
  type MarketStore,
  NOW_MS,
  openMarketStore,
  serveMarket,
  storeCandles,
  watchedCopies,
} from "./market-store.js";

describe("SnapshotService", () => {
  const rows: MarketRows = { origin: "store", asOf: "2026-03-06", rows: [], indexes: [] };
  let nowMs = 0;
  let made: number;
  const serviceOver = (snapshots: SnapshotCache) =>
    new SnapshotService({
      snapshots,
      nowMs: () => nowMs,
      rows: {
        read: async () => {
          made++;
          await setTimeout(20);
          return rows;
        },
      },
    });
  beforeEach(() => {
    nowMs = 1_000_000;
    made = 0;
  });

  it("makes a snapshot once, however many ask at a time", async () => {
    const service = serviceOver(new MemorySnapshotCache());
    const asked = Array.from({ length: 100 }, () => service.read("overview", "market", true));
    const snapshots = await Promise.all(asked);
    expect(made).toBe(1);
    expect(new Set(snapshots).size).toBe(1);
    await Promise.all([service.read("heatmap", "market", true), service.read("overview", "simulated", false)]);
    expect(made).toBe(3);
  });

  it("serves what was made for 60 s, then makes it anew", async () => {
    const service = serviceOver(new MemorySnapshotCache({ nowMs: () => nowMs }));
    const first = await service.read("overview", "market", true);
    nowMs += 59_999;
    expect(await service.read("overview", "market", true)).toBe(first);
    nowMs += 1;
    expect((await service.read("overview", "market", true)).madeAtMs).toBe(nowMs);
    expect(made).toBe(2);
  });

  it("takes what another process made, under the plain key of its type", async () => {
    const shared = new MemorySnapshotCache();
    const written = await serviceOver(shared).read("overview", "market", true);
    expect(await shared.read("overview")).toEqual(written);
    expect(await serviceOver(shared).read("overview", "market", true)).toEqual(written);
    expect(made).toBe(1);
  });

  it("takes nothing of another dataset, of the future, or too old", async () => {
    const shared = new MemorySnapshotCache({ nowMs: () => 0 });
    await serviceOver(shared).read("overview", "simulated", true);
    await serviceOver(shared).read("overview", "market", true);
    expect(made).toBe(2);
    nowMs += 60_000;
    await serviceOver(shared).read("overview", "market", true);
    nowMs -= 3_600_000;
    await serviceOver(shared).read("overview", "market", true);
    expect(made).toBe(4);
  });

  it("keeps its own while the cache is out of reach", async () => {
    const service = serviceOver({ read: async () => undefined, write: async () => {}, close: async () => {} });
    for (let asked = 0; asked < 5; asked++) await service.read("overview", "market", true);
    expect(made).toBe(1);
  });

  it("serves the last one with its true age when no new one can be made, whichever process made it", async () => {
    const shared = new MemorySnapshotCache({ nowMs: () => nowMs });
    const first = await serviceOver(shared).read("overview", "market", true);
    const failing = new SnapshotService({
      snapshots: shared,
      nowMs: () => nowMs,
      rows: { read: () => Promise.reject(new Error("the database went away")) },
    });
    expect(await failing.read("overview", "market", true)).toEqual(first);
    nowMs += 3_600_000;
    expect(await shared.read("overview")).toBeUndefined();
    expect(await failing.read("overview", "market", true)).toEqual(first);
    expect(await failing.read("overview", "market", false)).toEqual(first);
    await expect(failing.read("overview", "simulated", false)).rejects.toThrow("the database went away");
    await expect(failing.read("heatmap", "market", true)).rejects.toThrow("the database went away");
  });

  it("can fail, and be asked again", async () => {
    const failing = new SnapshotService({
      snapshots: new MemorySnapshotCache(),
      nowMs: () => nowMs,
      rows: {
        read: async () => {
          made++;
          if (made === 1) throw new Error("the database went away");
          return rows;
        },
      },
    });
    await expect(failing.read("overview", "market", true)).rejects.toThrow("the database went away");
    expect((await failing.read("overview", "market", true)).madeAtMs).toBe(nowMs);
  });
});

describe("over HTTP", () => {
  let store: MarketStore;
  let api: MarketApi;
  let nowMs: number;
  beforeAll(async () => {
    store = await openMarketStore();
  }, 60_000);
  afterAll(() => store?.dispose());
  beforeEach(async () => {
    nowMs = NOW_MS;
    api = await serveMarket(store.database, { nowMs: () => nowMs });
  });
  afterEach(() => api?.close());
  const tagOf = async (path: string) => String((await api.get(path)).headers.etag);
  const revalidate = async (path: string, etag: string) => (await api.get(path, { "if-none-match": etag })).status;

  it("a snapshot says how old it is, keeps its tag while it is the same, and is made anew after 60 s", async () => {
    const path = "snapshot?type=overview";
    const tag = await tagOf(path);
    nowMs += 30_000;
    expect(await api.json(path)).toMatchObject({ ageSeconds: 30, madeAt: new Date(NOW_MS).toISOString() });
    expect(await revalidate(path, tag)).toBe(304);
    nowMs += 30_001;
    expect(await revalidate(path, tag)).toBe(200);
    expect(await api.json(path)).toMatchObject({ ageSeconds: 0, madeAt: new Date(nowMs).toISOString() });
  });

  it("what follows from settled data has a strong tag, which holds until the data changes", async () => {
    const paths = [
      "candles?symbol=HPG",
      "candles?symbol=HPG&format=csv",
      "candles?symbol=HPG&interval=1m&from=2026-03-06&to=2026-03-06",
      "ticks?symbol=HPG",
    ];
    for (const path of paths) {
      const answer = await api.get(path);
      const tag = String(answer.headers.etag);
      expect(tag, path).toMatch(/^"/);
      expect(answer.headers["cache-control"]).toBe("private, no-cache");
      const again = await api.get(path, { "if-none-match": tag });
      expect([again.status, again.body.length], path).toEqual([304, 0]);
    }
    const tags = await Promise.all(paths.map(tagOf));
    expect(new Set(tags).size).toBe(paths.length);
    await storeCandles(store.database, candlesOf([["HPG", "2026-03-09", 1, 1, 1, 1, 1]]), 86_400);
    for (const [at, path] of paths.entries()) expect(await revalidate(path, tags[at]!), path).toBe(200);
  });

  it("data that a feed adds to is tagged by its body, from the feed's first day on, until it is settled", async () => {
    const day = { feed: "dnse", dataset: "market", tradingDate: "2026-03-06" as never } as const;
    const path = "candles?symbol=HPG&from=2026-03-06&to=2026-03-06";
    const before = "candles?symbol=HPG&to=2026-03-05";
    const [tag, tagBefore] = [await tagOf(path), await tagOf(before)];
    const batchId = await openFeedDay(store.database, day);
    expect(await revalidate(path, tag)).toBe(200);
    const open = await tagOf(path);
    expect(open).toMatch(/^W\//);
    expect(await revalidate(path, open)).toBe(304);
    expect(await revalidate(before, tagBefore)).toBe(304);
    await settleFeedDay(store.database, { ...day, batchId });
    await refreshDirtyRollups(store.database);
    expect(await tagOf(path)).toMatch(/^"/);
  });

  it("makes one snapshot for many requests at once, and reads the store's rows once for each version", async () => {
    let reads = 0;
    const counted = watchedCopies(store.database, (sql) => {
      if (sql.includes("market_candles_daily")) reads++;
    });
    const counting = await serveMarket(counted, { nowMs: () => nowMs });
    const answers = await Promise.all(Array.from({ length: 50 }, () => counting.json("snapshot?type=heatmap")));
    expect(answers).toHaveLength(50);
    const once = reads;
    nowMs += 60_000;
    expect(await counting.json("snapshot?type=heatmap")).toMatchObject({ ageSeconds: 0 });
    await counting.json("indexes");
    expect(reads).toBe(once);
    await counting.close();
    reads = 0;
    const source = new MarketRowsSource(counted, undefined, new StoreReach({ logger: pino({ level: "silent" }) }));
    await Promise.all([source.read("market"), source.read("market"), source.read("market")]);
    expect(reads).toBe(once);
  });

  it("a snapshot of a live feed keeps the board of the instant at which it was made", async () => {
    const market = liveMarket();
    const live = await serveMarket(store.database, { market, nowMs: () => nowMs });
    const priceOf = async () =>
      (await live.json<{ rows: { price: number }[] }>("snapshot?type=heatmap")).rows[0]!.price;
    expect(await priceOf()).toBe(27_000);
    const quote = market.board.quote("HPG" as never)!;
    market.board.apply({
      kind: "tick",
      symbol: quote.symbol,
      board: "G1",
      eventTimeMs: NOW_MS + 1_000,
      receivedAtMs: NOW_MS + 1_000,
      price: 27_050,
      quantity: 100,
      cumulativeVolume: 400,
      side: "B",
      session: "continuous",
      source: "dnse",
      isBackfill: false,
    });
    nowMs += 30_000;
    expect(await priceOf()).toBe(27_000);
    nowMs += 30_000;
    expect(await priceOf()).toBe(27_050);
    await live.close();
  });

  it("limits the pace of each client and says so in every answer", async () => {
    const limited = await serveMarket(store.database, {
      rateLimiter: new MemoryRateLimiter({ nowMs: () => nowMs }),
      rate: { capacity: 3, refillPerSecond: 0.5 },
    });
    const ask = () => limited.get("sessions");
    const first = await ask();
    expect(first.headers).toMatchObject({
      "ratelimit-limit": "3",
      "ratelimit-remaining": "2",
      "ratelimit-reset": "2",
      "ratelimit-policy": "3;w=6",
    });
    await ask();
    await ask();
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers).toMatchObject({ "ratelimit-remaining": "0", "retry-after": "2" });
    expect(JSON.parse(refused.body.toString()).error).toMatchObject({
      code: "RATE_LIMITED",
      message: "invalid pace: too many requests (accepted: 3 at once, then 0.5 a second; again in 2 s)",
    });
    nowMs += 2_000;
    expect((await ask()).status).toBe(200);
    await limited.close();
  });
});
