import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  marketCandlesSchema,
  marketFeedSchema,
  marketIndexesSchema,
  marketInstrumentsSchema,
  marketSessionsSchema,
  marketSnapshotSchema,
  marketTicksSchema,
} from "../../../src/contracts/market-api.js";
import { raiseFeedDayCounts } from "../../../src/store/queries/feed-counts.js";
import { insertFeedGaps } from "../../../src/store/queries/feed-gaps.js";
import { openIncident } from "../../../src/store/queries/feed-incidents.js";
import { insertFeedState } from "../../../src/store/queries/feed-records.js";
import { tickOf } from "../../shared-state/market-messages.js";
import {
  liveMarket,
  type MarketApi,
  type MarketStore,
  NOW_MS,
  openEmptyStore,
  openMarketStore,
  serveMarket,
  statusOf,
  storeTicks,
} from "./market-store.js";

let store: MarketStore;
let api: MarketApi;
let live: MarketApi;
beforeAll(async () => {
  store = await openMarketStore();
  api = await serveMarket(store.database);
  live = await serveMarket(store.database, { market: liveMarket() });
}, 60_000);
afterAll(async () => {
  await api?.close();
  await live?.close();
  await store?.dispose();
});

describe("GET /api/market/snapshot", () => {
  it("gives the last candles of the store while no feed is followed", async () => {
    const snapshot = marketSnapshotSchema.parse(await api.json("snapshot?type=overview"));
    expect(snapshot).toMatchObject({
      type: "overview",
      dataset: "market",
      origin: "store",
      madeAt: "2026-03-09T03:00:00.000Z",
      asOf: "2026-03-06",
      ageSeconds: 0,
      feed: null,
      breadth: { advances: 1, declines: 1, unchanged: 1, unknown: 0 },
      volume: 3_000 + 600 + 20,
      tradedValue: 26_520 * 3_000 + 98_000 * 600 + 60_000 * 20,
      indexes: [
        {
          symbol: "VNINDEX",
          name: "VN-Index",
          value: 1_275,
          priorValue: 1_250,
          change: 1_275 / 1_250 - 1,
          asOf: "2026-03-06",
        },
      ],
      gainers: [{ symbol: "HPG", price: 26_520, change: 26_520 / 26_000 - 1 }],
      losers: [{ symbol: "FPT", price: 98_000, change: 98_000 / 100_000 - 1 }],
    });
    expect(snapshot.type === "overview" && snapshot.mostTraded.map(({ symbol }) => symbol)).toEqual([
      "HPG",
      "FPT",
      "VCB",
    ]);
  });

  it("gives every share in the heatmap, with what it is and as of when", async () => {
    const snapshot = marketSnapshotSchema.parse(await api.json("snapshot?type=heatmap"));
    expect(snapshot.type === "heatmap" && snapshot.rows.map(({ symbol, asOf }) => [symbol, asOf])).toEqual([
      ["FPT", "2026-03-05"],
      ["HPG", "2026-03-06"],
      ["VCB", "2026-03-06"],
    ]);
    expect(snapshot.type === "heatmap" && snapshot.rows[1]).toEqual({
      symbol: "HPG",
      name: "Hòa Phát Group",
      exchange: "HOSE",
      sector: "Materials",
      industry: null,
      assetClass: "equity",
      price: 26_520,
      reference: 26_000,
      change: 26_520 / 26_000 - 1,
      volume: 3_000,
      tradedValue: 26_520 * 3_000,
      marketCap: 2e14,
      asOf: "2026-03-06",
    });
  });

  it("is made from the board while a feed is live", async () => {
    const overview = marketSnapshotSchema.parse(await live.json("snapshot?type=overview"));
    expect(overview).toMatchObject({
      origin: "feed",
      asOf: new Date(NOW_MS - 200).toISOString(),
      feed: { feed: "dnse", state: "live" },
      gainers: [{ symbol: "HPG", name: "Hòa Phát Group", price: 27_000, change: 27_000 / 26_520 - 1, volume: 300 }],
      losers: [],
    });
    const indexes = marketSnapshotSchema.parse(await live.json("snapshot?type=indexes"));
    expect(indexes.type === "indexes" && indexes.rows).toMatchObject([
      {
        symbol: "VNINDEX",
        name: "VN-Index",
        value: 1_300,
        priorValue: 1_275,
        advances: 200,
        atCeiling: 3,
        atFloor: null,
      },
    ]);
  });

  it("falls back on the store, and says why, when the feed is down or brings another dataset", async () => {
    const down = await serveMarket(store.database, { market: liveMarket({ state: "down", reason: "refused" }) });
    expect(await down.json("snapshot?type=overview")).toMatchObject({
      origin: "store",
      feed: { state: "down", reason: "refused" },
    });
    await down.close();
    const simulated = await serveMarket(store.database, { market: liveMarket({ dataset: "simulated" }) });
    expect(await simulated.json("snapshot?type=overview")).toMatchObject({ dataset: "market", origin: "store" });
    expect(await simulated.json("snapshot?type=overview&dataset=simulated")).toMatchObject({
      dataset: "simulated",
      origin: "feed",
    });
    await simulated.close();
  });
});

