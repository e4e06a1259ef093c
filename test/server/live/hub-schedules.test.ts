import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IndexLevel, MarketEvent } from "../../../src/engine/live-market/market-event.js";
import type { SymbolQuote } from "../../../src/engine/live-market/symbol-quote.js";
import { interestIn } from "../../../src/server/live/hub-interest.js";
import { type BookRow, bookRows } from "../../../src/server/live/live-columns.js";
import { book, type Frame, indexLevel, startTestHub, type TestClient, type TestHub, tick } from "./hub-support.js";

type Row = Frame["rows"][number];

/** What a page keeps of what it is told, over all its connections. */
class Page {
  readonly channels = new Set<string>();
  readonly quotes = new Map<string, Row>();
  readonly books = new Map<string, Row[]>();
  readonly indexes = new Map<string, Row>();
  readonly trades: string[] = [];
  conflatedTicks = 0;
  sequence = 0;
  #read = 0;

  /** Takes in what has come since the last call. */
  read({ all }: TestClient): void {
    for (const item of all.slice(this.#read)) {
      if ("table" in item) this.#take(item);
      else if (item.type === "conflated") this.conflatedTicks += item.ticks;
      // What these two count, this page has not seen yet.
      const isAheadOfItsTrades =
        "type" in item && (item.type === "welcome" || (item.type === "subscribed" && item.from === "resumed"));
      if ("sequence" in item && !isAheadOfItsTrades) this.sequence = Math.max(this.sequence, item.sequence);
    }
    this.#read = all.length;
  }

  /** From here on another connection is read. */
  reconnected(): void {
    this.#read = 0;
  }

  #take({ table, rows }: Frame): void {
    if (table === "ticks") this.trades.push(...rows.map((row) => `${row.symbol} ${row.cumulative_volume}`));
    if (table === "quotes") for (const row of rows) this.quotes.set(String(row.symbol), row);
    if (table === "indexes") for (const row of rows) this.indexes.set(String(row.symbol), row);
    if (table === "books") {
      for (const [symbol, levels] of Map.groupBy(rows, (row) => String(row.symbol))) this.books.set(symbol, levels);
    }
  }
}

const EMPTY_BOOK: Row[] = [{ side: "", level: 0, price: Number.NaN, quantity: 0 }];
const SYMBOLS = ["A", "B", "C", "D"] as const;
const CHANNELS = [
  "market:A",
  "market:B",
  "market:C",
  "market:D",
  "market:I",
  "market:heatmap",
  "market:ticks",
  "market:indexes",
  "feed",
];

const events = fc.array(fc.tuple(fc.constantFrom(...SYMBOLS, "I"), fc.constantFrom("tick", "book", "empty")), {
  minLength: 1,
  maxLength: 6,
});
const channels = fc.subarray(CHANNELS, { minLength: 1 });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("publish" as const), events }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("subscribe" as const), channels }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unsubscribe" as const), channels }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cut" as const), missed: fc.array(events, { maxLength: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("stall" as const),
      missed: fc.array(events, { minLength: 3, maxLength: 8 }),
      isCut: fc.boolean(),
    }),
  },
);

