import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { wrongCandles } from "../../bench/support/stored-day.js";
import { TcpProxy } from "../../bench/support/tcp-proxy.js";
import type { Tick } from "../../src/engine/live-market/market-event.js";
import { factsCalendar } from "../../src/engine/live-market/session-schedule.js";
import { tradingDate } from "../../src/engine/units/trading-date.js";
import type { TradeHistory } from "../../src/feeds/market-feed.js";
import { createIngester, type IngesterDependencies } from "../../src/ingestion/ingester.js";
import { CLOCK_PROBLEM } from "../../src/ingestion/validate-event.js";
import type { MarketMessage } from "../../src/shared-state/market-bus.js";
import { MemoryMarketBus } from "../../src/shared-state/memory-market-bus.js";
import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/migrate.js";
import { auditFeedDay } from "../../src/store/queries/feed-audit.js";
import { listFeedGaps } from "../../src/store/queries/feed-gaps.js";
import { listIncidents } from "../../src/store/queries/feed-incidents.js";
import { listFeedStates } from "../../src/store/queries/feed-records.js";
import { createTemporarySchema, postgresUnavailable } from "../support/postgres-schema.js";
import { type ScriptedFeed, SESSION_MS, scriptedFeed, tick, trades, until } from "../support/scripted-feed.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const DAY = tradingDate("2026-11-20");
const logger = pino({ level: process.env.QUANTFLOW_LOG_LEVEL ?? "silent" });

interface Setting {
  readonly feed: ScriptedFeed;
  readonly ingester: ReturnType<typeof createIngester>;
  /** Connected to the server directly, whatever happens to the ingester's connection. */
  readonly database: Database;
  readonly proxy: TcpProxy;
  /** Connected through the proxy, as the ingester is. */
  readonly behind: Database;
  readonly messages: readonly MarketMessage[];
  readonly clock: { nowMs: number };
}

async function start(
  dependencies: Partial<IngesterDependencies> & { history?: TradeHistory; startMs?: number } = {},
): Promise<Setting> {
  const { history, startMs = SESSION_MS, ...rest } = dependencies;
  const schema = await createTemporarySchema();
  const database = await openPostgresDatabase(schema.url);
  await migrate(database);
  const url = new URL(schema.url);
  const proxy = await TcpProxy.open({ host: url.hostname, port: Number(url.port || 5432) });
  url.hostname = "127.0.0.1";
  url.port = String(proxy.port);
  const behindProxy = await openPostgresDatabase(url.href);
  const clock = { nowMs: startMs };
  const feed = scriptedFeed({ nowMs: () => clock.nowMs, history });
  const bus = new MemoryMarketBus({ logger });
  const messages: MarketMessage[] = [];
  bus.subscribe((message) => messages.push(message));
  const ingester = createIngester({
    feed,
    database: behindProxy,
    bus,
    calendar: factsCalendar(),
    spoolFolder: temporaryFolder(),
    logger,
    ...rest,
  });
  onTestFinished(async () => {
    proxy.restore();
    await ingester.stop();
    await behindProxy.close();
    await proxy.close();
    await database.close();
    await schema.drop();
  });
  await ingester.start();
  return { feed, ingester, database, proxy, behind: behindProxy, messages, clock };
}

async function stored(database: Database): Promise<number> {
  const [row] = await database.query<{ count: number }>("SELECT count(*)::int AS count FROM market_ticks");
  return row!.count;
}

async function incidentsOf(database: Database): Promise<string[]> {
  return (await listIncidents(database, { limit: 20 })).map(
    ({ kind, closedAtMs }) => `${kind} ${closedAtMs === undefined ? "open" : "closed"}`,
  );
}

