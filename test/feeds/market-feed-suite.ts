import { afterEach, describe, expect, it } from "vitest";
import { BOARDS } from "../../src/engine/live-market/board.js";
import { type FeedEvent, TICK_SIDES, type Tick } from "../../src/engine/live-market/market-event.js";
import { SESSION_PHASES } from "../../src/engine/live-market/session-phase.js";
import { DATASETS } from "../../src/engine/market-data/dataset.js";
import { SYMBOL_PATTERN } from "../../src/engine/market-data/instrument-symbol.js";
import { FEED_BUFFER_EVENTS, FEED_NAMES, type MarketFeed, type TradeQuery } from "../../src/feeds/market-feed.js";

/** A feed with the source behind it. */
export interface FeedUnderTest {
  readonly feed: MarketFeed;
  /**
   * Lets the source send so many further trades, each with a cumulative volume of its own, and resolves when they
   * are on their way or wait for a slow consumer. Sources that go on by themselves have none.
   */
  readonly send?: (count: number) => Promise<void> | void;
  /** A query that the history answers with at least one trade; `undefined` where there is no history. */
  readonly query?: Omit<TradeQuery, "signal">;
  readonly close?: () => Promise<void> | void;
}

export interface FeedSuiteOptions {
  /** Trades that the source gives, or sends when asked, for each test of their shape. */
  readonly ticks?: number;
  /** Trades that wait while the consumer does not take any. */
  readonly waitingTicks?: number;
  /** False for a tape, which has no connection to make anew. */
  readonly reconnects?: boolean;
  /** Sources that trades may name; the feed's name unless told: a tape keeps those of its trades. */
  readonly sources?: readonly string[];
  /** Earliest and latest plausible event time; 2000-01-01 to 2100-01-01 unless told. */
  readonly eventTimes?: readonly [number, number];
  /** Plausible prices; above 0 unless told. */
  readonly prices?: readonly [number, number];
  readonly timeoutMs?: number;
}

const EVENT_TIMES = [Date.UTC(2000, 0), Date.UTC(2100, 0)] as const;

