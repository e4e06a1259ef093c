import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { FeedEvent, Tick } from "../../../src/engine/live-market/market-event.js";
import { createReplayFeed, type ReplayOptions } from "../../../src/feeds/replay/replay-feed.js";
import { arrayTape, MONDAY_MS, manualClock, tickAt } from "./tapes.js";

const logger = pino({ level: "silent" });

function replay(options: ReplayOptions) {
  const machine = manualClock();
  const feed = createReplayFeed(options, { logger, nowMs: machine.nowMs, wait: machine.wait });
  const abort = new AbortController();
  const seen: FeedEvent[] = [];
  const reading = (async () => {
    for await (const batch of feed.events(abort.signal)) seen.push(...batch);
  })();
  return {
    feed,
    machine,
    seen,
    reading,
    stop: async () => {
      abort.abort();
      await reading;
    },
    offsets: () => seen.filter((event) => event.kind === "tick").map((tick) => tick.eventTimeMs - MONDAY_MS),
    notices: () => seen.filter((event) => event.kind === "notice").map(({ notice }) => notice),
  };
}

async function drain(options: ReplayOptions): Promise<FeedEvent[]> {
  const seen: FeedEvent[] = [];
  for await (const batch of createReplayFeed(options, { logger }).events(new AbortController().signal)) {
    seen.push(...batch);
  }
  return seen;
}

