import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FeedEvent, FeedNotice } from "../../../src/engine/live-market/market-event.js";
import type { InstrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { createDnseFeed, type DnseFeedDependencies } from "../../../src/feeds/dnse-open-api/dnse-feed.js";
import type { DnseOpenApiSettings } from "../../../src/feeds/feeds-settings.js";
import { readRecordedFrames } from "../../../src/feeds/frame-recorder.js";
import type { MarketFeed } from "../../../src/feeds/market-feed.js";
import type { Schedule } from "../../../src/feeds/schedule.js";
import {
  type DnseOpenApiServer,
  type DnseOpenApiServerOptions,
  startDnseOpenApiServer,
} from "../../support/dnse-open-api-server.js";
import { standInSettings } from "../../support/dnse-open-api-settings.js";

const logger = pino({ level: "silent" });
const SYMBOLS = ["HPG", "FPT"] as InstrumentSymbol[];

/** Timers whose delays are kept, and which run as soon as they can when `isQuick` says so. */
function scheduleOf(delays: number[], isQuick: (delayMs: number) => boolean): Schedule {
  return (task, delayMs) => {
    delays.push(delayMs);
    const timer = setTimeout(task, isQuick(delayMs) ? 0 : delayMs);
    return () => clearTimeout(timer);
  };
}

/** Reconnect delays: those from 1 s up; the protocol's own times are set apart in the tests. */
const isReconnectDelay = (delayMs: number) => delayMs >= 800 && delayMs <= 60_000;

/** Protocol times that no test waits for, outside of the range of reconnect delays. */
const PATIENT = {
  welcomeMs: 61_001,
  authenticationMs: 61_002,
  acknowledgementMs: 61_003,
  pingEveryMs: 61_004,
  lifeMs: 61_005,
  closingMs: 61_006,
};

interface Running {
  readonly server: DnseOpenApiServer;
  readonly feed: MarketFeed;
  readonly events: FeedEvent[];
  readonly delays: number[];
  until(isWanted: (events: readonly FeedEvent[]) => boolean, what: string): Promise<void>;
  untilNotice(notice: FeedNotice["notice"], count?: number): Promise<FeedNotice>;
  untilTicks(count: number): Promise<void>;
  stop(): Promise<void>;
}

const running: { stop(): Promise<void> }[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stream-"));
});

afterEach(async () => {
  for (const { stop } of running.splice(0)) await stop();
  await rm(folder, { recursive: true, force: true });
});

async function run({
  server: serverOptions,
  settings,
  dependencies,
  isQuick = isReconnectDelay,
  prepare,
}: {
  server?: DnseOpenApiServerOptions;
  settings?: Partial<DnseOpenApiSettings>;
  dependencies?: Partial<DnseFeedDependencies>;
  isQuick?: (delayMs: number) => boolean;
  prepare?: (server: DnseOpenApiServer) => void;
} = {}): Promise<Running> {
  const server = await startDnseOpenApiServer(serverOptions);
  prepare?.(server);
  const delays: number[] = [];
  const feed = createDnseFeed(standInSettings(server, { symbols: SYMBOLS, boards: ["G1", "G4"], ...settings }), {
    logger,
    random: () => 0.5,
    schedule: scheduleOf(delays, isQuick),
    limits: PATIENT,
    ...dependencies,
  });
  const events: FeedEvent[] = [];
  const abort = new AbortController();
  const watchers = new Set<() => void>();
  const consumed = (async () => {
    for await (const batch of feed.events(abort.signal)) {
      events.push(...batch);
      for (const watch of watchers) watch();
    }
  })();
  const until: Running["until"] = (isWanted, what) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const notices = events.filter(({ kind }) => kind === "notice").slice(-10);
        reject(new Error(`${what} did not come; the last notices: ${JSON.stringify(notices)}`));
      }, 15_000);
      const watch = () => {
        if (!isWanted(events)) return;
        clearTimeout(timer);
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
    });
  const noticesOf = (notice: FeedNotice["notice"]) =>
    events.filter((event): event is FeedNotice => event.kind === "notice" && event.notice === notice);
  let isStopped = false;
  const started: Running = {
    server,
    feed,
    events,
    delays,
    until,
    untilNotice: async (notice, count = 1) => {
      await until(() => noticesOf(notice).length >= count, `${count} ${notice}`);
      return noticesOf(notice)[count - 1]!;
    },
    untilTicks: (count) => until((all) => all.filter(({ kind }) => kind === "tick").length >= count, `${count} trades`),
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      abort.abort();
      await consumed;
      await server.close();
    },
  };
  running.push(started);
  return started;
}