describe("GET /api/market/instruments", () => {
  it("lists instruments by symbol, with what is known of them", async () => {
    const answer = marketInstrumentsSchema.parse(await api.json("instruments"));
    expect(answer.instruments.map(({ symbol }) => symbol)).toEqual(["BRENT", "FPT", "HPG", "VCB", "VNINDEX"]);
    expect(answer).toMatchObject({ dataset: "market", total: 5, nextCursor: null });
    expect(answer.instruments[2]).toEqual({
      symbol: "HPG",
      name: "Hòa Phát Group",
      exchange: "HOSE",
      sector: "Materials",
      industry: null,
      assetClass: "equity",
      currency: "VND",
      lotSize: 100,
      tickRule: "hose-equity",
      marketCap: 2e14,
      marketCapDate: null,
    });
  });

  it("filters by exchange, class, sector and by what symbol or name contain, in any case", async () => {
    const symbols = async (query: string) =>
      marketInstrumentsSchema.parse(await api.json(`instruments?${query}`)).instruments.map(({ symbol }) => symbol);
    expect(await symbols("assetClass=index")).toEqual(["VNINDEX"]);
    expect(await symbols("exchange=HOSE&assetClass=equity")).toEqual(["FPT", "HPG", "VCB"]);
    expect(await symbols("sector=Technology")).toEqual(["FPT"]);
    expect(await symbols(`search=${encodeURIComponent("hòa")}`)).toEqual(["HPG"]);
    expect(await symbols("search=vn")).toEqual(["VNINDEX"]);
    expect(await symbols("search=nothing")).toEqual([]);
  });
});

describe("GET /api/market/candles", () => {
  it("gives daily candles by trading date, values that are missing as null", async () => {
    const answer = marketCandlesSchema.parse(await api.json("candles?symbol=HPG"));
    expect(answer).toEqual({
      symbol: "HPG",
      interval: "1d",
      dataset: "market",
      source: "an exchange",
      excluded: "",
      candles: [
        { time: "2026-03-04", open: 25_000, high: 25_500, low: 24_900, close: 25_000, volume: 1_000 },
        { time: "2026-03-05", open: 25_000, high: 26_000, low: null, close: 26_000, volume: 2_000 },
        { time: "2026-03-06", open: 26_000, high: 27_000, low: 25_800, close: 26_520, volume: 3_000 },
      ],
      nextCursor: null,
    });
  });

  it("takes a day as the whole of it, an end that is an instant as not included", async () => {
    const times = async (query: string) =>
      marketCandlesSchema.parse(await api.json(`candles?symbol=HPG&${query}`)).candles.map(({ time }) => time);
    expect(await times("from=2026-03-05&to=2026-03-05")).toEqual(["2026-03-05"]);
    expect(await times("interval=1m&from=2026-03-06T02:15:00Z&to=2026-03-06T02:17:00Z")).toEqual([
      "2026-03-06T02:15:00.000Z",
      "2026-03-06T02:16:00.000Z",
    ]);
    const fromMs = Date.parse("2026-03-06T02:16:30Z");
    expect(await times(`interval=1m&from=${fromMs}&to=${fromMs + 60_000}`)).toEqual(["2026-03-06T02:17:00.000Z"]);
    expect(await times("from=2030-01-01")).toEqual([]);
    expect(await times("to=1999-12-31")).toEqual([]);
  });

  it("gives whole candles only, whatever the bounds", async () => {
    const candle = async (query: string) =>
      marketCandlesSchema.parse(await api.json(`candles?symbol=HPG&interval=5m&${query}`)).candles[0];
    // 02:20 to 02:24 are rows 5 to 9: volumes 50, 60, 70, 80 and 90.
    expect(await candle("from=2026-03-06T02:17:00Z&to=2026-03-06T02:22:00Z")).toMatchObject({
      time: "2026-03-06T02:20:00.000Z",
      volume: 350,
    });
  });

  it("answers with no candles for an instrument without any, and 404 for what is no instrument", async () => {
    expect(await api.json("candles?symbol=BRENT")).toMatchObject({ candles: [], nextCursor: null });
    const unknown = await api.get("candles?symbol=NONE");
    expect(unknown.status).toBe(404);
    expect(JSON.parse(unknown.body.toString()).error).toMatchObject({
      code: "SYMBOL_UNKNOWN",
      message: "unknown symbol: NONE (accepted: one of /api/market/instruments)",
    });
    expect((await api.get("candles?symbol=HPG&dataset=simulated")).status).toBe(404);
  });
});

