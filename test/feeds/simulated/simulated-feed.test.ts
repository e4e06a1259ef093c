import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { FeedEvent, Tick } from "../../../src/engine/live-market/market-event.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { minuteEvents } from "../../../src/engine/simulated-market/simulate-day-ticks.js";
import { simulateDay } from "../../../src/engine/simulated-market/simulated-day.js";
import { tradingDate, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";
import {
  createSimulatedFeed,
  liveDemoDay,
  type SimulatedFeedOptions,
} from "../../../src/feeds/simulated/simulated-feed.js";
import { describeMarketFeed, FeedStream } from "../market-feed-suite.js";

const MONDAY = tradingDate("2026-11-23");
const SUNDAY_NOON_MS = Date.parse("2026-11-22T12:00:00+07:00");
const logger = pino({ level: "silent" });
const HPG = instrumentSymbol("HPG");

function onMonday(time: string): number {
  return Date.parse(`2026-11-23T${time}+07:00`);
}

/** A machine whose clock passes only while the feed waits: a day runs as fast as it is generated. */
function machineAt(startMs: number) {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    pass: (ms: number) => {
      nowMs += ms;
    },
    schedule: (task: () => void, delayMs: number) => {
      const immediate = setImmediate(() => {
        nowMs += delayMs;
        task();
      });
      return () => clearImmediate(immediate);
    },
  };
}

function demo(options: Partial<SimulatedFeedOptions> = {}, machine = machineAt(SUNDAY_NOON_MS)) {
  const feed = createSimulatedFeed({ liveDay: MONDAY, ...options }, { logger, ...machine });
  const abort = new AbortController();
  const stream = new FeedStream(feed.events(abort.signal));
  const stop = async () => {
    abort.abort();
    await stream.drain();
  };
  return { feed, stream, stop, machine };
}

const isRestart = (event: FeedEvent) => event.kind === "notice" && event.notice === "day-restarted";
const isPhase = (phase: string) => (event: FeedEvent) => event.kind === "session" && event.phase === phase;
const keyOf = ({ symbol, board, eventTimeMs, cumulativeVolume }: Tick) =>
  [symbol, board, eventTimeMs, cumulativeVolume].join(" ");

const feedOptions = {
  ticks: 500,
  eventTimes: [onMonday("09:00:00"), onMonday("15:01:00")],
  prices: [5_000, 500_000],
} as const;
const query = {
  symbol: HPG,
  board: "G1",
  fromMs: onMonday("09:20:00"),
  toMs: onMonday("09:25:00"),
  cumulativeVolumeBefore: 0,
} as const;

describeMarketFeed(
  "the simulated market in the middle of its day",
  () => ({ feed: createSimulatedFeed({ liveDay: MONDAY }, { logger }), query }),
  feedOptions,
);

describeMarketFeed(
  "the simulated market at high speed from its opening",
  () => {
    const machine = machineAt(SUNDAY_NOON_MS);
    const feed = createSimulatedFeed({ liveDay: MONDAY, startAt: "09:16", speed: 20 }, { logger, ...machine });
    return { feed, query: { ...query, fromMs: onMonday("09:00:00"), toMs: onMonday("15:00:00") } };
  },
  { ...feedOptions, waitingTicks: 5_000 },
);