describe("createReplayFeed(options, dependencies)", () => {
  const ticks = [0, 100, 100, 250, 1_000, 5_000].map((offset, index) => tickAt(offset, (index + 1) * 100));

  it("is a feed of the tape's dataset with a clock of its own and no history", () => {
    const feed = createReplayFeed({ source: arrayTape(ticks), speed: 1, startMs: MONDAY_MS }, { logger });
    expect(feed).toMatchObject({ name: "replay", dataset: "market", symbols: [], history: undefined });
    expect(feed.clock.isDetached).toBe(true);
    expect(feed.clock.nowMs()).toBe(MONDAY_MS);
  });

  it("gives back every tape exactly and in its order, whatever the batches, late events included", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 60 }),
        async (offsets, batchSize) => {
          const events = offsets.map((offset, index) => tickAt(offset, (index + 1) * 100));
          const seen = await drain({ source: arrayTape(events, batchSize), speed: "max" });
          expect(seen.slice(1, -1)).toEqual(events);
          expect([seen[0], seen.at(-1)]).toMatchObject([{ notice: "connected" }, { notice: "ended" }]);
        },
      ),
    );
  });

  it("lets tape time pass at the asked speed, and with it the events", async () => {
    const { feed, machine, offsets, stop } = replay({ source: arrayTape(ticks, 2), speed: 10 });
    await machine.advance(0);
    expect(offsets()).toEqual([0]);
    await machine.advance(9);
    expect([offsets(), feed.asOfMs - MONDAY_MS]).toEqual([[0], 90]);
    await machine.advance(1);
    expect([offsets(), feed.asOfMs - MONDAY_MS]).toEqual([[0, 100, 100], 100]);
    await machine.advance(490);
    expect([offsets(), feed.asOfMs - MONDAY_MS]).toEqual([[0, 100, 100, 250, 1_000, 5_000], 5_000]);
    await stop();
  });

  it("changes speed from the present on", async () => {
    const { feed, machine, offsets, stop } = replay({ source: arrayTape(ticks), speed: 1 });
    await machine.advance(200);
    feed.setSpeed(4);
    expect(feed.speed).toBe(4);
    await machine.advance(12);
    expect([offsets(), feed.asOfMs - MONDAY_MS]).toEqual([[0, 100, 100], 248]);
    await machine.advance(1);
    expect(offsets()).toEqual([0, 100, 100, 250]);
    feed.setSpeed("max");
    await machine.advance(0);
    expect(offsets()).toHaveLength(6);
    await stop();
  });

  it("stands still while paused, at any speed", async () => {
    for (const speed of [1, "max"] as const) {
      const { feed, machine, offsets, stop } = replay({ source: arrayTape(ticks), speed, startMs: MONDAY_MS });
      feed.pause();
      await machine.advance(60_000);
      expect([offsets(), feed.asOfMs, feed.isPaused]).toEqual([[], MONDAY_MS, true]);
      feed.resume();
      await machine.advance(5_000);
      expect([offsets().length, feed.isPaused]).toEqual([6, false]);
      await stop();
    }
  });

  it("moves to another instant in both directions and says so", async () => {
    const source = arrayTape(ticks);
    const { feed, machine, offsets, notices, reading } = replay({ source, speed: 1 });
    await machine.advance(100);
    feed.seek(MONDAY_MS + 900);
    expect(feed.asOfMs).toBe(MONDAY_MS + 900);
    await machine.advance(100);
    expect(offsets()).toEqual([0, 100, 100, 1_000]);
    feed.seek(MONDAY_MS + 100);
    await machine.advance(0);
    expect(offsets()).toEqual([0, 100, 100, 1_000, 100, 100]);
    expect(notices()).toEqual(["connected", "connected", "connected"]);
    expect(source.opened.map((fromMs) => fromMs - MONDAY_MS)).toEqual([0, 900, 100]);
    await machine.advance(10_000);
    await reading;
    expect(notices().at(-1)).toBe("ended");
    expect(feed.asOfMs).toBe(MONDAY_MS + 5_000);
  });

  it("moves while paused and stays paused", async () => {
    const { feed, machine, offsets, stop } = replay({ source: arrayTape(ticks), speed: "max", startMs: MONDAY_MS });
    feed.pause();
    await machine.advance(10);
    feed.seek(MONDAY_MS + 1_000);
    await machine.advance(60_000);
    expect([offsets(), feed.asOfMs - MONDAY_MS]).toEqual([[], 1_000]);
    feed.resume();
    await machine.advance(0);
    expect(offsets()).toEqual([1_000, 5_000]);
    await stop();
  });

  it("makes the tape wait for a consumer that is away, and does not hurry afterwards", async () => {
    const machine = manualClock();
    const feed = createReplayFeed(
      { source: arrayTape(ticks), speed: 1 },
      { logger, nowMs: machine.nowMs, wait: machine.wait },
    );
    const events = feed.events(new AbortController().signal)[Symbol.asyncIterator]();
    await events.next(); // connected
    expect((await events.next()).value).toEqual([ticks[0]]);
    await machine.advance(60_000);
    expect(feed.asOfMs).toBe(MONDAY_MS);
    const second = events.next();
    await machine.advance(99);
    expect(feed.asOfMs - MONDAY_MS).toBe(99);
    await machine.advance(1);
    expect((await second).value).toEqual([ticks[1], ticks[2]]);
    await events.return!(undefined);
  });

  it("has delivered nothing later than its clock and everything earlier", async () => {
    const offsets = [0, 3, 3, 10, 40, 41, 90];
    const events = offsets.map((offset, index) => tickAt(offset, (index + 1) * 100));
    const { feed, machine, seen, stop } = replay({ source: arrayTape(events, 3), speed: 2 });
    for (let step = 0; step < 60; step += 1) {
      await machine.advance(1);
      const delivered = seen.filter((event): event is Tick => event.kind === "tick");
      expect(delivered).toEqual(events.filter(({ eventTimeMs }) => eventTimeMs <= feed.asOfMs));
    }
    await stop();
  });

  it("ends at once when its signal aborts in a wait, and goes on when it is read again", async () => {
    const { feed, machine, offsets, stop } = replay({ source: arrayTape(ticks), speed: 1 });
    await machine.advance(300);
    await stop();
    expect(offsets()).toEqual([0, 100, 100, 250]);
    const later: FeedEvent[] = [];
    feed.setSpeed("max");
    for await (const batch of feed.events(new AbortController().signal)) later.push(...batch);
    expect(later.filter(({ kind }) => kind === "tick")).toEqual(ticks.slice(4));
  });

  it("lets other work of the process run while it goes as fast as it can", async () => {
    const many = Array.from({ length: 200_000 }, (_, index) => tickAt(index, index + 1));
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    const seen = await drain({ source: arrayTape(many, 50), speed: "max", startMs: MONDAY_MS });
    clearInterval(timer);
    expect(seen).toHaveLength(many.length + 2);
    expect(turns).toBeGreaterThan(0);
  });

  it.each([0, -1, Number.NaN, Number.NEGATIVE_INFINITY])("refuses the speed %s", (speed) => {
    const source = arrayTape(ticks);
    expect(() => createReplayFeed({ source, speed }, { logger })).toThrowError(/^invalid speed: .* \(accepted:/);
    const feed = createReplayFeed({ source, speed: 1 }, { logger });
    expect(() => feed.setSpeed(speed)).toThrowError(/^invalid speed/);
    expect(feed.speed).toBe(1);
  });

  it("refuses instants that are no numbers, and takes an infinite speed as max", () => {
    const source = arrayTape(ticks);
    const feed = createReplayFeed({ source, speed: Number.POSITIVE_INFINITY }, { logger });
    expect(feed.speed).toBe("max");
    expect(() => feed.seek(Number.NaN)).toThrowError(/^invalid instant: NaN/);
    expect(() => createReplayFeed({ source, speed: 1, startMs: Number.NaN }, { logger })).toThrowError(/instant/);
  });
});
