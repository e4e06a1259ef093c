import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Tick } from "../../../src/engine/live-market/market-event.js";
import type { InstrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { createDnseHistory } from "../../../src/feeds/dnse-open-api/dnse-history.js";
import { createDnseRestClient, type DnseRestClient } from "../../../src/feeds/dnse-open-api/dnse-rest-client.js";
import { readCandles } from "../../../src/feeds/dnse-open-api/read-candles.js";
import type { DnseOpenApiSettings } from "../../../src/feeds/feeds-settings.js";
import type { TradeHistory, TradeQuery } from "../../../src/feeds/market-feed.js";
import { type DnseOpenApiServer, startDnseOpenApiServer } from "../../support/dnse-open-api-server.js";
import { standInSettings } from "../../support/dnse-open-api-settings.js";

const logger = pino({ level: "silent" });
const HPG = "HPG" as InstrumentSymbol;
const NEVER = new AbortController().signal;
/** 09:30 in Ho Chi Minh City on a Tuesday. */
const OPEN_MS = Date.parse("2026-05-26T02:30:00.000Z");

let server: DnseOpenApiServer;
let delays: number[];

beforeEach(async () => {
  server = await startDnseOpenApiServer();
  delays = [];
});
afterEach(() => server.close());

function clientOf(changes: Partial<DnseOpenApiSettings> = {}): DnseRestClient {
  return createDnseRestClient(standInSettings(server, changes), {
    logger,
    nowMs: Date.now,
    random: () => 0.5,
    schedule: (task, delayMs) => {
      delays.push(delayMs);
      const timer = setTimeout(task, 0);
      return () => clearTimeout(timer);
    },
  });
}

function historyOf(changes: Partial<DnseOpenApiSettings> = {}): TradeHistory {
  return createDnseHistory(clientOf(changes), standInSettings(server, changes), { nowMs: Date.now });
}

async function collect(history: TradeHistory, changes: Partial<TradeQuery> = {}): Promise<Tick[]> {
  const query: TradeQuery = {
    symbol: HPG,
    board: "G1",
    fromMs: OPEN_MS,
    toMs: OPEN_MS + 3_600_000,
    cumulativeVolumeBefore: 0,
    signal: NEVER,
    ...changes,
  };
  const ticks: Tick[] = [];
  for await (const batch of history.trades(query)) ticks.push(...batch);
  return ticks;
}

function makeTrades(count: number, everyMs = 1_500): void {
  for (let index = 0; index < count; index++) {
    server.makeTick({
      symbol: HPG,
      quantity: 100 * (1 + (index % 3)),
      price: 24_350,
      timeMs: OPEN_MS + index * everyMs,
      side: index % 2 === 0 ? "BUY" : "SELL",
    });
  }
}

describe("signed requests", () => {
  it("carry key, date, signature and version, and sign the path without the query", async () => {
    server.history.workingDates.push("2026-05-26");
    const client = clientOf();
    expect(await client.workingDates(NEVER)).toEqual(["2026-05-26"]);
    await client.tradePage({ symbol: HPG, board: "G1", fromS: 1, toS: 2, pageToken: undefined, signal: NEVER });
    for (const { status, headers } of server.requests) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        "x-api-key": server.key,
        version: "2026-05-07",
        date: expect.stringMatching(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000$/),
      });
    }
    expect(server.requests[1]).toMatchObject({
      path: "/price/HPG/trades",
      query: { boardId: "G1", from: "1", to: "2", order: "ASC" },
    });
  });

  it("date themselves in the header and zone of the settings", async () => {
    await clientOf({ dateHeader: "X-Aux-Date", dateZone: "GMT", apiVersion: "2026-01-01" }).workingDates(NEVER);
    expect(server.requests[0]).toMatchObject({
      status: 200,
      headers: { "x-aux-date": expect.stringMatching(/ GMT$/), version: "2026-01-01" },
    });
  });

  it("are refused once, without a retry, when the signature is wrong", async () => {
    await expect(clientOf({ apiSecret: "another" }).workingDates(NEVER)).rejects.toMatchObject({
      code: "FEED_REFUSED",
      message: "GET /market/working-dates was refused: 401 OA-401 wrong signature",
      details: { status: 401, code: "OA-401" },
    });
    expect(server.requests).toHaveLength(1);
    expect(delays).toEqual([]);
  });

  it("are dated by the broker's clock once it has refused the machine's", async () => {
    await server.close();
    server = await startDnseOpenApiServer({ clockSkewMs: -10 * 60_000 });
    const client = clientOf();
    await client.workingDates(NEVER);
    await client.workingDates(NEVER);
    expect(server.requests.map(({ status }) => status)).toEqual([401, 200, 200]);
  });

  it("are tried again three times, later each time, when the server or the network fails", async () => {
    server.forcedReplies.push({ status: 500 }, { status: 0, isAbrupt: true }, { status: 503, body: "busy" });
    await clientOf().workingDates(NEVER);
    expect(delays).toEqual([500, 1_000, 2_000]);
    expect(server.requests).toHaveLength(4);
  });

  it("fail after that, with the last reason", async () => {
    for (let index = 0; index < 9; index++) {
      server.forcedReplies.push({ status: 500, body: { status: 500, code: "REMOTE_SERVER_ERROR", message: "oh" } });
    }
    await expect(clientOf().workingDates(NEVER)).rejects.toMatchObject({
      code: "FEED_REQUEST_FAILED",
      message: "GET /market/working-dates failed: 500 REMOTE_SERVER_ERROR oh",
      details: { status: 500, code: "REMOTE_SERVER_ERROR" },
    });
    expect(server.requests).toHaveLength(4);
  });

  it("are not tried again when they are wrong themselves", async () => {
    await expect(clientOf().definitions(HPG, NEVER)).rejects.toMatchObject({
      code: "FEED_REQUEST_FAILED",
      details: { status: 400, code: "SYMBOL_NOT_EXIST" },
    });
    expect(server.requests).toHaveLength(1);
  });

  it("fail when the reply is no JSON or there is no server", async () => {
    server.forcedReplies.push({ status: 200, body: "<html>" });
    await expect(clientOf().workingDates(NEVER)).rejects.toThrow("the reply is no JSON");
    const gone = clientOf({ restUrl: "http://127.0.0.1:1" });
    await expect(gone.workingDates(NEVER)).rejects.toMatchObject({ code: "FEED_REQUEST_FAILED" });
  });

  it("wait for the time at which a limit is reset", async () => {
    const resetAtS = Math.floor(Date.now() / 1_000) + 1_800;
    server.faults.rateLimit = { limit: 2, remaining: 2, resetAtS };
    const client = clientOf();
    await client.workingDates(NEVER);
    await client.workingDates(NEVER);
    expect(delays).toEqual([]);
    const abort = new AbortController();
    const third = client.workingDates(abort.signal);
    await expect.poll(() => delays.length).toBeGreaterThan(0);
    abort.abort();
    await expect(third).rejects.toMatchObject({ code: "CANCELLED" });
    expect(delays[0]).toBeGreaterThan(1_790_000);
    expect(delays[0]).toBeLessThanOrEqual(1_801_000);
    // The limit is of that endpoint alone.
    server.faults.rateLimit = undefined;
    server.history.instruments.push({ symbol: "HPG", marketId: "STO" });
    expect(await client.symbols(NEVER)).toEqual(["HPG"]);
    expect(server.requests).toHaveLength(3);
  });

  it("wait and are sent again when there were too many", async () => {
    const resetAtS = Math.floor(Date.now() / 1_000) - 1;
    server.forcedReplies.push({
      status: 429,
      body: { error: "Rate Limit Exceeded" },
      headers: { "X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": String(resetAtS) },
    });
    await clientOf().workingDates(NEVER);
    expect(server.requests.map(({ status }) => status)).toEqual([429, 200]);
  });

  it("go on in every period of a short limit, and log each wait once", async () => {
    const clock = { nowMs: Math.floor(Date.now() / 1_000) * 1_000 };
    const logged: { msg: string }[] = [];
    const client = createDnseRestClient(standInSettings(server), {
      logger: pino({ level: "info" }, { write: (line: string) => logged.push(JSON.parse(line)) }),
      nowMs: () => clock.nowMs,
      random: () => 0.5,
      // A wait moves the clock to its end.
      schedule: (task, delayMs) => {
        const untilMs = clock.nowMs + delayMs;
        const timer = setTimeout(() => {
          clock.nowMs = Math.max(clock.nowMs, untilMs);
          task();
        }, 0);
        return () => clearTimeout(timer);
      },
    });
    server.forcedReplies.push({
      status: 429,
      headers: {
        Date: new Date(clock.nowMs).toUTCString(),
        "X-RateLimit-Limit": "10",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": String(clock.nowMs / 1_000 + 8),
      },
    });
    const startedMs = clock.nowMs;
    for (let index = 0; index < 35; index++) await client.workingDates(NEVER);
    // Ten from the reset at 8 s on, ten at 16 s, ten at 24 s, five at 32 s.
    expect(clock.nowMs - startedMs).toBe(8_000 + 3 * 8_000);
    expect(logged).toHaveLength(4);
    const local = new Date(startedMs + 8_000 + 7 * 3_600_000).toISOString().slice(11, 19);
    expect(logged[0]!.msg).toBe(`waiting for the broker's rate limit until ${local}`);
    await Promise.all(Array.from({ length: 8 }, () => client.workingDates(NEVER)));
    expect(logged).toHaveLength(5);
  });

  it("are not kept waiting for a day", async () => {
    const day = { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": String(Math.floor(Date.now() / 1_000) + 86_400) };
    server.forcedReplies.push({ status: 200, body: { workingDates: [] }, headers: day });
    const client = clientOf();
    await client.workingDates(NEVER);
    await expect(client.workingDates(NEVER)).rejects.toThrow("the broker's limit is used up for 1440 minutes");
  });
});