function messagesSent(server: DnseOpenApiServer, action: string): Record<string, unknown>[] {
  return server.seen.filter((message) => message.action === action);
}

function channelsOf(messages: readonly Record<string, unknown>[]): string[] {
  return messages.map(({ channels }) => (channels as { name: string }[])[0]!.name);
}

describe("a connection that works", () => {
  it("signs in, subscribes to one channel a message, and says so in order", async () => {
    const { server, events, untilNotice } = await run();
    await untilNotice("subscribed");
    const notices = events.filter(({ kind }) => kind === "notice").map((event) => (event as FeedNotice).notice);
    expect(notices).toEqual(["connecting", "connected", "authenticated", "subscribed"]);
    expect(messagesSent(server, "auth")).toMatchObject([
      { api_key: server.key, timestamp: expect.any(Number), nonce: expect.stringMatching(/^\d{16}$/) },
    ]);
    expect(channelsOf(messagesSent(server, "subscribe"))).toEqual([
      "tick.G1.json",
      "tick.G4.json",
      "top_price.G1.json",
      "security_definition.G1.json",
      "market_index.VNINDEX.json",
      "session.STO.G1.json",
    ]);
    expect(messagesSent(server, "subscribe")[0]).toMatchObject({ channels: [{ symbols: ["HPG", "FPT"] }] });
  });

  it("follows all the broker lists when no symbols are named", async () => {
    const { server, untilNotice } = await run({
      settings: { symbols: [] },
      prepare: ({ history }) => {
        for (let index = 0; index < 230; index++) {
          history.instruments.push({ symbol: `S${index}`, marketId: index < 220 ? "STO" : "HCX" });
        }
      },
    });
    await untilNotice("subscribed");
    const ticks = messagesSent(server, "subscribe").flatMap(
      ({ channels }) => channels as { name: string; symbols: string[] }[],
    );
    const followed = ticks.filter(({ name }) => name === "tick.G1.json").flatMap(({ symbols }) => symbols);
    expect(followed).toEqual(Array.from({ length: 220 }, (_, index) => `S${index}`));
    for (const { symbols } of ticks) expect(symbols.length).toBeLessThanOrEqual(100);
  });

  it("asks for the day's reference prices", async () => {
    const { until, events } = await run({
      prepare: ({ history }) => {
        history.definitions.set("HPG", {
          marketId: "STO",
          boardId: "G1",
          symbol: "HPG",
          basicPrice: 26.8,
          ceilingPrice: 28.65,
          floorPrice: 24.95,
          securityStatus: "NO_HALT",
          time: "2026-05-29T01:00:00Z",
        });
      },
    });
    await until((all) => all.some(({ kind }) => kind === "reference"), "a reference price");
    expect(events.filter(({ kind }) => kind === "reference")).toMatchObject([
      { symbol: "HPG", tradingDate: "2026-05-29", reference: 26_800, ceiling: 28_650, floor: 24_950 },
    ]);
  });

  it("answers the server's pings with their time, and pings by itself", async () => {
    const { server, untilNotice } = await run({ dependencies: { limits: { ...PATIENT, pingEveryMs: 250 } } });
    await untilNotice("subscribed");
    await untilNotice("heartbeat");
    server.ping();
    await untilNotice("heartbeat", 3);
    await expect.poll(() => messagesSent(server, "pong").length).toBe(1);
    expect(messagesSent(server, "ping").length).toBeGreaterThanOrEqual(1);
    expect(messagesSent(server, "pong")).toMatchObject([{ timestamp: expect.any(Number) }]);
    expect(server.connectionCount).toBe(1);
  });

  it("goes on without a welcome", async () => {
    const { untilNotice } = await run({
      prepare: ({ faults }) => {
        faults.doesNotWelcome = true;
      },
      isQuick: (delayMs) => delayMs === PATIENT.welcomeMs,
    });
    await untilNotice("subscribed");
  });

  it("takes an address that names the stream's path", async () => {
    const server = await startDnseOpenApiServer();
    running.push({ stop: () => server.close() });
    const { untilNotice } = await run({ settings: { ...standInSettings(server), wsUrl: `${server.wsUrl}/v1/stream` } });
    await untilNotice("subscribed");
    expect(server.connectionCount).toBe(1);
  });

  it("records frames of data, and none that holds the key", async () => {
    const recordFile = join(folder, "frames.jsonl");
    const { server, untilNotice, untilTicks, stop } = await run({ settings: { recordFile } });
    await untilNotice("subscribed");
    server.publishTick({ symbol: "HPG" });
    server.publish(`{"half`);
    server.publish({ T: "t", symbol: "HPG", boardId: "G1", note: server.key });
    server.publishTick({ symbol: "HPG" });
    await untilTicks(2);
    await stop();
    const texts: string[] = [];
    for await (const line of readRecordedFrames(recordFile)) {
      if (line.kind === "frame") texts.push(line.frame.text!);
    }
    expect(texts).toHaveLength(4);
    expect(texts[1]).toBe('{"half');
    expect(texts.join("\n")).not.toContain(server.key);
  });
});