type Happenings = typeof events extends fc.Arbitrary<infer T> ? T : never;
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class Schedule {
  readonly page = new Page();
  readonly expected: string[] = [];
  readonly #hub: TestHub;
  #client: TestClient;
  #count = 0;

  constructor(hub: TestHub, client: TestClient) {
    this.#hub = hub;
    this.#client = client;
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const one of steps) await this.#do(one);
  }

  async #do(one: Step): Promise<void> {
    switch (one.do) {
      case "publish":
        this.#publish(one.events);
        return;
      case "subscribe": {
        await this.#client.subscribe(one.channels);
        for (const channel of one.channels) this.page.channels.add(channel);
        return;
      }
      case "unsubscribe": {
        await this.#client.ask({ type: "unsubscribe", channels: one.channels });
        for (const channel of one.channels) this.page.channels.delete(channel);
        return;
      }
      case "cut":
        await this.#cut(one.missed);
        return;
      case "stall": {
        const { serverSide } = this.#client;
        serverSide!.cork();
        for (const missed of one.missed) {
          this.#publish(missed);
          await new Promise((resolve) => setTimeout(resolve, 3));
        }
        if (one.isCut) await this.#cut([]);
        else serverSide!.uncork();
      }
    }
  }

  async #cut(missed: readonly Happenings[]): Promise<void> {
    this.#client.end();
    await this.#client.closed();
    this.page.read(this.#client);
    for (const one of missed) this.#publish(one);
    this.#client = await this.#hub.connect();
    this.page.reconnected();
    if (this.page.channels.size === 0) return;
    const { sequence } = this.page;
    const answer = await this.#client.subscribe([...this.page.channels], { epoch: "epoch-1", sequence });
    expect(answer.from).toBe("resumed");
  }

  #publish(what: Happenings): void {
    const interest = interestIn(this.page.channels);
    const made = what.map(([symbol, kind]): MarketEvent => {
      const n = ++this.#count;
      if (symbol === "I") return indexLevel("I", n);
      if (kind === "tick") {
        const trade = tick(symbol, n);
        if (interest.allTicks || interest.symbols.has(trade.symbol)) {
          this.expected.push(`${symbol} ${trade.cumulativeVolume}`);
        }
        return trade;
      }
      return book(symbol, n, kind === "empty" ? 0 : 2);
    });
    this.#hub.publish(...made);
  }

  /** Waits until the page knows everything, and compares it with the board. */
  async verify(): Promise<void> {
    const { board } = this.#hub.market;
    const interest = interestIn(this.page.channels);
    const isWanted = ({ symbol }: { symbol: SymbolQuote["symbol"] }) => interest.symbols.has(symbol);
    // A book alone makes no quote: it is told of with the first trade.
    const traded = Array.from(board.quotes()).filter(({ price }) => !Number.isNaN(price));
    const quotes = traded.filter((quote) => interest.allQuotes || isWanted(quote));
    const books = Array.from(board.quotes()).filter(isWanted);
    const indexes = Array.from(board.indexes()).filter((index) => interest.allIndexes || isWanted(index));
    const known = () => {
      this.page.read(this.#client);
      const { quotes: its, books: itsBooks, indexes: itsIndexes, trades, conflatedTicks } = this.page;
      return {
        quotes: quotes.map(({ symbol }) => shownQuote(its.get(symbol))),
        books: books.map(({ symbol }) => (itsBooks.get(symbol) ?? EMPTY_BOOK).map(levelOf)),
        indexes: indexes.map(({ symbol }) => itsIndexes.get(symbol)?.value),
        trades: trades.length + conflatedTicks,
      };
    };
    await expect.poll(known, { timeout: 3_000, interval: 5 }).toEqual({
      quotes: quotes.map(quoteOf),
      books: books.map((quote) => bookRows(quote).map(levelOf)),
      indexes: indexes.map(({ value }: IndexLevel) => value),
      trades: this.expected.length,
    });
    await this.#client.ask({ type: "ping" });
    this.page.read(this.#client);
    const { trades, conflatedTicks } = this.page;
    const isExpected = new Set(this.expected);
    expect(new Set(trades).size).toBe(trades.length);
    expect(trades.filter((trade) => !isExpected.has(trade))).toEqual([]);
    expect(trades.length + conflatedTicks).toBe(this.expected.length);
    if (conflatedTicks === 0) expect(trades).toEqual(this.expected);
  }
}

function quoteOf(quote: SymbolQuote) {
  return [quote.symbol, quote.price, quote.open, quote.high, quote.low, quote.cumulativeVolume, quote.cumulativeValue];
}

function shownQuote(row: Row | undefined) {
  return row && [row.symbol, row.price, row.open, row.high, row.low, row.cumulative_volume, row.cumulative_value];
}

function levelOf({ side, level, price, quantity }: Row | BookRow) {
  return [side, level, price, quantity];
}

describe("a page that subscribes, unsubscribes, stalls, is cut off and resumes", () => {
  it("ends with the board's state, and has had each trade once or was told that it was left out", async () => {
    let conflated = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
        const hub = await startTestHub({ limits: { flushMs: 1, quotesMs: 4, backlogBytes: 1 } });
        try {
          const schedule = new Schedule(hub, await hub.connect());
          await schedule.run(steps);
          await schedule.verify();
          conflated += schedule.page.conflatedTicks;
        } finally {
          await hub.close();
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect(conflated).toBeGreaterThan(0);
  }, 60_000);
});