describe("GET /api/market/ticks", () => {
  it("gives trades of the last day that has any, or of the range asked for, in order", async () => {
    const opensAtMs = Date.parse("2026-03-06T02:15:00Z");
    const at = (afterMs: number, cumulativeVolume: number, changes = {}) =>
      tickOf({ eventTimeMs: opensAtMs + afterMs, receivedAtMs: opensAtMs + afterMs + 4, cumulativeVolume, ...changes });
    const dayBefore = at(-86_400_000, 10);
    const today = [
      at(0, 100),
      at(0.001, 200, { price: 26_550, side: "S" }),
      at(0.001, 300, { board: "G4", isBackfill: true }),
      at(1_000, 400),
    ];
    await storeTicks(store.database, [...today].reverse());
    await storeTicks(store.database, [dayBefore, at(0, 100, { symbol: "FPT" })]);
    const answer = marketTicksSchema.parse(await api.json("ticks?symbol=HPG"));
    expect(answer.ticks).toEqual(today.map(({ kind: _, symbol: __, ...tick }) => tick));
    expect(answer).toMatchObject({ symbol: "HPG", dataset: "market", nextCursor: null });
    const earlier = marketTicksSchema.parse(await api.json("ticks?symbol=HPG&from=2026-03-05&to=2026-03-05"));
    expect(earlier.ticks.map(({ cumulativeVolume }) => cumulativeVolume)).toEqual([10]);
    const until = marketTicksSchema.parse(
      await api.json("ticks?symbol=HPG&from=2026-03-06&to=2026-03-06T02:15:01Z&limit=10"),
    );
    expect(until.ticks).toHaveLength(3);
    expect(await api.json("ticks?symbol=BRENT")).toMatchObject({ ticks: [], nextCursor: null });
    expect((await api.get("ticks?symbol=NONE")).status).toBe(404);

    const replayOf = (marketTimeMs: number) =>
      serveMarket(store.database, { market: liveMarket({ feed: "replay", state: "replaying", marketTimeMs }) });
    const replaying = await replayOf(opensAtMs + 500);
    const played = marketTicksSchema.parse(await replaying.json("ticks?symbol=HPG"));
    expect(played.ticks.map(({ cumulativeVolume }) => cumulativeVolume)).toEqual([100, 200, 300]);
    const asked = marketTicksSchema.parse(await replaying.json("ticks?symbol=HPG&to=2026-03-07"));
    expect(asked.ticks).toHaveLength(4);
    await replaying.close();
    const dayEarlier = await replayOf(opensAtMs - 86_000_000);
    const before = marketTicksSchema.parse(await dayEarlier.json("ticks?symbol=HPG"));
    expect(before.ticks.map(({ cumulativeVolume }) => cumulativeVolume)).toEqual([10]);
    await dayEarlier.close();
  });
});