describe("the history of trades", () => {
  it("follows the pages and gives ascending trades in shares and VND, marked as backfilled", async () => {
    makeTrades(250);
    server.history.tradesPerReply = 100;
    const ticks = await collect(historyOf());
    expect(server.requests.filter(({ path }) => path === "/price/HPG/trades")).toHaveLength(3);
    expect(ticks).toHaveLength(250);
    expect(ticks[1]).toEqual({
      kind: "tick",
      symbol: "HPG",
      board: "G1",
      eventTimeMs: OPEN_MS + 1_500,
      receivedAtMs: expect.any(Number),
      price: 24_350,
      quantity: 200,
      cumulativeVolume: 300,
      side: "S",
      session: "continuous",
      source: "dnse",
      isBackfill: true,
    });
  });

  it("orders what comes in descending order", async () => {
    makeTrades(5);
    server.forcedReplies.push({
      status: 200,
      body: {
        trades: [3, 2, 1].map((index) => ({
          symbol: "HPG",
          boardId: "G1",
          marketId: "STO",
          matchPrice: 24.35,
          matchQtty: 10,
          time: new Date(OPEN_MS + index * 1_000).toISOString(),
        })),
      },
    });
    const ticks = await collect(historyOf(), { cumulativeVolumeBefore: 500 });
    expect(ticks.map(({ eventTimeMs }) => eventTimeMs - OPEN_MS)).toEqual([1_000, 2_000, 3_000]);
    expect(ticks.map(({ cumulativeVolume }) => cumulativeVolume)).toEqual([600, 700, 800]);
  });

  it("counts cumulative volumes up from the one before the gap where history has none", async () => {
    makeTrades(6);
    server.history.hasTotals = false;
    // The second trade, at 1.5 s, is the last that was received.
    const gap = { fromMs: OPEN_MS + 1_500, cumulativeVolumeBefore: 300 };
    const ticks = await collect(historyOf(), gap);
    server.history.hasTotals = true;
    const live = await collect(historyOf(), gap);
    expect(ticks).toHaveLength(4);
    expect(ticks.map(({ receivedAtMs: _, ...tick }) => tick)).toEqual(live.map(({ receivedAtMs: _, ...tick }) => tick));
  });

  it("does not count up trades of which it cannot tell whether they were missed", async () => {
    makeTrades(6, 1_000);
    server.history.hasTotals = false;
    const gap = { fromMs: OPEN_MS + 1_300, cumulativeVolumeBefore: 300 };
    await expect(collect(historyOf(), gap)).rejects.toThrow("it has neither a total nor parts of a second");
  });

  it("leaves out trades that were not missed", async () => {
    makeTrades(6);
    const ticks = await collect(historyOf(), { cumulativeVolumeBefore: 600 });
    expect(ticks.map(({ cumulativeVolume }) => cumulativeVolume)).toEqual([700, 900, 1_200]);
  });

  it.each([
    ["local in later versions", "ict", "2026-05-07"],
    ["UTC in earlier versions", "utc", "2026-01-01"],
    ["with a zone in any version", "iso", "2026-01-01"],
    ["what the range shows, against the version", "utc", "2026-05-07"],
    ["what the range shows, against the version", "ict", "2026-01-01"],
  ] as const)("reads times as %s", async (_, tradeTimes, apiVersion) => {
    makeTrades(3);
    server.history.tradeTimes = tradeTimes;
    const ticks = await collect(historyOf({ apiVersion }));
    expect(ticks.map(({ eventTimeMs }) => eventTimeMs - OPEN_MS)).toEqual([0, 1_500, 3_000]);
  });

  it("is certain of the zone when the settings are", async () => {
    makeTrades(3);
    server.history.tradeTimes = "utc";
    expect(await collect(historyOf({ tradesTimeZone: "ict" }))).toEqual([]);
    expect(await collect(historyOf({ tradesTimeZone: "utc" }))).toHaveLength(3);
  });

  it("fails for a trade that cannot be read: a gap is filled whole or not at all", async () => {
    server.forcedReplies.push({ status: 200, body: { trades: [{ symbol: "HPG", boardId: "G1", matchPrice: "x" }] } });
    await expect(collect(historyOf())).rejects.toMatchObject({
      code: "FEED_REQUEST_FAILED",
      message: expect.stringContaining("gave a trade that cannot be read"),
    });
  });

  it("ends when a server gives the same page for ever, and for none", async () => {
    makeTrades(2);
    const [trade] = server.history.trades.get(HPG)!;
    const page = { trades: [{ ...trade, time: "2026-05-26 09:30:00" }], nextPageToken: "again" };
    server.forcedReplies.push({ status: 200, body: page }, { status: 200, body: page });
    expect(await collect(historyOf())).toHaveLength(1);
    server.forcedReplies.push({ status: 200, body: { trades: null, nextPageToken: "more" } });
    expect(await collect(historyOf())).toEqual([]);
  });

  it("asks for no more than a day at a time", async () => {
    await collect(historyOf(), { toMs: OPEN_MS + 50 * 3_600_000 });
    const ranges = server.requests.map(({ query }) => Number(query.to) - Number(query.from));
    expect(ranges).toHaveLength(3);
    for (const seconds of ranges) expect(seconds).toBeLessThanOrEqual(86_400);
  });

  it("gives the broker's trading days in order, in either form", async () => {
    server.history.workingDates.push("2026-05-27", "20260526", "2026-05-28T00:00:00Z");
    expect(await historyOf().workingDates(NEVER)).toEqual(["2026-05-26", "2026-05-27", "2026-05-28"]);
    server.history.workingDates.push("tomorrow");
    await expect(historyOf().workingDates(NEVER)).rejects.toMatchObject({ code: "FEED_REQUEST_FAILED" });
  });
});