describe("createSimulatedFeed(options, dependencies)", () => {
  it("begins at startAt on a clock of its own, with the day so far as backfilled trades", async () => {
    const { feed, stream, stop } = demo({ startAt: "10:00" });
    await stream.takeUntil((event) => event.kind === "tick" && !event.isBackfill);
    await stop();
    expect(feed.clock.isDetached).toBe(true);
    const past = stream.ticks.filter(({ isBackfill }) => isBackfill);
    const live = stream.ticks.filter(({ isBackfill }) => !isBackfill);
    expect(Math.min(...past.map(({ eventTimeMs }) => eventTimeMs))).toBeGreaterThanOrEqual(onMonday("09:15:00"));
    expect(Math.max(...past.map(({ eventTimeMs }) => eventTimeMs))).toBeLessThanOrEqual(onMonday("10:00:00"));
    expect(Math.min(...live.map(({ eventTimeMs }) => eventTimeMs))).toBeGreaterThan(onMonday("10:00:00"));
    expect(past.length).toBeGreaterThan(10_000);
    expect(stream.events.filter(({ kind }) => kind === "reference")).toHaveLength(30);
    const books = stream.events.filter((event) => event.kind === "book");
    expect(Math.min(...books.map(({ eventTimeMs }) => eventTimeMs))).toBeGreaterThan(onMonday("09:59:00"));
  });

  it("gives every trade of the day exactly once, live when market time reaches it", async () => {
    const { stream, stop } = demo({ speed: 20 });
    await stream.takeUntil(isRestart);
    await stop();
    const restartedAt = stream.events.findIndex(isRestart);
    const ticks = stream.events.slice(0, restartedAt).filter((event) => event.kind === "tick");
    const day = simulateDay({ date: MONDAY });
    const expected: string[] = [];
    for (let minute = 540; minute <= 900; minute++) {
      for (const event of minuteEvents(day, minute)) if (event.kind === "tick") expected.push(keyOf(event));
    }
    expect(ticks.map(keyOf)).toEqual(expected);
    for (const tick of ticks) expect(tick.receivedAtMs).toBeGreaterThanOrEqual(tick.eventTimeMs);
  });

  it("goes through the sessions of HOSE, makes its breaks short and starts over a minute after the close", async () => {
    const { stream, stop, machine } = demo({ startAt: "11:25" });
    await stream.takeUntil(isPhase("lunch"));
    const lunchFromMs = machine.nowMs();
    await stream.takeUntil(isPhase("continuous"));
    const lunchMs = machine.nowMs() - lunchFromMs;
    await stream.takeUntil(isPhase("atc"));
    const auctionFromMs = machine.nowMs();
    await stream.takeUntil(isPhase("put-through"));
    const auctionMs = machine.nowMs() - auctionFromMs;
    await stream.takeUntil(isPhase("closed"));
    const closedFromMs = machine.nowMs();
    await stream.takeUntil(isRestart);
    const restMs = machine.nowMs() - closedFromMs;
    await stop();
    const phases = stream.events.filter((event) => event.kind === "session").map(({ phase }) => phase);
    expect(phases.slice(0, 7)).toEqual(["ato", "continuous", "lunch", "continuous", "atc", "put-through", "closed"]);
    for (const breakMs of [lunchMs, auctionMs, restMs]) expect(Math.abs(breakMs - 60_000)).toBeLessThan(1_000);
  });

  it("plays the same day again after it started over", async () => {
    const { feed, stream, stop } = demo({ startAt: "14:40", speed: 10 });
    await stream.takeUntil(isRestart);
    const first = stream.ticks.filter(({ isBackfill }) => isBackfill).map(keyOf);
    expect(feed.clock.nowMs()).toBeLessThan(onMonday("14:41:00"));
    await stream.takeUntil(isPhase("put-through"));
    await stop();
    const restartedAt = stream.events.findIndex(isRestart);
    const again = stream.events
      .slice(restartedAt)
      .filter((event) => event.kind === "tick" && event.isBackfill)
      .map((event) => keyOf(event as Tick));
    expect(again).toEqual(first);
  });

  it("follows the machine's clock while that is in a session of the day", async () => {
    const { feed, stream, stop, machine } = demo({ speed: 50 }, machineAt(onMonday("13:30:00")));
    await stream.takeUntil((event) => event.kind === "tick" && !event.isBackfill);
    expect(feed.clock.isDetached).toBe(false);
    expect(feed.clock.nowMs()).toBe(machine.nowMs());
    await stream.takeUntil((event) => event.kind === "tick" && event.eventTimeMs > onMonday("13:30:20"));
    expect(machine.nowMs()).toBeGreaterThanOrEqual(onMonday("13:30:20"));
    expect(machine.nowMs()).toBeLessThan(onMonday("13:30:25"));
    await stop();
  });

  it("stays closed after a day that followed the machine's clock", async () => {
    const machine = machineAt(onMonday("14:44:00"));
    const { stream, stop } = demo({}, machine);
    await stream.takeUntil(isPhase("closed"));
    let hasEnded = false;
    const rest = stream.drain().then(() => {
      hasEnded = true;
    });
    while (machine.nowMs() < onMonday("15:10:00")) await new Promise((resolve) => setImmediate(resolve));
    expect(hasEnded).toBe(false);
    expect(stream.events.some(isRestart)).toBe(false);
    await stop();
    await rest;
  });

  it("lets market time wait for a consumer that takes nothing", async () => {
    const { feed, stream, stop, machine } = demo();
    await stream.takeUntil((event) => event.kind === "tick" && !event.isBackfill);
    const pausedAtMs = feed.clock.nowMs();
    machine.pass(3_600_000);
    expect(feed.clock.nowMs() - pausedAtMs).toBeLessThanOrEqual(2_000);
    await stream.takeTicks(10);
    expect(feed.clock.nowMs() - pausedAtMs).toBeLessThan(60_000);
    await stop();
  });

  it("differs by seed", async () => {
    const tickOf = async (seed: number) => {
      const { stream, stop } = demo({ seed });
      const [tick] = await stream.takeTicks(1);
      await stop();
      return tick;
    };
    expect(await tickOf(1)).not.toEqual(await tickOf(2));
    expect(await tickOf(1)).toEqual(await tickOf(1));
  });

  it("tells of a reconnection, which costs no trade", async () => {
    const { feed, stream, stop } = demo();
    await stream.takeUntil((event) => event.kind === "tick" && !event.isBackfill);
    feed.reconnect("mute");
    await stream.takeUntil((event) => event.kind === "notice" && event.notice === "connected");
    await stream.takeTicks(200);
    await stop();
    let volume = 0;
    for (const tick of stream.ticksOf({ symbol: HPG, board: "G1" })) {
      expect(tick.cumulativeVolume - tick.quantity).toBe(volume);
      volume = tick.cumulativeVolume;
    }
  });

  it.each([
    [{ startAt: "08:59" }, "invalid startAt: 08:59 (accepted: a time as HH:MM from 09:00 to 14:45)"],
    [{ startAt: "10" }, "invalid startAt: 10 (accepted: a time as HH:MM from 09:00 to 14:45)"],
    [{ speed: 0 }, "invalid speed: 0 (accepted: a number above 0 up to 100)"],
    [{ speed: NaN }, "invalid speed: NaN (accepted: a number above 0 up to 100)"],
    [{ liveDay: tradingDate("2026-11-22") }, "invalid liveDay: 2026-11-22 (accepted: a trading day of HOSE)"],
  ])("refuses %o", (options, message) => {
    expect(() => demo(options)).toThrow(expect.objectContaining({ code: "ARGUMENT_INVALID", message }));
  });
});