describe("GET /api/market/indexes", () => {
  it("gives what the feed has, else the last candles", async () => {
    const stored = marketIndexesSchema.parse(await api.json("indexes"));
    expect(stored).toMatchObject({ dataset: "market", origin: "store", feed: null });
    expect(stored.indexes).toMatchObject([{ symbol: "VNINDEX", value: 1_275, advances: null, asOf: "2026-03-06" }]);
    const fed = marketIndexesSchema.parse(await live.json("indexes"));
    expect(fed).toMatchObject({ origin: "feed", feed: { state: "live" } });
    expect(fed.indexes).toMatchObject([{ symbol: "VNINDEX", value: 1_300, change: 1_300 / 1_275 - 1, volume: 5e6 }]);
  });
});

describe("GET /api/market/sessions", () => {
  it("gives the phases of a trading day and what the exchange does at market time", async () => {
    const sessions = marketSessionsSchema.parse(await api.json("sessions?exchange=HOSE"));
    expect(sessions).toMatchObject({
      exchange: "HOSE",
      date: "2026-03-09",
      isTradingDay: true,
      calendarSource: "facts",
      now: {
        at: "2026-03-09T03:00:00.000Z",
        phase: "continuous",
        nextPhase: "lunch",
        nextAt: "2026-03-09T04:30:00.000Z",
      },
    });
    expect(sessions.segments).toContainEqual({ phase: "ato", from: "09:00", to: "09:15" });
    expect(sessions.segments).toContainEqual({ phase: "atc", from: "14:30", to: "14:45" });
  });

  it("says what the calendar comes from: candles of the index, a stored day, the shipped holidays", async () => {
    const of = async (query: string) => marketSessionsSchema.parse(await api.json(`sessions?${query}`));
    expect(await of("date=2026-03-06")).toMatchObject({ isTradingDay: true, calendarSource: "index-candles" });
    expect(await of("date=2026-03-07")).toMatchObject({ isTradingDay: false, calendarSource: "facts", segments: [] });
    expect(await of("date=2026-09-02")).toMatchObject({ isTradingDay: false, calendarSource: "facts" });
    await store.database.query(
      `INSERT INTO trading_calendar (exchange, trading_date, kind, note, source)
       VALUES ('HOSE', '2026-03-10', 'holiday', 'a storm', 'the exchange')`,
    );
    expect(await of("date=2026-03-10")).toMatchObject({
      isTradingDay: false,
      calendarSource: "calendar",
      note: "a storm",
    });
    expect(await of("exchange=HNX&date=2026-03-10")).toMatchObject({ isTradingDay: true, calendarSource: "facts" });
  });

  it("takes market time from the feed", async () => {
    const replaying = await serveMarket(store.database, {
      market: liveMarket({ state: "replaying", marketTimeMs: Date.parse("2026-03-06T05:00:00Z") }),
    });
    expect(await replaying.json("sessions")).toMatchObject({ date: "2026-03-06", now: { phase: "lunch" } });
    await replaying.close();
  });
});

