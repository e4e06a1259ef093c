import { afterEach, describe, expect, it, vi } from "vitest";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import type { MarketSeed } from "../../../src/server/live/hub-market-seed.js";
import { LiveMarket, type LiveMarketOptions } from "../../../src/server/live/live-market.js";
import type { MarketBus, MarketMessage } from "../../../src/shared-state/market-bus.js";
import { logger, SESSION_MS, tick } from "./hub-support.js";

const FPT = instrumentSymbol("FPT");
const status = {
  state: "live",
  sinceMs: 1,
  reason: "trades come in",
  lastReceivedAtMs: 2,
  lastEventTimeMs: 3,
} as const;

let market: LiveMarket | undefined;

afterEach(() => {
  market?.close();
  vi.useRealTimers();
});

function message(sequence: number, changes: Partial<MarketMessage> = {}): MarketMessage {
  return {
    epoch: "one",
    sequence,
    sentAtMs: SESSION_MS,
    marketTimeMs: SESSION_MS,
    feed: "simulated",
    dataset: "market",
    status,
    events: [tick("FPT", sequence)],
    ...changes,
  };
}

function started({ seed = async () => ({ quotes: [] }), ...options }: Partial<LiveMarketOptions> = {}) {
  let deliver: (message: MarketMessage) => void = () => {};
  const bus: MarketBus = {
    publish: async () => {},
    subscribe: (listener) => {
      deliver = listener;
      return () => {};
    },
    health: { isUp: true, reason: "" },
    close: async () => {},
  };
  let reads = 0;
  const its = new LiveMarket({
    bus,
    logger,
    nowMs: () => SESSION_MS,
    seed: () => {
      reads++;
      return seed(undefined);
    },
    ...options,
  });
  market = its;
  const heard: number[] = [];
  let resets = 0;
  its.onMessage(({ sequence }) => heard.push(sequence));
  its.onReset(() => resets++);
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    market: its,
    heard,
    deliver: (...messages: MarketMessage[]) => {
      for (const one of messages) deliver(one);
    },
    reads: () => reads,
    resets: () => resets,
    settled,
  };
}