describe("history of the simulated market", () => {
  it("has the trades of the stream under the same keys, and none of the future", async () => {
    const { feed, stream, stop } = demo({ startAt: "09:30" });
    await stream.takeUntil((event) => event.kind === "tick" && event.eventTimeMs > onMonday("09:31:00"));
    const streamed = stream.ticksOf({ symbol: HPG, board: "G1" });
    const history: Tick[] = [];
    const all = { symbol: HPG, board: "G1", fromMs: 0, toMs: onMonday("23:00:00") } as const;
    const { signal } = new AbortController();
    for await (const batch of feed.history!.trades({ ...all, cumulativeVolumeBefore: 0, signal })) {
      history.push(...batch);
    }
    await stop();
    expect(history.slice(0, streamed.length).map(keyOf)).toEqual(streamed.map(keyOf));
    for (const { eventTimeMs } of history) expect(eventTimeMs).toBeLessThanOrEqual(feed.clock.nowMs());
  });

  it("has no trades of a symbol outside the demo market", async () => {
    const { feed } = demo();
    const { signal } = new AbortController();
    for await (const _ of feed.history!.trades({ ...query, symbol: instrumentSymbol("AAA"), signal })) {
      expect.unreachable();
    }
  });

  it("announces the trading days around the simulated one", async () => {
    const dates = await demo({ liveDay: tradingDate("2026-09-03") }).feed.history!.workingDates(
      new AbortController().signal,
    );
    expect(dates).toContain("2026-08-28");
    expect(dates).not.toContain("2026-08-31"); // a day before the holiday that HOSE closed for 2026-09-02
    expect(dates).not.toContain("2026-09-02");
    expect(dates).toContain("2026-09-03");
  });
});

describe("liveDemoDay(lastCompleted, nowMs)", () => {
  const at = (text: string) => Date.parse(`${text}+07:00`);

  it.each([
    ["2026-11-20", "2026-11-22T12:00:00", "2026-11-23", "Monday on a Sunday"],
    ["2026-11-20", "2026-11-23T10:00:00", "2026-11-23", "today while it trades"],
    ["2026-11-23", "2026-11-23T15:00:00", "2026-11-24", "tomorrow after the close"],
    ["2026-11-03", "2026-11-23T16:00:00", "2026-11-24", "no day that is over, however old the candles are"],
    ["2026-02-13", "2026-02-13T16:00:00", "2026-02-23", "the day after Tết"],
    ["2026-11-27", "2026-11-22T12:00:00", "2026-11-30", "the day after candles that reach into the future"],
  ])("after %s, at %s, is %s: %s", (lastCompleted, now, expected) => {
    expect(liveDemoDay(tradingDate(lastCompleted), at(now))).toBe(expected);
    expect(tradingDateToEpochMs(tradingDate(expected))).toBeLessThan(at(now) + 40 * 86_400_000);
  });
});