describe("GET /api/market/feed", () => {
  it("gives status, history of states, open incidents, gaps and counts of the day", async () => {
    const { database } = store;
    const feed = { feed: "dnse", dataset: "market" as const };
    const status = { lastEventTimeMs: undefined, lastReceivedAtMs: undefined };
    await insertFeedState(
      database,
      feed,
      { state: "live", reason: "first trade", sinceMs: NOW_MS - 9_000, ...status },
      NOW_MS,
    );
    await insertFeedState(
      database,
      feed,
      { state: "stale", reason: "mute", sinceMs: NOW_MS - 1_000, ...status },
      NOW_MS,
    );
    await openIncident(database, {
      kind: "feed-mute",
      severity: "error",
      subject: "dnse",
      message: "nothing for 5 s",
      details: {},
      openedAtMs: NOW_MS - 1_000,
    });
    const count = {
      board: "G1",
      tradingDate: "2026-03-09" as never,
      received: 10,
      stored: 7,
      duplicates: 2,
      rejected: 1,
    };
    await raiseFeedDayCounts(database, feed, [
      { symbol: "HPG", ...count, backfilled: 0 },
      { symbol: "FPT", ...count, backfilled: 3 },
    ]);
    await insertFeedGaps(database, feed, [
      {
        symbol: "HPG" as never,
        board: "G1",
        tradingDate: "2026-03-09" as never,
        cause: "stream",
        fromMs: NOW_MS - 5_000,
        toMs: NOW_MS - 4_000,
        volumeBefore: 100,
        volumeAfter: 400,
        missingVolume: 300,
        foundAtMs: NOW_MS,
      },
    ]);
    const answer = marketFeedSchema.parse(await live.json("feed"));
    expect(answer).toMatchObject({
      status: statusOf(),
      ingestion: null,
      date: "2026-03-09",
      counts: [
        {
          feed: "dnse",
          dataset: "market",
          symbols: 2,
          received: 20,
          stored: 14,
          duplicates: 4,
          rejected: 2,
          backfilled: 3,
        },
      ],
      states: [
        { feed: "dnse", state: "stale", reason: "mute", since: new Date(NOW_MS - 1_000).toISOString() },
        { state: "live" },
      ],
      openIncidents: [{ kind: "feed-mute", severity: "error", subject: "dnse", message: "nothing for 5 s" }],
      gaps: [{ symbol: "HPG", cause: "stream", missingVolume: 300, filledVolume: 0, filledAt: null }],
    });
    expect(await live.json("feed?date=2026-03-06")).toMatchObject({
      date: "2026-03-06",
      counts: [],
      gaps: [],
      gapCounts: { found: 0, open: 0 },
    });
    expect(await live.json("feed?limit=1")).toMatchObject({ states: [{ state: "stale" }] });
  });

  it("gives gaps that are open before those that were filled, the latest first, and counts them all", async () => {
    const { database, dispose } = await openEmptyStore();
    const gapAt = (i: number) => ({
      symbol: "HPG" as never,
      board: "G1" as const,
      tradingDate: "2026-03-09" as never,
      cause: "stream" as const,
      fromMs: NOW_MS,
      toMs: NOW_MS,
      volumeBefore: 1_000 * i,
      volumeAfter: 1_000 * i + 100,
      missingVolume: 100,
      foundAtMs: NOW_MS,
    });
    await insertFeedGaps(
      database,
      { feed: "dnse", dataset: "market" },
      Array.from({ length: 60 }, (_, i) => gapAt(i)),
    );
    await database.execute("UPDATE feed_gaps SET filled_at = now() WHERE id NOT IN (7, 58)");
    const crowded = await serveMarket(database);
    const { gaps, gapCounts } = marketFeedSchema.parse(await crowded.json("feed?date=2026-03-09"));
    expect(gaps.map(({ id }) => id).slice(0, 4)).toEqual([58, 7, 60, 59]);
    expect(gaps).toHaveLength(50);
    expect(gapCounts).toEqual({ found: 60, open: 2 });
    await crowded.close();
    await dispose();
  });

  it("has no status without a feed", async () => {
    expect(await api.json("feed")).toMatchObject({
      status: null,
      ingestion: null,
      store: { isUp: true, reason: "" },
      date: "2026-03-09",
    });
  });
});

describe("an empty store", () => {
  it("is answered for by every endpoint", async () => {
    const empty = await openEmptyStore();
    const bare = await serveMarket(empty.database);
    for (const type of ["overview", "heatmap", "indexes"]) {
      expect(await bare.json(`snapshot?type=${type}`)).toMatchObject({ origin: "store", asOf: "", feed: null });
    }
    expect(await bare.json("instruments")).toMatchObject({ instruments: [], total: 0 });
    expect(await bare.json("indexes")).toMatchObject({ indexes: [] });
    expect(await bare.json("sessions")).toMatchObject({ isTradingDay: true });
    expect(await bare.json("feed")).toMatchObject({ states: [], counts: [] });
    expect((await bare.get("candles?symbol=HPG")).status).toBe(404);
    expect((await bare.get("ticks?symbol=HPG")).status).toBe(404);
    await bare.close();
    const simulated = await serveMarket(empty.database, {
      market: liveMarket({ feed: "simulated", dataset: "simulated" }),
    });
    expect(await simulated.json("snapshot?type=overview")).toMatchObject({ dataset: "simulated", origin: "feed" });
    await simulated.close();
    await empty.dispose();
  }, 60_000);
});