describe("a connection made anew on the same day", () => {
  it("does not ask for reference prices again", async () => {
    const { server, untilNotice } = await run();
    await untilNotice("subscribed");
    await expect.poll(() => server.requests.length).toBe(SYMBOLS.length);
    server.dropConnections();
    await untilNotice("subscribed", 2);
    server.dropConnections();
    await untilNotice("subscribed", 3);
    expect(server.requests).toHaveLength(SYMBOLS.length);
  });
});

describe("frames that are not as they should be", () => {
  it("rejects half frames and rubbish, takes what is good, and stays connected", async () => {
    const { server, untilNotice, untilTicks, events } = await run();
    await untilNotice("subscribed");
    const good = server.makeTick({ symbol: "HPG", quantity: 100 });
    const text = JSON.stringify(good);
    server.publish(text.slice(0, 40));
    server.publish(Uint8Array.from([0xc1, 0xff, 0x00]));
    server.publish("");
    server.publish(Buffer.from([0x7b, 0xff, 0xfe]));
    server.publish([good, { ...good, matchPrice: "x" }, server.makeTick({ symbol: "HPG", quantity: 200 })]);
    await untilTicks(2);
    expect(events.filter(({ kind }) => kind === "rejected")).toHaveLength(5);
    expect(events.filter(({ kind }) => kind === "tick")).toMatchObject([
      { cumulativeVolume: 100 },
      { cumulativeVolume: 300 },
    ]);
    expect(server.connectionCount).toBe(1);
  });

  it("passes duplicate and reordered trades on as they come", async () => {
    const { server, untilNotice, untilTicks, events } = await run();
    await untilNotice("subscribed");
    const [first, second, third] = [1, 2, 3].map((index) => server.makeTick({ symbol: "HPG", quantity: 100 * index }));
    for (const payload of [first!, third!, second!, second!]) server.publish(payload);
    await untilTicks(4);
    expect(events.filter((event) => event.kind === "tick").map(({ cumulativeVolume }) => cumulativeVolume)).toEqual([
      100, 600, 300, 300,
    ]);
  });

  it("puts fragments together that drip in", async () => {
    const { server, untilNotice, untilTicks, events } = await run();
    await untilNotice("subscribed");
    await server.drip(server.makeTick({ symbol: "HPG", quantity: 500 }), 20, 5);
    await untilTicks(1);
    expect(events.filter(({ kind }) => kind === "rejected")).toEqual([]);
  });

  it("leaves a server that sends a frame beyond all bounds, says so, and comes back", async () => {
    const { server, untilNotice, events } = await run({
      dependencies: { limits: { ...PATIENT, longestFrameBytes: 10_000 } },
    });
    await untilNotice("subscribed");
    server.publish(`"${"x".repeat(20_000)}"`);
    await untilNotice("subscribed", 2);
    expect(events.find(({ kind }) => kind === "rejected")).toMatchObject({
      problem: "invalid frame: too long (accepted: at most 10000 bytes)",
    });
  });

  it("comes back from a server that breaks off within a frame, or the protocol", async () => {
    const { server, untilNotice, untilTicks, events } = await run();
    await untilNotice("subscribed");
    // A text frame of 100 bytes, of which 3 come.
    server.sendRaw(Uint8Array.from([0x81, 100, 0x7b, 0x22, 0x54]), true);
    await untilNotice("subscribed", 2);
    expect(events.filter(({ kind }) => kind === "rejected")).toEqual([]);
    // A frame with reserved bits.
    server.sendRaw(Uint8Array.from([0xf1, 0x01, 0x00]));
    await untilNotice("subscribed", 3);
    expect(events.filter(({ kind }) => kind === "rejected")).toMatchObject([
      { problem: expect.stringContaining("accepted: frames of the WebSocket protocol") },
    ]);
    server.publishTick({ symbol: "HPG" });
    await untilTicks(1);
  });

  it("reads indexes, sessions, best prices and definitions from their channels", async () => {
    const { server, untilNotice, until, events } = await run();
    await untilNotice("subscribed");
    const time = { Seconds: 1_779_762_571, Nanos: 0 };
    server.publish({ T: "mi", indexName: "VNINDEX", valueIndexes: 1669.38, transactTime: time });
    server.publish({
      T: "s",
      tscProdGrpId: "STO",
      boardId: "G1",
      marketId: "STO",
      tradingSessionId: "30",
      sendingTime: time,
    });
    server.publish({ T: "q", boardId: "G1", symbol: "HPG", bid: [{ price: 24.3, qtty: 10 }], offer: [], time });
    server.publish({
      T: "sd",
      boardId: "G1",
      symbol: "HPG",
      basicPrice: 24,
      ceilingPrice: 25.65,
      floorPrice: 22.35,
      time,
    });
    await until((all) => all.some(({ kind }) => kind === "reference"), "the definition");
    expect(events.filter(({ kind }) => kind !== "notice").map(({ kind }) => kind)).toEqual([
      "index",
      "session",
      "book",
      "reference",
    ]);
  });
});

