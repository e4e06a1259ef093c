import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  marketFeedSchema,
  marketIndexesSchema,
  marketSessionsSchema,
  marketSnapshotSchema,
} from "../../../src/contracts/market-api.js";
import { WorkbenchError } from "../../../src/engine/errors.js";
import { StoreReach } from "../../../src/server/live/store-reach.js";
import type { Database } from "../../../src/store/database.js";
import { liveMarket, type MarketApi, type MarketStore, NOW_MS, openMarketStore, serveMarket } from "./market-store.js";

const AWAY = "the database went away";

/** How a store is away, and what `/feed` then says of it. */
const WAYS = {
  "a store that fails": { call: () => Promise.reject(new WorkbenchError("DATABASE_UNREACHABLE", AWAY)), reason: AWAY },
  "a store that never answers": {
    call: () => new Promise<never>(() => {}),
    reason: "the database did not answer within 0.05 s: try again",
  },
};

/** The same database, which can be taken away. */
function severable(database: Database) {
  let isAway = false;
  let call: () => Promise<never> = WAYS["a store that fails"].call;
  const guarded: Database = {
    kind: database.kind,
    location: database.location,
    query: (sql, parameters) => (isAway ? call() : database.query(sql, parameters)),
    execute: (sql) => (isAway ? call() : database.execute(sql)),
    copyIn: (sql, chunks) => (isAway ? call() : database.copyIn(sql, chunks)),
    copyOut: (sql, sink) => (isAway ? call() : database.copyOut(sql, sink)),
    transaction: (work) => (isAway ? call() : database.transaction(work)),
    close: () => database.close(),
  };
  return {
    database: guarded,
    takeAway: (how: () => Promise<never>) => {
      call = how;
      isAway = true;
    },
    bringBack: () => {
      isAway = false;
    },
  };
}

let store: MarketStore;
const served: MarketApi[] = [];
beforeAll(async () => {
  store = await openMarketStore();
}, 60_000);
afterEach(async () => {
  for (const api of served.splice(0)) await api.close();
});
afterAll(async () => {
  await store?.dispose();
});

