import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { pino } from "pino";
import { beforeAll, describe, expect, it } from "vitest";
import type { FeedEvent } from "../../../src/engine/live-market/market-event.js";
import { createLobsterTape } from "../../../src/feeds/replay/lobster-tape.js";
import { createReplayFeed } from "../../../src/feeds/replay/replay-feed.js";
import { createTradesTape } from "../../../src/feeds/replay/trades-tape.js";
import { PROJECT_ROOT } from "../../support/quantflow-process.js";
import { realDataUnavailable } from "../../support/real-data.js";

const LOBSTER_FILE = resolve(PROJECT_ROOT, "../shared/data/intraday/lobster_2012-06-21_l1_events.csv.gz");
const TRADES_FILE = resolve(PROJECT_ROOT, "../shared/data/intraday/binance_futures_btcusdt_trades_10k.csv.gz");

const logger = pino({ level: "silent" });

function unavailable(path: string): string | undefined {
  return realDataUnavailable ?? (existsSync(path) ? undefined : `skipped: no ${path.slice(path.indexOf("/shared"))}`);
}

interface Row {
  readonly time: string;
  readonly symbol: string;
  readonly type: string;
  readonly size: number;
  readonly price: number;
  readonly bid: number;
  readonly ask: number;
}

/** The file read without the workbench's code. */
function rowsOfFile(): Row[] {
  const [, ...lines] = gunzipSync(readFileSync(LOBSTER_FILE)).toString("utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const [time, symbol, type, , size, price, , bid, , ask] = line.split(",");
    return {
      time: time!,
      symbol: symbol!,
      type: type!,
      size: Number(size),
      price: Number(price),
      bid: Number(bid),
      ask: Number(ask),
    };
  });
}

/** Microseconds since midnight in New York, by the digits of `2012-06-21T09:30:00.004241176-04:00`. */
function microsecondsOf(time: string): number {
  const seconds = (Number(time.slice(11, 13)) * 60 + Number(time.slice(14, 16))) * 60 + Number(time.slice(17, 19));
  return seconds * 1_000_000 + Number(time.slice(20, 26));
}

const MIDNIGHT_MICROSECONDS = Date.UTC(2012, 5, 21, 4) * 1_000;

const noLobster = unavailable(LOBSTER_FILE);

const lobsterTitle = `a day of three American shares, event by event${noLobster ? ` (${noLobster})` : ""}`;

