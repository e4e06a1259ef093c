import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import pino from "pino";
import type { MarketTicks } from "../../src/contracts/market-api.js";
import type { FeedState } from "../../src/engine/live-market/feed-status.js";
import { MarketBoard } from "../../src/engine/live-market/market-board.js";
import type { IndexLevel, MarketEvent, Tick } from "../../src/engine/live-market/market-event.js";
import type { Dataset } from "../../src/engine/market-data/dataset.js";
import { instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { seededRandom } from "../../src/engine/statistics/seeded-random.js";
import { tradingDate, tradingDateOf } from "../../src/engine/units/trading-date.js";
import type { ReplayRequest, ReplayTape } from "../../src/server/live/hub-replay.js";
import { createLiveHub, type LiveHub } from "../../src/server/live/live-hub.js";
import { LiveMarket } from "../../src/server/live/live-market.js";
import { MemoryMarketBus } from "../../src/shared-state/memory-market-bus.js";

export interface StreamedSymbol {
  readonly symbol: string;
  readonly reference: number;
  readonly isIndex: boolean;
}

const PUSH_MS = 50;
const STATUS_MS = 1_000;
const BOOK_LEVELS = 3;
/** More than any test plays back. */
const KEPT_EVENTS = 50_000;

/**
 * A market of random walks behind the server's own hub, which a test can run, mute and replay. It stands in for feed,
 * ingester and store.
 */
export class LivePageStream {
  readonly #logger = pino({ level: "silent" });
  readonly #bus = new MemoryMarketBus({ logger: this.#logger });
  readonly #market = new LiveMarket({ bus: this.#bus, seed: async () => ({ quotes: [] }), logger: this.#logger });
  readonly #hub: LiveHub;
  readonly #past: MarketEvent[] = [];
  readonly #symbols: readonly StreamedSymbol[];
  readonly #dataset: Dataset;
  readonly #prices: Map<string, number>;
  readonly #volumes = new Map<string, number>();
  readonly #random = seededRandom(7);
  readonly #openedAtMs = Date.now();
  readonly #marketStartMs: number;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #epoch = `stand-in-${Date.now()}`;
  #sequence = 0;
  #state: FeedState = "live";
  #sinceMs: number;
  #lastEventMs: number | undefined;
  #lastReceivedMs: number | undefined;
  #ticksPerSecond = 0;
  #owed = 0;

  /** @param marketStartMs market time at which it begins; one that is not the machine's is a demo clock */
  constructor({
    symbols,
    dataset,
    marketStartMs,
  }: {
    symbols: readonly StreamedSymbol[];
    dataset: Dataset;
    marketStartMs: number;
  }) {
    this.#symbols = symbols;
    this.#dataset = dataset;
    this.#marketStartMs = marketStartMs;
    this.#sinceMs = marketStartMs;
    this.#prices = new Map(symbols.map(({ symbol, reference }) => [symbol, reference]));
    this.#hub = createLiveHub({ market: this.#market, logger: this.#logger, replay: { open: this.#openTape } });
    this.#timers.push(
      setInterval(() => this.#pushOwed(), PUSH_MS),
      setInterval(() => this.#publish([]), STATUS_MS),
    );
  }

  async start(): Promise<void> {
    await this.#market.start();
    this.#publish(this.#references());
  }

  /** Answers an upgrade of the HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    return this.#hub.upgrade(request, socket, head);
  }

  get connected(): number {
    return this.#hub.clients();
  }

  run(ticksPerSecond: number): void {
    this.#ticksPerSecond = ticksPerSecond;
  }

  /** Changes what is said of the feed; a state other than `live` stops the trades. */
  say(state: FeedState): void {
    this.#state = state;
    this.#sinceMs = this.marketTimeMs;
    if (state !== "live") this.#ticksPerSecond = 0;
    this.#publish([]);
  }

  /** Makes trades at random and sends them; `agoMs` dates them back. */
  push(count: number, agoMs = 0): void {
    const events = Array.from({ length: count }, () => this.#event(agoMs)).flat();
    this.#past.push(...events);
    if (this.#past.length > 2 * KEPT_EVENTS) this.#past.splice(0, this.#past.length - KEPT_EVENTS);
    this.#publish(events);
  }

  /** The answer for stored trades, in one page: everything that was pushed. */
  storedTicks({ symbol, fromMs, toMs }: { symbol: string | null; fromMs: number; toMs: number }): MarketTicks {
    const ticks = this.#past.filter(
      (event): event is Tick =>
        event.kind === "tick" &&
        (symbol === null || event.symbol === symbol) &&
        event.eventTimeMs >= fromMs &&
        event.eventTimeMs < toMs,
    );
    const inOrder = ticks.sort((a, b) => a.eventTimeMs - b.eventTimeMs);
    return { symbol, dataset: this.#dataset, ticks: inOrder.map(({ kind: _, ...tick }) => tick), nextCursor: null };
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#hub.close();
    this.#market.close();
    await this.#bus.close();
  }

  get marketTimeMs(): number {
    return this.#marketStartMs + Date.now() - this.#openedAtMs;
  }

  #pushOwed(): void {
    this.#owed += (this.#ticksPerSecond * PUSH_MS) / 1_000;
    const count = Math.floor(this.#owed);
    this.#owed -= count;
    if (count > 0) this.push(count);
  }

  #publish(events: readonly MarketEvent[]): void {
    for (const event of events) {
      if (event.kind === "tick" || event.kind === "index") {
        this.#lastEventMs = event.eventTimeMs;
        this.#lastReceivedMs = event.receivedAtMs;
      }
    }
    void this.#bus.publish({
      epoch: this.#epoch,
      sequence: ++this.#sequence,
      sentAtMs: Date.now(),
      marketTimeMs: this.marketTimeMs,
      feed: "stand-in",
      dataset: this.#dataset,
      status: {
        state: this.#state,
        sinceMs: this.#sinceMs,
        reason: `the stand-in is ${this.#state}`,
        lastReceivedAtMs: this.#lastReceivedMs,
        lastEventTimeMs: this.#lastEventMs,
      },
      events,
    });
  }

  #references(): MarketEvent[] {
    return this.#symbols
      .filter(({ isIndex }) => !isIndex)
      .map(({ symbol, reference }) => ({
        kind: "reference",
        symbol: instrumentSymbol(symbol),
        tradingDate: tradingDate(tradingDateOf(this.#marketStartMs)),
        reference,
        ceiling: reference * 1.07,
        floor: reference * 0.93,
        isHalted: false,
        source: "stand-in",
        receivedAtMs: Date.now(),
      }));
  }

  /** A trade with the book after it, or a level of an index. */
  #event(agoMs: number): MarketEvent[] {
    const chosen = this.#symbols[Math.floor(this.#random() * this.#symbols.length)];
    if (!chosen) return [];
    const { symbol, reference, isIndex } = chosen;
    const last = this.#prices.get(symbol) ?? reference;
    const pull = (reference - last) / (reference * 0.07);
    const price = last + reference * 0.0008 * (Math.floor(this.#random() * 3) - 1 + 0.2 * pull);
    this.#prices.set(symbol, price);
    const quantity = 100 * (1 + Math.floor(this.#random() ** 3 * 200));
    const volume = (this.#volumes.get(symbol) ?? 0) + quantity;
    this.#volumes.set(symbol, volume);
    const eventTimeMs = this.marketTimeMs - agoMs;
    const at = { symbol: instrumentSymbol(symbol), eventTimeMs, receivedAtMs: Date.now() };
    if (isIndex) return [levelOf(at, { value: Math.round(price * 100) / 100, priorValue: reference, volume })];
    const rounded = reference > 1_000 ? Math.round(price / 10) * 10 : Math.round(price * 100) / 100;
    const trade: Tick = {
      kind: "tick",
      ...at,
      board: "G1",
      price: rounded,
      quantity,
      cumulativeVolume: volume,
      side: this.#random() < 0.5 ? "B" : "S",
      session: "continuous",
      source: "stand-in",
      isBackfill: false,
    };
    const side = (sign: number) =>
      Array.from({ length: BOOK_LEVELS }, (_, level) => ({
        price: rounded + sign * 50 * (level + 1),
        quantity: 100 * (1 + Math.floor(this.#random() * 400)),
      }));
    return [trade, { kind: "book", ...at, board: "G1", bids: side(-1), asks: side(1) }];
  }

  readonly #openTape = async ({ fromMs, toMs, speed, signal }: ReplayRequest): Promise<ReplayTape> => {
    const endMs = toMs ?? this.marketTimeMs;
    const events = this.#past.filter((event) => timeOf(event) >= fromMs && timeOf(event) <= endMs);
    const before = new MarketBoard();
    for (const event of this.#past) if (timeOf(event) < fromMs) before.apply(event);
    let [asOfMs, pace, isPaused, at] = [fromMs, speed, false, 0];
    async function* batches() {
      while (!signal.aborted && asOfMs < endMs) {
        await pause(PUSH_MS, undefined, { signal }).catch(() => {});
        if (isPaused || signal.aborted) continue;
        asOfMs = Math.min(endMs, asOfMs + PUSH_MS * pace);
        const begin = at;
        while (at < events.length && timeOf(events[at]!) <= asOfMs) at++;
        if (at > begin) yield { asOfMs, events: events.slice(begin, at) };
      }
    }
    return {
      toMs: endMs,
      seed: { quotes: [...before.quotes()], indexes: [...before.indexes()] },
      batches: batches(),
      asOfMs: () => asOfMs,
      pause: () => {
        isPaused = true;
      },
      resume: () => {
        isPaused = false;
      },
      setSpeed: (next) => {
        pace = next;
      },
    };
  };
}

function levelOf(
  at: Pick<IndexLevel, "symbol" | "eventTimeMs" | "receivedAtMs">,
  { value, priorValue, volume }: { value: number; priorValue: number; volume: number },
): IndexLevel {
  const counts = { advances: 20, declines: 15, unchanged: 3, atCeiling: 0, atFloor: 0 };
  const totals = { cumulativeVolume: volume, cumulativeValue: volume * 20_000 };
  return { kind: "index", ...at, value, priorValue, ...totals, ...counts, source: "stand-in" };
}

function timeOf(event: MarketEvent): number {
  return event.kind === "reference" ? Number.NEGATIVE_INFINITY : event.eventTimeMs;
}