describe.skipIf(await postgresUnavailable())("ingestion", { timeout: 120_000 }, () => {
  it("goes on to spool and clients while the database is stopped under load, then stores every tick once, in order", async () => {
    const { feed, ingester, database, proxy, messages } = await start();
    const all = trades(20_000, { stepMs: 5 });
    await feed.push(all.slice(0, 5_000));
    await until(async () => (await stored(database)) > 0);
    const pushing = (async () => {
      for (let at = 5_000; at < 15_000; at += 100) await feed.push(all.slice(at, at + 100));
    })();
    proxy.cut();
    await pushing;
    await until(() => !ingester.status().database.isUp);
    expect(ingester.status().spool.pendingTicks).toBeGreaterThan(0);
    expect(messages.reduce((sum, { events }) => sum + events.length, 0)).toBeGreaterThanOrEqual(14_900);

    proxy.restore();
    await feed.push(all.slice(15_000));
    await until(async () => (await stored(database)) === all.length);
    await until(() => ingester.status().spool.pendingBytes === 0);
    await until(async () => (await incidentsOf(database)).includes("database-unreachable closed"));
    await until(async () => (await wrongCandles(database)) === 0);
    const rows = await auditFeedDay(database, { dataset: "market", tradingDate: DAY });
    expect(rows).toMatchObject([
      { received: 20_000, stored: 20_000, duplicates: 0, missingVolume: 0, verdict: "complete" },
    ]);
    messages.forEach(({ sequence }, i) => {
      expect(sequence).toBe(i + 1);
    });
  });

  it("stores a batch once when the connection breaks at any moment of its transaction", async () => {
    const { feed, ingester, database, proxy } = await start({ drainLimits: { batchTicks: 1, batchAgeMs: 0 } });
    const all = trades(6_000, { stepMs: 5 });
    for (let at = 0; at < all.length; at += 200) {
      await feed.push(all.slice(at, at + 200));
      await new Promise((resolve) => setTimeout(resolve, (at * 7) % 40));
      proxy.cut();
      proxy.restore();
    }
    await until(async () => (await stored(database)) === all.length);
    await until(() => ingester.status().spool.pendingBytes === 0);
    const rows = await auditFeedDay(database, { dataset: "market", tradingDate: DAY });
    expect(rows).toMatchObject([{ received: 6_000, stored: 6_000, duplicates: 0, verdict: "complete" }]);
  });

  it("says that nothing is stored while another session holds the table, and stores everything once when it is free", async () => {
    const { feed, ingester, database } = await start({ drainLimits: { behindAfterMs: 1_000 } });
    const all = trades(3_000, { stepMs: 5 });
    await feed.push(all.slice(0, 1_000));
    await until(async () => (await stored(database)) === 1_000);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const holding = database.transaction(async (session) => {
      await session.execute("LOCK TABLE market_ticks IN ACCESS EXCLUSIVE MODE");
      await released;
    });
    await until(async () => {
      const [row] = await database.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM pg_locks WHERE relation = 'market_ticks'::regclass AND mode = 'AccessExclusiveLock' AND granted",
      );
      return row!.count === 1;
    });
    await feed.push(all.slice(1_000));
    await until(() => !ingester.status().database.isUp);
    expect(ingester.status().database.reason).toMatch(/^nothing was stored for \d+ s; 2000 ticks wait in the spool$/);
    await until(async () => (await incidentsOf(database)).includes("storage-behind open"));
    release();
    await holding;
    await until(async () => (await stored(database)) === all.length);
    await until(() => ingester.status().database.isUp);
    await until(async () => (await incidentsOf(database)).includes("storage-behind closed"));
    const rows = await auditFeedDay(database, { dataset: "market", tradingDate: DAY });
    expect(rows).toMatchObject([{ received: 3_000, stored: 3_000, duplicates: 0, verdict: "complete" }]);
  });

  it("spools while the database swallows bytes, reports the incident, and drains by itself when it answers again", async () => {
    const { feed, ingester, database, proxy, messages } = await start({
      drainLimits: { behindAfterMs: 1_000, deadlineMs: 2_000 },
    });
    const all = trades(6_000, { stepMs: 5 });
    await feed.push(all.slice(0, 1_000));
    await until(async () => (await stored(database)) === 1_000);
    // Connections stay open and take everything; nothing comes back, of new ones either.
    proxy.hang();
    for (let at = 1_000; at < 5_000; at += 100) await feed.push(all.slice(at, at + 100));
    await until(() => !ingester.status().database.isUp);
    expect(ingester.status().spool.pendingTicks).toBe(4_000);
    expect(messages.reduce((sum, { events }) => sum + events.length, 0)).toBe(5_000);
    await until(() => /gave no answer|no database answers/.test(ingester.status().database.reason), {
      what: "the connection to be given up",
    });

    proxy.restore();
    await until(async () => (await stored(database)) === 5_000, { what: "the spool to drain" });
    await until(() => ingester.status().database.isUp);
    await feed.push(all.slice(5_000));
    await until(async () => (await stored(database)) === all.length);
    await until(async () => (await incidentsOf(database)).includes("storage-behind closed"));
    const rows = await auditFeedDay(database, { dataset: "market", tradingDate: DAY });
    expect(rows).toMatchObject([{ received: 6_000, stored: 6_000, duplicates: 0, verdict: "complete" }]);
  });

  it("stops within ten seconds although the database swallows bytes, and stores the rest at the next start", async () => {
    const spoolFolder = temporaryFolder();
    const { feed, ingester, database, proxy } = await start({ spoolFolder });
    const all = trades(3_000, { stepMs: 5 });
    await feed.push(all.slice(0, 1_000));
    await until(async () => (await stored(database)) === 1_000);
    proxy.hang();
    await feed.push(all.slice(1_000));
    await until(() => ingester.status().spool.pendingTicks === 2_000);
    const stopped = ingester.stop().then(() => "stopped");
    expect(await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 10_000))])).toBe("stopped");
    const again = createIngester({
      feed: scriptedFeed({ nowMs: () => SESSION_MS }),
      database,
      bus: new MemoryMarketBus({ logger }),
      calendar: factsCalendar(),
      spoolFolder,
      logger,
    });
    await again.start();
    await until(async () => (await stored(database)) === all.length);
    await again.stop();
  });

  it("closes a database within ten seconds although it swallows bytes", async () => {
    const { proxy, behind } = await start();
    await Promise.all(Array.from({ length: 5 }, () => behind.query("SELECT pg_sleep(0.1)")));
    proxy.hang();
    const lost = behind.query("SELECT 1").catch((error: Error) => error.message);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closed = behind.close().then(() => "closed");
    expect(await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 10_000))])).toBe("closed");
    expect(await lost).toContain("the database is being closed");
  });

  it("gives up a lock after its time and takes it later", async () => {
    const { feed, ingester, database } = await start({ drainLimits: { lockMs: 200, behindAfterMs: 60_000 } });
    const all = trades(200);
    await feed.push(all.slice(0, 100));
    await until(async () => (await stored(database)) === 100);
    await database.transaction(async (session) => {
      await session.execute("LOCK TABLE market_ticks IN ACCESS EXCLUSIVE MODE");
      await feed.push(all.slice(100));
      await until(() => !ingester.status().database.isUp);
      expect(ingester.status().database.reason).toContain("lock timeout");
    });
    await until(async () => (await stored(database)) === all.length);
    await until(() => ingester.status().database.isUp);
  });

  it("calls a feed that is mute in session stale, signs in anew, opens an incident, and closes it with the hole filled", async () => {
    const all = trades(300, { stepMs: 1_000 });
    const history: TradeHistory = {
      async *trades({ cumulativeVolumeBefore, toMs }) {
        yield all
          .filter(
            ({ cumulativeVolume, eventTimeMs }) => cumulativeVolume > cumulativeVolumeBefore && eventTimeMs <= toMs,
          )
          .map((each): Tick => ({ ...each, isBackfill: true }));
      },
      workingDates: async () => [],
    };
    const { feed, ingester, database, clock } = await start({ history });
    await feed.push([{ kind: "notice", notice: "connected", atMs: clock.nowMs, message: "" }, ...all.slice(0, 100)]);
    clock.nowMs = SESSION_MS + 100_000;
    await feed.push(all.slice(100, 101));
    await until(() => ingester.status().status.state === "live");
    // Market time passes, nothing comes.
    const passing = setInterval(() => {
      clock.nowMs += 500;
    }, 50);
    await until(() => ingester.status().status.state === "stale");
    await until(() => feed.reconnects.length > 0);
    await until(async () => (await incidentsOf(database)).includes("feed-stale open"));
    clearInterval(passing);
    clock.nowMs = Math.max(clock.nowMs, SESSION_MS + 200_000);
    await feed.push(all.slice(200));
    await until(async () => (await incidentsOf(database)).includes("feed-stale closed"));
    await until(async () => (await stored(database)) === all.length, { what: "the backfill" });
    await until(async () => (await listFeedGaps(database, { isOpen: true, limit: 5 })).length === 0);
    const [row] = await auditFeedDay(database, { dataset: "market", tradingDate: DAY });
    expect(row).toMatchObject({ stored: 300, backfilled: 99, gapsFound: 1, gapsFilled: 1, verdict: "complete" });
    await until(async () => (await wrongCandles(database)) === 0);
    const states = (await listFeedStates(database, { limit: 20 })).map(({ state }) => state).reverse();
    expect(states).toEqual(expect.arrayContaining(["live", "stale"]));
    expect(states.indexOf("stale")).toBeGreaterThan(states.indexOf("live"));
  });

  it("opens no incident when the token expires at night, and is down when it is still refused in session", async () => {
    const night = Date.parse("2026-11-19T19:00:00Z");
    const { feed, ingester, database, clock } = await start({ startMs: night });
    const refused = { kind: "notice", notice: "refused", atMs: night, message: "the token has expired" } as const;
    await feed.push([refused]);
    await until(() => ingester.status().status.state === "closed-market");
    expect(await incidentsOf(database)).toEqual([]);

    clock.nowMs = SESSION_MS;
    const passing = setInterval(() => {
      clock.nowMs += 5_000;
    }, 50);
    await until(() => ingester.status().status.state === "down");
    clearInterval(passing);
    await until(async () => (await incidentsOf(database)).includes("feed-down open"));
    await feed.push([
      { ...refused, notice: "authenticated" },
      tick({ eventTimeMs: clock.nowMs, receivedAtMs: clock.nowMs }),
    ]);
    await until(async () => (await incidentsOf(database)).includes("feed-down closed"));
  });

  it("loses nothing when the machine's clock jumps, and says so when trades are a day ahead of it", async () => {
    let machineMs = SESSION_MS;
    const { feed, ingester, database, clock } = await start({ nowMs: () => machineMs });
    const all = trades(100);
    await feed.push(all.slice(0, 40));
    clock.nowMs += 2 * 3_600_000;
    machineMs += 2 * 3_600_000;
    await feed.push(all.slice(40, 80));
    clock.nowMs -= 50 * 3_600_000;
    machineMs -= 50 * 3_600_000;
    for (let i = 0; i < 25; i++) await feed.push([all[80]!]);
    await until(async () => (await incidentsOf(database)).includes("clock-off open"));
    expect(ingester.status().rejections[0]).toEqual({
      reason: CLOCK_PROBLEM,
      count: 25,
    });
    clock.nowMs = SESSION_MS;
    machineMs = SESSION_MS;
    await feed.push(all.slice(80));
    await until(async () => (await stored(database)) === all.length);
    await until(async () => (await incidentsOf(database)).includes("clock-off closed"));
  });

  it("begins a simulated day anew at its start and when the feed says so, and leaves no tick of the former one", async () => {
    const schema = await createTemporarySchema();
    const database = await openPostgresDatabase(schema.url);
    await migrate(database);
    onTestFinished(async () => {
      await database.close();
      await schema.drop();
    });
    for (const price of [10_000, 20_000]) {
      const feed = scriptedFeed({ name: "simulated", dataset: "simulated", nowMs: () => SESSION_MS, isDetached: true });
      const bus = new MemoryMarketBus({ logger });
      const spoolFolder = temporaryFolder();
      const ingester = createIngester({ feed, database, bus, calendar: factsCalendar(), spoolFolder, logger });
      await ingester.start();
      await feed.push(trades(50, { price }));
      await feed.push([
        { kind: "notice", notice: "day-restarted", atMs: SESSION_MS, message: "" },
        ...trades(30, { price: price + 1, stepMs: 3_000 }),
      ]);
      await until(() => ingester.status().counts.stored === 80);
      await ingester.stop();
      const left = await database.query(
        "SELECT price, count(*)::int AS count, bool_and(source = 'simulated') AS named FROM market_ticks GROUP BY 1",
      );
      expect(left).toEqual([{ price: price + 1, count: 30, named: true }]);
      const [candles] = await database.query(
        "SELECT count(*)::int AS count, max(high) AS high, sum(volume) AS volume FROM market_candles_intraday",
      );
      expect(candles).toEqual({ count: 2, high: price + 1, volume: 3_000 });
    }
  });

  it("asks the history once for many gaps of a symbol that lie together", async () => {
    const all = trades(600, { stepMs: 50 });
    let requests = 0;
    const history: TradeHistory = {
      async *trades({ cumulativeVolumeBefore, fromMs, toMs }) {
        requests++;
        yield all
          .filter(({ cumulativeVolume }) => cumulativeVolume > cumulativeVolumeBefore)
          .filter(({ eventTimeMs }) => eventTimeMs >= fromMs && eventTimeMs <= toMs)
          .map((each): Tick => ({ ...each, isBackfill: true }));
      },
      workingDates: async () => [],
    };
    const { feed, database } = await start({ history });
    await feed.push(all.filter((_, i) => i % 2 === 0));
    await until(async () => (await stored(database)) === all.length - 1, { what: "the backfill" });
    await until(async () => (await listFeedGaps(database, { isOpen: true, limit: 5 })).length === 0);
    expect(await listFeedGaps(database, { limit: 1_000 })).toHaveLength(299);
    expect(requests).toBeLessThan(5);
  });

  it("rejects a trade whose total proves wrong, closes its gap as such, and finds later gaps of the symbol", async () => {
    const { feed, ingester, database, messages } = await start();
    const all = trades(20, { stepMs: 1_000 });
    const wrong = { ...all[5]!, cumulativeVolume: 900_000_000 };
    await feed.push([...all.slice(0, 5), wrong]);
    await until(async () => (await stored(database)) === 6);
    await until(async () => (await listFeedGaps(database, { isOpen: true, limit: 5 })).length === 1);
    const [{ epoch }] = messages as [MarketMessage];
    await feed.push(all.slice(6, 10));
    await feed.push(all.slice(15));
    await until(async () => (await listFeedGaps(database, { limit: 5 })).length === 3);
    await until(() => ingester.status().spool.pendingBytes === 0);
    const gaps = await listFeedGaps(database, { limit: 5 });
    expect(
      gaps.map(({ volumeBefore, volumeAfter, filledAtMs }) => [volumeBefore, volumeAfter, filledAtMs !== undefined]),
    ).toEqual([
      [500, 899_999_900, true],
      [500, 600, false],
      [1_000, 1_500, false],
    ]);
    expect(gaps[0]!.note).toBe("the total of the trade behind it was wrong: the trade is rejected");
    const [row] = await auditFeedDay(database, { dataset: "market", tradingDate: DAY });
    expect(row).toMatchObject({ received: 15, stored: 14, rejected: 1, missingVolume: 600 });
    await until(async () => (await wrongCandles(database)) === 0);
    await until(() => messages.at(-1)!.epoch !== epoch);
  });

  it("plays a tape to its listeners however much of it is stored, and stores each trade once", async () => {
    const { feed: broker, database, ingester } = await start();
    const all = trades(1_000);
    await broker.push(all);
    await until(async () => (await stored(database)) === all.length);
    await until(() => ingester.status().spool.pendingBytes === 0);
    for (const _ of ["after the market", "after a first replay"]) {
      const bus = new MemoryMarketBus({ logger });
      let heard = 0;
      bus.subscribe(({ events }) => {
        heard += events.length;
      });
      const feed = scriptedFeed({ name: "replay", nowMs: () => SESSION_MS, isDetached: true });
      const replaying = createIngester({
        feed,
        database,
        bus,
        calendar: factsCalendar(),
        spoolFolder: temporaryFolder(),
        logger,
      });
      await replaying.start();
      await feed.push(all.map((each): Tick => ({ ...each, source: "replay" })));
      await until(() => heard === all.length, { what: "every trade to be heard" });
      await until(() => replaying.status().spool.pendingBytes === 0);
      await replaying.stop();
      expect(replaying.status().counts).toMatchObject({ received: 1_000, duplicates: 1_000, stored: 0, gapsFound: 0 });
      expect(await stored(database)).toBe(all.length);
      expect(await listFeedGaps(database, { limit: 5 })).toEqual([]);
    }
  });

  it("makes the feed wait when the spool's disk is full, raises the alarm, overwrites nothing, and goes on", async (context) => {
    const folder = temporaryFolder();
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=400k", "tmpfs", folder], { stdio: "ignore" });
    } catch {
      context.skip("mounting a small disk needs root: sudo npm test -- test/services/ingestion-faults.test.ts");
    }
    onTestFinished(() => {
      execFileSync("umount", ["-l", folder]);
    });
    const { feed, ingester, database, proxy } = await start({ spoolFolder: folder });
    const all = trades(8_000, { stepMs: 5 });
    await feed.push(all.slice(0, 100));
    await until(async () => (await stored(database)) === 100);
    proxy.cut();
    const pushing = (async () => {
      for (let at = 100; at < all.length; at += 100) await feed.push(all.slice(at, at + 100));
    })();
    await until(() => ingester.status().spool.isFull);
    const { pendingTicks } = ingester.status().spool;
    expect(pendingTicks).toBeGreaterThan(1_000);
    expect(pendingTicks).toBeLessThan(all.length);
    proxy.restore();
    await pushing;
    await until(async () => (await stored(database)) === all.length);
    await until(async () => (await incidentsOf(database)).includes("spool-full closed"));
    const [row] = await auditFeedDay(database, { dataset: "market", tradingDate: DAY });
    expect(row).toMatchObject({ stored: 8_000, missingVolume: 0, verdict: "complete" });
    expect(existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(".damaged"))).toBe(false);
  });
});