/** What every `MarketFeed` promises. `make` builds a new feed, whose source is ready, for every test. */
export function describeMarketFeed(
  name: string,
  make: () => Promise<FeedUnderTest> | FeedUnderTest,
  {
    ticks: tickCount = 20,
    waitingTicks = 2_000,
    reconnects = true,
    sources,
    eventTimes = EVENT_TIMES,
    prices = [Number.MIN_VALUE, Number.MAX_VALUE],
    timeoutMs = 20_000,
  }: FeedSuiteOptions = {},
): void {
  describe(`${name} as a MarketFeed`, { timeout: timeoutMs }, () => {
    const ends: (() => Promise<void> | void)[] = [];

    afterEach(async () => {
      for (const end of ends.splice(0).reverse()) await end();
    });

    async function start(): Promise<FeedUnderTest & { readonly stream: FeedStream; readonly abort: AbortController }> {
      const made = await make();
      const abort = new AbortController();
      const stream = new FeedStream(made.feed.events(abort.signal));
      ends.push(
        () => made.close?.(),
        async () => {
          abort.abort();
          await stream.drain();
        },
      );
      return { ...made, stream, abort };
    }

    it("says what it is", async () => {
      const { feed } = await start();
      expect(FEED_NAMES).toContain(feed.name);
      expect(DATASETS).toContain(feed.dataset);
      expect(typeof feed.clock.isDetached).toBe("boolean");
      for (const symbol of feed.symbols) expect(symbol).toMatch(SYMBOL_PATTERN);
      const [earliest, latest] = eventTimes;
      expect(feed.clock.nowMs()).toBeGreaterThanOrEqual(earliest);
      expect(feed.clock.nowMs()).toBeLessThanOrEqual(latest);
    });

    it("yields batches that are neither empty nor beyond the buffer, in the order of receipt", async () => {
      const { stream, send } = await start();
      await send?.(tickCount);
      await stream.takeTicks(tickCount);
      for (const batch of stream.batches) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(FEED_BUFFER_EVENTS);
      }
      const receipts = stream.events.map(receiptOf);
      expect(receipts).toEqual(receipts.toSorted((a, b) => a - b));
    });

    it("gives trades in major units, whole quantities, epoch milliseconds and its own name", async () => {
      const { feed, stream, send } = await start();
      await send?.(tickCount);
      for (const tick of await stream.takeTicks(tickCount)) {
        expect(tick.symbol).toMatch(SYMBOL_PATTERN);
        expect(BOARDS).toContain(tick.board);
        expect(TICK_SIDES).toContain(tick.side);
        expect(SESSION_PHASES).toContain(tick.session);
        expect(sources ?? [feed.name]).toContain(tick.source);
        expectWithin(tick.price, prices);
        expect(tick.quantity).toBeGreaterThan(0);
        expect(tick.cumulativeVolume).toBeGreaterThanOrEqual(tick.quantity);
        expectWithin(tick.eventTimeMs, eventTimes);
        expectWithin(tick.receivedAtMs, eventTimes);
      }
    });

    it("gives every trade of an undisturbed source once: keys differ and cumulative volumes rise", async () => {
      const { stream, send } = await start();
      await send?.(tickCount);
      const ticks = await stream.takeTicks(tickCount);
      const keys = ticks.map((tick) => [tick.symbol, tick.board, tick.eventTimeMs, tick.cumulativeVolume].join(" "));
      expect(new Set(keys).size).toBe(keys.length);
      const volumes = new Map<string, number>();
      for (const { symbol, board, cumulativeVolume } of ticks) {
        expect(cumulativeVolume).toBeGreaterThan(volumes.get(`${symbol} ${board}`) ?? 0);
        volumes.set(`${symbol} ${board}`, cumulativeVolume);
      }
    });

    it("ends when it is aborted, also while it waits", async () => {
      const { stream, send, abort } = await start();
      await send?.(tickCount);
      await stream.takeTicks(1);
      const rest = stream.drain();
      abort.abort();
      await rest;
      expect(stream.isDone).toBe(true);
    });

    it("ends at once when it was aborted before it began", async () => {
      const { feed, close } = await make();
      if (close !== undefined) ends.push(close);
      const stream = new FeedStream(feed.events(AbortSignal.abort()));
      await stream.drain();
      expect(stream.events.filter(({ kind }) => kind === "tick")).toEqual([]);
    });

    it("has one consumer: a second one is refused, and the first goes on", async () => {
      const { feed, stream, send, abort } = await start();
      await send?.(tickCount);
      await stream.takeTicks(1);
      await expect(async () => {
        for await (const _ of feed.events(abort.signal)) break;
      }).rejects.toThrow();
      await send?.(tickCount);
      await stream.takeTicks(1);
    });

    it("waits for a slow consumer and loses nothing of what its source sent meanwhile", async () => {
      const { stream, send } = await start();
      await send?.(1);
      const [first] = await stream.takeTicks(1);
      expect(first).toBeDefined();
      await send?.(waitingTicks);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const ticks = await stream.takeTicks(waitingTicks);
      expect(ticks.length).toBeGreaterThanOrEqual(waitingTicks);
      const ofSymbol = ticks.filter(({ symbol, board }) => symbol === first!.symbol && board === first!.board);
      let volume = first!.cumulativeVolume;
      for (const tick of stream.ticksOf(first!).slice(1)) {
        expect(tick.cumulativeVolume - tick.quantity).toBeCloseTo(volume, 6);
        volume = tick.cumulativeVolume;
      }
      expect(ofSymbol.length).toBeGreaterThan(0);
      for (const batch of stream.batches) expect(batch.length).toBeLessThanOrEqual(FEED_BUFFER_EVENTS);
    });

    it.skipIf(!reconnects)("goes on after reconnect(): its iteration does not end", async () => {
      const { feed, stream, send } = await start();
      await send?.(tickCount);
      await stream.takeTicks(1);
      feed.reconnect("asked for by the test");
      await stream.takeUntil((event) => event.kind === "notice" && event.notice === "connected");
      await send?.(tickCount);
      await stream.takeTicks(1);
      expect(stream.isDone).toBe(false);
    });

    it("gives trades of the past in ascending order, marked as backfilled", async (context) => {
      const { feed, query } = await start();
      if (feed.history === undefined) {
        expect(query).toBeUndefined();
        context.skip("this feed has no history");
      }
      if (query === undefined) throw new Error("a feed with a history needs a query to test it with");
      const ticks: Tick[] = [];
      for await (const batch of feed.history!.trades({ ...query, signal: new AbortController().signal })) {
        ticks.push(...batch);
      }
      expect(ticks.length).toBeGreaterThan(0);
      let before = { eventTimeMs: query.fromMs, cumulativeVolume: 0 };
      for (const tick of ticks) {
        expect(tick).toMatchObject({ symbol: query.symbol, board: query.board, isBackfill: true, source: feed.name });
        expect(tick.eventTimeMs).toBeGreaterThanOrEqual(before.eventTimeMs);
        expect(tick.eventTimeMs).toBeLessThanOrEqual(query.toMs);
        expect(tick.cumulativeVolume).toBeGreaterThan(before.cumulativeVolume);
        before = tick;
      }
    });
  });
}