describe("a server that fails", () => {
  it("is tried again after 1, 2, 4 … 60 seconds, for ever, until it is back", async () => {
    const { server, delays, until, untilNotice } = await run();
    await untilNotice("subscribed");
    // Requests for reference prices, whose retries have delays of their own, are over.
    await expect.poll(() => server.requests.length).toBe(SYMBOLS.length);
    await server.close();
    await until(
      (all) => all.filter((event) => event.kind === "notice" && event.notice === "disconnected").length >= 12,
      "12 failures",
    );
    expect(delays.filter(isReconnectDelay).slice(0, 10)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000,
    ]);
    const port = Number(new URL(server.wsUrl).port);
    const again = await startDnseOpenApiServer({ port });
    running.push({ stop: () => again.close() });
    await untilNotice("subscribed", 2);
    again.publishTick({ symbol: "HPG" });
    await until((all) => all.some(({ kind }) => kind === "tick"), "a trade");
  });

  it("that drops connections gets a new one, signed in and subscribed anew, with the first delay each time", async () => {
    const { server, delays, untilNotice } = await run();
    for (const round of [1, 2, 3]) {
      await untilNotice("subscribed", round);
      server.dropConnections(round === 2 ? 1011 : undefined, "restart");
    }
    await untilNotice("subscribed", 4);
    expect(delays.filter(isReconnectDelay)).toEqual([1_000, 1_000, 1_000]);
    expect(messagesSent(server, "subscribe")).toHaveLength(4 * 6);
    const nonces = messagesSent(server, "auth").map(({ nonce }) => nonce);
    expect(new Set(nonces).size).toBe(4);
  });

  it("that does not pong is left after two pings", async () => {
    const { server, untilNotice } = await run({ dependencies: { limits: { ...PATIENT, pingEveryMs: 30 } } });
    await untilNotice("subscribed");
    server.faults.doesNotPong = true;
    const { message } = await untilNotice("disconnected");
    expect(message).toContain("did not answer 2 pings");
    server.faults.doesNotPong = false;
    await untilNotice("subscribed", 2);
  });

  it("that ends a connection after eight hours gets a new one", async () => {
    const { server, untilNotice } = await run();
    await untilNotice("subscribed");
    server.expireConnections();
    const { message } = await untilNotice("disconnected");
    expect(message).toContain("Connection expired after 8 hours");
    await untilNotice("subscribed", 2);
  });

  it("is left before it ends the connection", async () => {
    const { untilNotice, server } = await run({ dependencies: { limits: { ...PATIENT, lifeMs: 50 } } });
    const { message } = await untilNotice("disconnected");
    expect(message).toContain("about to reach its longest life");
    await untilNotice("subscribed", 2);
    expect(server.connectionCount).toBeGreaterThanOrEqual(2);
  });

  it("that never acknowledges is left when no data comes", async () => {
    const { untilNotice } = await run({
      prepare: ({ faults }) => {
        faults.doesNotAcknowledge = true;
      },
      isQuick: (delayMs) => isReconnectDelay(delayMs) || delayMs === PATIENT.acknowledgementMs,
    });
    expect((await untilNotice("disconnected")).message).toContain("did not acknowledge any subscription");
  });

  it("that never acknowledges is kept while data comes", async () => {
    let judge: (() => void) | undefined;
    const { server, untilTicks, untilNotice } = await run({
      prepare: ({ faults }) => {
        faults.doesNotAcknowledge = true;
      },
      dependencies: {
        schedule: (task, delayMs) => {
          if (delayMs === PATIENT.acknowledgementMs) judge = task;
          return () => {};
        },
      },
    });
    await server.untilSubscribed("session.STO.G1");
    server.publishTick({ symbol: "HPG" });
    await untilTicks(1);
    judge!();
    expect((await untilNotice("subscribed")).message).toBe("0 of 6 subscriptions were acknowledged");
    expect(server.connectionCount).toBe(1);
  });

  it("that refuses a channel is kept for the others", async () => {
    const { server, untilNotice, untilTicks } = await run({
      prepare: ({ faults }) => {
        faults.refusesChannel = (name) => name.startsWith("tick.G4");
      },
    });
    expect((await untilNotice("refused")).message).toContain("unknown channel: tick.G4.json");
    expect((await untilNotice("subscribed")).message).toBe("5 of 6 subscriptions were acknowledged");
    server.publishTick({ symbol: "HPG" });
    await untilTicks(1);
  });

  it("that does not answer the authentication is left", async () => {
    const { untilNotice } = await run({
      prepare: ({ faults }) => {
        faults.doesNotAnswerAuthentication = true;
      },
      isQuick: (delayMs) => isReconnectDelay(delayMs) || delayMs === PATIENT.authenticationMs,
    });
    expect((await untilNotice("disconnected")).message).toContain("did not answer the authentication");
  });

  it("that closes because the client is slow is given time", async () => {
    const { server, delays, untilNotice } = await run();
    await untilNotice("subscribed");
    server.dropConnections(1013, "try again later");
    await untilNotice("throttled");
    await untilNotice("subscribed", 2);
    expect(delays.filter(isReconnectDelay)).toEqual([15_000]);
  });
});