describe("readCandles(client, query)", () => {
  const query = { symbol: HPG, type: "STOCK", resolution: "1", signal: NEVER } as const;

  function candle(index: number, changes = {}) {
    return { t: OPEN_MS / 1_000 + index * 60, o: 24.3, h: 24.4, l: 24.25, c: 24.35, v: 1_000, ...changes };
  }

  async function read(changes: object = {}) {
    const rows = [];
    const range = { fromMs: OPEN_MS, toMs: OPEN_MS + 3 * 86_400_000 };
    for await (const batch of readCandles(clientOf(), { ...query, ...range, ...changes }, logger)) rows.push(...batch);
    return rows;
  }

  it("follows nextTime within chunks, and gives shares and VND", async () => {
    for (let index = 0; index < 250; index++) server.history.candles.push(candle(index));
    server.history.candlesPerReply = 100;
    const rows = await read();
    expect(rows).toHaveLength(250);
    expect(rows[0]).toEqual({
      openedAtMs: OPEN_MS,
      open: 24_300,
      high: 24_400,
      low: 24_250,
      close: 24_350,
      volume: 1_000,
    });
    expect(rows.map(({ openedAtMs }) => openedAtMs)).toEqual(rows.map((_, index) => OPEN_MS + index * 60_000));
    // Three replies for the first day; one, without candles, for each of the others.
    expect(server.requests.map(({ path }) => path)).toEqual(Array(6).fill("/price/ohlc"));
    expect(server.requests[0]).toMatchObject({ query: { symbol: "HPG", type: "STOCK", resolution: "1" } });
  });

  it("keeps points of an index, and widens a candle whose close lies outside of it", async () => {
    server.history.candles.push(candle(0, { o: 1_660, h: 1_660, l: 1_660, c: 1_661.5 }));
    expect(await read({ type: "INDEX" })).toMatchObject([{ open: 1_660, high: 1_661.5, low: 1_660, close: 1_661.5 }]);
  });

  it("leaves out candles that cannot be read", async () => {
    server.history.candles.push(candle(0, { c: Number.NaN }), candle(1), candle(2, { v: -1 }));
    expect(await read()).toMatchObject([{ openedAtMs: OPEN_MS + 60_000 }]);
  });
});