/** Takes batches only when it is asked to, as a consumer does that is busy in between. */
export class FeedStream {
  readonly batches: (readonly FeedEvent[])[] = [];
  isDone = false;
  readonly #iterator: AsyncIterator<readonly FeedEvent[]>;
  #ticksTaken = 0;

  constructor(events: AsyncIterable<readonly FeedEvent[]>) {
    this.#iterator = events[Symbol.asyncIterator]();
  }

  get events(): FeedEvent[] {
    return this.batches.flat();
  }

  get ticks(): Tick[] {
    return this.events.filter((event) => event.kind === "tick");
  }

  ticksOf({ symbol, board }: Pick<Tick, "symbol" | "board">): Tick[] {
    return this.ticks.filter((tick) => tick.symbol === symbol && tick.board === board);
  }

  /** The next trades, at least so many, with all that came in their batches. */
  async takeTicks(count: number): Promise<Tick[]> {
    const from = this.#ticksTaken;
    while (this.#ticksTaken < from + count)
      await this.#take(`${count} trades, of which it gave ${this.#ticksTaken - from}`);
    return this.ticks.slice(from);
  }

  /** Takes batches until one has such an event, and returns it. */
  async takeUntil(isWanted: (event: FeedEvent) => boolean): Promise<FeedEvent> {
    for (;;) {
      const wanted = (await this.#take("the event that was waited for")).find(isWanted);
      if (wanted !== undefined) return wanted;
    }
  }

  /** Takes everything until the feed ends. */
  async drain(): Promise<void> {
    while (!this.isDone) await this.#next();
  }

  async #take(wanted: string): Promise<readonly FeedEvent[]> {
    const batch = await this.#next();
    if (batch === undefined) throw new Error(`the feed ended before ${wanted}`);
    return batch;
  }

  async #next(): Promise<readonly FeedEvent[] | undefined> {
    const { done, value } = await this.#iterator.next();
    if (done === true) {
      this.isDone = true;
      return undefined;
    }
    this.batches.push(value);
    for (const { kind } of value) if (kind === "tick") this.#ticksTaken++;
    return value;
  }
}

function receiptOf(event: FeedEvent): number {
  return event.kind === "notice" || event.kind === "rejected" ? event.atMs : event.receivedAtMs;
}

function expectWithin(value: number, [least, most]: readonly [number, number]): void {
  expect(value).toBeGreaterThanOrEqual(least);
  expect(value).toBeLessThanOrEqual(most);
}