describe("LiveMarket", () => {
  it("reads the store at the start, and again when the first ingester is heard", async () => {
    const { market: its, deliver, reads, resets, settled, heard } = started();
    await its.start();
    expect([reads(), its.epoch, its.sequence]).toEqual([1, "", 0]);
    deliver(message(7), message(8));
    await settled();
    expect([reads(), resets(), its.epoch, its.sequence]).toEqual([2, 2, "one", 8]);
    deliver(message(9));
    expect(heard).toEqual([9]);
    expect(its.board.quote(FPT)).toMatchObject({ cumulativeVolume: 900 });
  });

  it("passes over messages it has had", async () => {
    const { market: its, deliver, settled, heard, reads } = started();
    await its.start();
    deliver(message(1));
    await settled();
    deliver(message(2), message(2), message(1), message(3));
    expect(heard).toEqual([2, 3]);
    expect(reads()).toBe(2);
  });

  it("reads the store when messages are missing, and loses none of those that come meanwhile", async () => {
    let answer: ((seed: MarketSeed) => void) | undefined;
    const seed = () => new Promise<MarketSeed>((resolve) => (answer = resolve));
    const { market: its, deliver, settled, heard } = started({ seed });
    const isReady = its.start();
    answer!({ quotes: [] });
    await isReady;
    deliver(message(1));
    answer!({ quotes: [] });
    await settled();
    deliver(message(2), message(5), message(6));
    expect([heard, its.sequence]).toEqual([[2], 2]);
    deliver(message(7));
    answer!({ quotes: [] });
    await settled();
    expect(its.sequence).toBe(7);
    expect(its.board.quote(FPT)).toMatchObject({ cumulativeVolume: 700 });
    expect(its.recent(4)?.map(({ sequence }) => sequence)).toEqual([5, 6, 7]);
    expect(its.recent(3)).toBeUndefined();
    deliver(message(8));
    expect(heard).toEqual([2, 8]);
  });

  it("reads again when messages were missing while it read, but not all the time", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let answer: ((seed: MarketSeed) => void) | undefined;
    const seed = () => new Promise<MarketSeed>((resolve) => (answer = resolve));
    const { market: its, deliver, settled, reads } = started({ seed });
    void its.start();
    answer!({ quotes: [] });
    await settled();
    deliver(message(1));
    answer!({ quotes: [] });
    await settled();
    deliver(message(3), message(5));
    answer!({ quotes: [] });
    await settled();
    expect([reads(), its.sequence]).toEqual([3, 3]);
    vi.advanceTimersByTime(1_000);
    expect(reads()).toBe(4);
    answer!({ quotes: [] });
    await settled();
    expect(its.sequence).toBe(5);
  });

  it("keeps what it knows while the store cannot be read, and tries again", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let isDown = false;
    const seed = async () => {
      if (isDown) throw new Error("the database is down");
      return { quotes: [] };
    };
    const { market: its, deliver, settled, reads } = started({ seed });
    await its.start();
    deliver(message(1));
    await settled();
    isDown = true;
    deliver(message(4));
    await settled();
    expect([its.sequence, its.board.quote(FPT)?.cumulativeVolume]).toEqual([1, 100]);
    isDown = false;
    vi.advanceTimersByTime(2_000);
    await settled();
    expect([reads(), its.sequence, its.board.quote(FPT)?.cumulativeVolume]).toEqual([4, 4, 400]);
  });

  it("keeps recent messages within bounds of number, events and age", async () => {
    const { market: its, deliver, settled } = started({ recent: { messages: 4, events: 6, ageMs: 1_000 } });
    await its.start();
    deliver(message(1));
    await settled();
    for (let n = 2; n <= 10; n++) deliver(message(n));
    const kept = () => {
      for (let from = 0; from < its.sequence; from++) if (its.recent(from)) return its.sequence - from;
      return 0;
    };
    expect(kept()).toBe(4);
    deliver(message(11, { events: [tick("A", 1), tick("A", 2), tick("A", 3), tick("A", 4)] }));
    expect(kept()).toBe(3);
    deliver(message(12, { sentAtMs: SESSION_MS + 1_001, events: [] }));
    expect(kept()).toBe(1);
    expect(its.recent(12)).toEqual([]);
    expect(its.recent(13)).toBeUndefined();
  });
});

describe("LiveMarket.status()", () => {
  it("is what the ingester says, until it says nothing for 5 and for 30 seconds", async () => {
    vi.useFakeTimers();
    let nowMs = SESSION_MS;
    const { market: its, deliver } = started({ nowMs: () => nowMs });
    const told: string[] = [];
    its.onStatus(({ state, reason }) => told.push(`${state}: ${reason}`));
    await its.start();
    expect(its.status()).toMatchObject({ state: "connecting", reason: "waiting for the ingester", feed: "none" });
    deliver(message(1));
    await vi.advanceTimersByTimeAsync(1);
    expect(its.status()).toMatchObject({
      state: "live",
      reason: "trades come in",
      feed: "simulated",
      atMs: SESSION_MS,
    });
    const pass = async (ms: number) => {
      nowMs += ms;
      await vi.advanceTimersByTimeAsync(ms);
    };
    await pass(5_000);
    expect(told).toEqual([]);
    await pass(1_000);
    expect(its.status()).toMatchObject({ state: "stale", reason: "no word from the ingester", sinceMs: SESSION_MS });
    await pass(25_000);
    expect(its.status()).toMatchObject({ state: "down", lastEventTimeMs: 3 });
    expect(told).toEqual(["stale: no word from the ingester", "down: no word from the ingester"]);
    deliver(message(2));
    expect(its.status()).toMatchObject({ state: "live" });
  });

  it("is stale from the start when the bus has kept an old message only", async () => {
    vi.useFakeTimers();
    const { market: its, deliver } = started({ nowMs: () => SESSION_MS + 10_000 });
    await its.start();
    deliver(message(1));
    await vi.advanceTimersByTimeAsync(1);
    expect(its.status()).toMatchObject({ state: "stale", sinceMs: SESSION_MS });
  });
});