describe.each(Object.entries(WAYS))("%s", (name, { call, reason }) => {
  const serve = async (database: Database, changes: Parameters<typeof serveMarket>[1] = {}) => {
    const storePatienceMs = name === "a store that fails" ? 60_000 : 50;
    const api = await serveMarket(database, { storePatienceMs, ...changes });
    served.push(api);
    return api;
  };

  it("leaves the feed's status and ingestion, and says that it is away", async () => {
    const link = severable(store.database);
    link.takeAway(call);
    const ingestion = { ticks: 7 } as never;
    const api = await serve(link.database, { market: liveMarket(), ingestion: () => ingestion });
    expect(marketFeedSchema.parse(await api.json("feed"))).toMatchObject({
      status: { feed: "dnse", state: "live" },
      ingestion: { ticks: 7 },
      store: { isUp: false, reason },
      date: "2026-03-09",
      counts: [],
      states: [],
      openIncidents: [],
      gaps: [],
    });
  });

  it("leaves snapshots and indexes of the board, by symbol alone where no instrument was ever read", async () => {
    const link = severable(store.database);
    link.takeAway(call);
    const api = await serve(link.database, { market: liveMarket({ feed: "simulated", dataset: "simulated" }) });
    const heatmap = marketSnapshotSchema.parse(await api.json("snapshot?type=heatmap"));
    expect(heatmap).toMatchObject({ dataset: "simulated", origin: "feed", ageSeconds: 0 });
    expect(heatmap.type === "heatmap" && heatmap.rows).toMatchObject([{ symbol: "HPG", name: "HPG", price: 27_000 }]);
    expect(marketIndexesSchema.parse(await api.json("indexes"))).toMatchObject({
      dataset: "simulated",
      origin: "feed",
      indexes: [{ symbol: "VNINDEX", value: 1_300 }],
    });
  });

  it("leaves what was last read of the instruments, and the dataset that was shown", async () => {
    const link = severable(store.database);
    let nowMs = NOW_MS;
    const api = await serve(link.database, { market: liveMarket(), nowMs: () => nowMs, storePatienceMs: 3_000 });
    await api.json("snapshot?type=heatmap");
    link.takeAway(call);
    nowMs += 60_000;
    const heatmap = marketSnapshotSchema.parse(await api.json("snapshot?type=heatmap"));
    expect(heatmap).toMatchObject({ dataset: "market", origin: "feed", ageSeconds: 0 });
    expect(heatmap.type === "heatmap" && heatmap.rows).toMatchObject([
      { symbol: "HPG", name: "Hòa Phát Group", sector: "Materials" },
    ]);
  }, 30_000);

  it("leaves the last snapshot with its true age, and the last indexes, while there is no board", async () => {
    const link = severable(store.database);
    let nowMs = NOW_MS;
    const api = await serve(link.database, { nowMs: () => nowMs, storePatienceMs: 3_000 });
    const before = await api.json("snapshot?type=overview");
    const indexes = await api.json("indexes");
    link.takeAway(call);
    nowMs += 600_000;
    expect(await api.json("snapshot?type=overview")).toEqual({ ...before, ageSeconds: 600 });
    expect(await api.json("indexes")).toEqual(indexes);
    const never = await api.get("snapshot?type=overview&dataset=simulated");
    expect([never.status, JSON.parse(never.body.toString()).error.code]).toEqual([503, "DATABASE_UNREACHABLE"]);
  }, 30_000);

  it("leaves the sessions, by the calendar that is known without it", async () => {
    const link = severable(store.database);
    link.takeAway(call);
    const calendar = { isTradingDay: (_exchange: string, date: string) => date !== "2026-03-10" };
    const api = await serve(link.database, { calendar });
    expect(marketSessionsSchema.parse(await api.json("sessions"))).toMatchObject({
      isTradingDay: true,
      calendarSource: "facts",
      now: { phase: "continuous", nextPhase: "lunch" },
    });
    expect(await api.json("sessions?date=2026-03-10")).toMatchObject({ isTradingDay: false, segments: [] });
  });
});

it("keeps candles, ticks and instruments at 503", async () => {
  const link = severable(store.database);
  link.takeAway(WAYS["a store that fails"].call);
  const api = await serveMarket(link.database, { market: liveMarket() });
  served.push(api);
  for (const path of ["candles?symbol=HPG", "ticks?symbol=HPG", "instruments"]) {
    expect((await api.get(path)).status, path).toBe(503);
  }
});

it("uses the store again as soon as it is back", async () => {
  const link = severable(store.database);
  const api = await serveMarket(link.database, { market: liveMarket() });
  served.push(api);
  link.takeAway(WAYS["a store that fails"].call);
  expect(await api.json("feed")).toMatchObject({ store: { isUp: false } });
  link.bringBack();
  expect(await api.json("feed")).toMatchObject({ store: { isUp: true, reason: "" } });
});

describe("StoreReach", () => {
  const logger = pino({ level: "silent" });

  it("does not ask again behind a question that was given up, until that one is answered", async () => {
    const reach = new StoreReach({ logger, patienceMs: 20 });
    const late = Promise.withResolvers<string>();
    await expect(reach.ask(() => late.promise)).rejects.toMatchObject({ code: "DATABASE_UNREACHABLE" });
    let asked = 0;
    const ask = () => reach.tryAsk(async () => ++asked);
    expect(await ask()).toMatchObject({ isUp: false, reason: "the database did not answer within 0.02 s: try again" });
    expect(asked).toBe(0);
    late.resolve("at last");
    await late.promise;
    await expect.poll(async () => (await ask()).isUp).toBe(true);
  });

  it("keeps the message of an unforeseen failure to the log", async () => {
    const reach = new StoreReach({ logger });
    const answer = await reach.tryAsk(() => Promise.reject(new Error("password of host")));
    expect(answer).toMatchObject({ isUp: false, reason: "the database failed" });
  });
});