describe("credentials that are refused", () => {
  it("are tried at the slowest pace, with the reason", async () => {
    const { server, delays, untilNotice } = await run({ settings: { apiSecret: "another-secret" } });
    const { message } = await untilNotice("refused", 3);
    expect(message).toBe("AUTH_FAILED: authentication failed: invalid signature; the next try is in 60.0 s");
    expect(new Set(delays.filter(isReconnectDelay))).toEqual(new Set([60_000]));
    expect(messagesSent(server, "subscribe")).toEqual([]);
    expect(JSON.stringify(server.seen)).not.toContain("another-secret");
  });

  it("are known by a close code too", async () => {
    const { untilNotice } = await run({
      settings: { apiKey: "another-key" },
      prepare: ({ faults }) => {
        faults.refusesSilently = true;
      },
    });
    expect((await untilNotice("refused")).message).toBe(
      "the server closed the connection (1008); the next try is in 60.0 s",
    );
  });

  it("work again when the server has changed its mind", async () => {
    const { server, untilNotice } = await run({
      prepare: ({ faults }) => {
        faults.refusal = { code: "AUTH_FAILED", message: "key is locked" };
      },
    });
    await untilNotice("refused");
    server.faults.refusal = undefined;
    await untilNotice("subscribed");
  });

  it("are dated by the server's clock when that is another one", async () => {
    const { delays, untilNotice, server } = await run({ server: { clockSkewMs: 40 * 60_000 } });
    expect((await untilNotice("refused")).message).toMatch(/the clocks differ by 2(399|400) s/);
    await untilNotice("subscribed");
    expect(delays.filter(isReconnectDelay)).toEqual([1_000]);
    expect(server.connectionCount).toBe(2);
  });

  it("that expire while the stream is on are shown again", async () => {
    const { server, untilNotice } = await run();
    await untilNotice("subscribed");
    for (const connection of server.connections) {
      connection.socket.send(JSON.stringify({ action: "error", code: "TOKEN_EXPIRED", message: "session expired" }));
    }
    expect((await untilNotice("disconnected")).message).toContain("the server ended the session: TOKEN_EXPIRED");
    await untilNotice("subscribed", 2);
    expect(messagesSent(server, "auth")).toHaveLength(2);
  });
});