describe.skipIf(noLobster)(lobsterTitle, { timeout: 120_000 }, () => {
  const feed = (startMs?: number) =>
    createReplayFeed({ source: createLobsterTape(LOBSTER_FILE), speed: "max", startMs }, { logger });
  let rows: Row[];
  let firstDigest: string;

  beforeAll(() => {
    rows = rowsOfFile();
  }, 120_000);

  it("comes out whole and in order: 422,348 books, 58,087 trades, every volume", async () => {
    expect(rows).toHaveLength(422_348);
    const volumes = new Map<string, number>();
    let next = 0;
    let trades = 0;
    let wrong = 0;
    const digest = createHash("sha256");
    for await (const batch of feed(0).events(new AbortController().signal)) {
      for (const event of batch) {
        if (event.kind === "notice") continue;
        digest.update(JSON.stringify(event));
        const row = rows[next]!;
        if (event.kind !== "tick" && event.kind !== "book") throw new Error(`unexpected ${event.kind}`);
        const isSameTime =
          Math.round(event.eventTimeMs * 1_000) === MIDNIGHT_MICROSECONDS + microsecondsOf(row.time) &&
          event.symbol === row.symbol;
        if (event.kind === "tick") {
          trades += 1;
          const before = volumes.get(event.symbol) ?? 0;
          volumes.set(event.symbol, before + event.quantity);
          const isSame = event.price === row.price && event.quantity === row.size && "45".includes(row.type);
          if (!(isSameTime && isSame)) wrong += 1;
        } else {
          if (!(isSameTime && event.bids[0]?.price === row.bid && event.asks[0]?.price === row.ask)) wrong += 1;
          next += 1;
        }
      }
    }
    firstDigest = digest.digest("hex");
    const executed = rows.filter(({ type }) => type === "4" || type === "5");
    const expected = new Map<string, number>();
    for (const { symbol, size } of executed) expected.set(symbol, (expected.get(symbol) ?? 0) + size);
    expect({ books: next, trades, wrong }).toEqual({ books: 422_348, trades: executed.length, wrong: 0 });
    expect(executed).toHaveLength(58_087);
    expect(Object.fromEntries(volumes)).toEqual(Object.fromEntries(expected));
  });

  it("is identical to the last digit when it is replayed again, in small batches", async () => {
    const digest = createHash("sha256");
    let largestBatch = 0;
    for await (const batch of feed().events(new AbortController().signal)) {
      largestBatch = Math.max(largestBatch, batch.length);
      for (const event of batch) if (event.kind !== "notice") digest.update(JSON.stringify(event));
    }
    expect(digest.digest("hex")).toBe(firstDigest);
    expect(largestBatch).toBeLessThanOrEqual(4_096);
  });

  it("pauses in the middle and moves to noon", async () => {
    const noonMs = Date.UTC(2012, 5, 21, 16);
    const playing = feed(0);
    const abort = new AbortController();
    let before = 0;
    let hasMoved = false;
    const after: FeedEvent[] = [];
    for await (const batch of playing.events(abort.signal)) {
      const events = batch.filter(({ kind }) => kind !== "notice");
      if (hasMoved) {
        after.push(...events);
        if (after.length > 20_000) abort.abort();
      } else {
        before += events.length;
        if (before > 100_000) {
          playing.pause();
          expect(playing.asOfMs).toBeLessThan(noonMs);
          setTimeout(() => {
            playing.seek(noonMs);
            hasMoved = true;
            playing.resume();
          }, 20);
        }
      }
    }
    const firstRow = rows.findIndex(({ time }) => microsecondsOf(time) >= 12 * 3_600_000_000);
    const books = after.filter((event) => event.kind === "book").slice(0, 10_000);
    expect(books.map(({ symbol, eventTimeMs }) => [symbol, Math.round(eventTimeMs * 1_000)])).toEqual(
      rows
        .slice(firstRow, firstRow + 10_000)
        .map(({ symbol, time }) => [symbol, MIDNIGHT_MICROSECONDS + microsecondsOf(time)]),
    );
    const volumeBefore = rows
      .slice(0, firstRow)
      .filter(({ symbol, type }) => symbol === "AAPL" && "45".includes(type))
      .reduce((sum, { size }) => sum + size, 0);
    const firstTrade = after.find((event) => event.kind === "tick" && event.symbol === "AAPL");
    expect(firstTrade).toMatchObject({ kind: "tick" });
    if (firstTrade?.kind === "tick") expect(firstTrade.cumulativeVolume - firstTrade.quantity).toBe(volumeBefore);
  });
});

const noTrades = unavailable(TRADES_FILE);

describe.skipIf(noTrades)(`9,999 trades of a crypto exchange${noTrades ? ` (${noTrades})` : ""}`, () => {
  it("come out whole and in order, with their volume", async () => {
    const [, ...lines] = gunzipSync(readFileSync(TRADES_FILE)).toString("utf8").trimEnd().split("\n");
    const tape = createReplayFeed({ source: createTradesTape(TRADES_FILE), speed: "max" }, { logger });
    let index = 0;
    let cumulativeVolume = 0;
    for await (const batch of tape.events(new AbortController().signal)) {
      for (const event of batch) {
        if (event.kind !== "tick") continue;
        const [, , timestamp, , , side, price, amount] = lines[index]!.split(",");
        expect(event.eventTimeMs).toBe(Number(timestamp) / 1_000);
        expect([event.side, event.price, event.quantity]).toEqual([side === "buy" ? "B" : "S", +price!, +amount!]);
        cumulativeVolume = event.cumulativeVolume;
        index += 1;
      }
    }
    const thousandths = lines.reduce((sum, line) => sum + Math.round(Number(line.split(",")[7]) * 1_000), 0);
    expect([index, cumulativeVolume]).toEqual([9_999, thousandths / 1_000]);
  });
});