describe("reconnect(reason)", () => {
  it("leaves a mute connection at once and signs in anew", async () => {
    const { server, feed, delays, untilNotice, untilTicks } = await run();
    await untilNotice("subscribed");
    server.mute();
    server.publishTick({ symbol: "HPG" });
    feed.reconnect("mute for 5 s");
    expect((await untilNotice("disconnected")).message).toBe("mute for 5 s; the next try is now");
    await untilNotice("subscribed", 2);
    server.unmute();
    server.publishTick({ symbol: "HPG" });
    await untilTicks(1);
    expect(delays.filter(isReconnectDelay)).toEqual([]);
  });
});

describe("a consumer that is slow", () => {
  it("makes the server wait, with no more in memory than the buffer holds", async () => {
    const server = await startDnseOpenApiServer();
    running.push({ stop: () => server.close() });
    const feed = createDnseFeed(standInSettings(server, { symbols: SYMBOLS }), {
      logger,
      limits: PATIENT,
      bufferEvents: 2_000,
    });
    const abort = new AbortController();
    const iterator = feed.events(abort.signal)[Symbol.asyncIterator]();
    await server.untilSubscribed("session.STO.G1");
    const [connection] = server.connections;
    const payload = server.makeTick({ symbol: "HPG", quantity: 100 });
    const padding = "x".repeat(1_000);
    let sent = 0;
    // More than kernel buffers take: the rest must wait in the server.
    while (connection!.socket.bufferedAmount < 4_000_000 && sent < 200_000) {
      for (let index = 0; index < 500; index++) {
        sent += 1;
        server.publish({ ...payload, totalVolumeTraded: sent, padding });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBeLessThan(200_000);
    let taken = 0;
    let largest = 0;
    let total = 0;
    while (taken < sent) {
      const { value } = await iterator.next();
      const ticks = (value as readonly FeedEvent[]).filter((event) => event.kind === "tick");
      largest = Math.max(largest, ticks.length);
      for (const { cumulativeVolume } of ticks) {
        total += 1;
        expect(cumulativeVolume).toBe(total * 10);
      }
      taken += ticks.length;
    }
    expect(largest).toBeLessThanOrEqual(2_000);
    expect(server.connectionCount).toBe(1);
    abort.abort();
    await iterator.return?.();
  });
});
