import { gzipSync } from "node:zlib";
import { pino } from "pino";
import { afterAll, describe, expect, it } from "vitest";
import type { FeedEvent } from "../../../src/engine/live-market/market-event.js";
import { openFrameRecorder } from "../../../src/feeds/frame-recorder.js";
import { openFileTape } from "../../../src/feeds/replay/open-file-tape.js";
import { createReplayFeed } from "../../../src/feeds/replay/replay-feed.js";
import type { TapeEvent } from "../../../src/feeds/replay/tick-tape.js";
import {
  boardEventPayload,
  indexPayload,
  SENT_AT_MS,
  stockInfoPayload,
  tickPayload,
  topicOf,
  topPricePayload,
} from "../../support/light-speed-payloads.js";
import { TemporaryFolder } from "../../support/temporary-home.js";
import { describeMarketFeed } from "../market-feed-suite.js";

const folder = new TemporaryFolder();
afterAll(() => folder.remove());

const logger = pino({ level: "silent" });

async function eventsOf(path: string, fromMs = Number.NEGATIVE_INFINITY): Promise<TapeEvent[]> {
  const events: TapeEvent[] = [];
  for await (const batch of (await openFileTape(path)).open(fromMs)) events.push(...batch);
  return events;
}

/** 20,000 ticks of two symbols, ten milliseconds apart. */
const ticksFile = folder.file(
  "ticks.csv.gz",
  gzipSync(
    [
      "time,symbol,price,quantity,board",
      ...Array.from({ length: 20_000 }, (_, index) => {
        const time = new Date(Date.UTC(2026, 2, 2, 2, 15) + index * 10).toISOString();
        return `${time},${index % 2 === 0 ? "HPG" : "FPT"},${26_800 + (index % 7) * 50},${100 + index},G1`;
      }),
    ].join("\n"),
  ),
);

describeMarketFeed(
  "the replay of a file",
  async () => ({
    feed: createReplayFeed(
      { source: await openFileTape(ticksFile), speed: "max", startMs: Date.UTC(2026, 2, 2, 2, 15) },
      { logger },
    ),
  }),
  { reconnects: false },
);

describe("openFileTape(path)", () => {
  it.each([
    ["time,symbol,type,order_id,size,price,direction,bid,bid_size,ask,ask_size", "LOBSTER order-book events"],
    ["exchange,symbol,timestamp,local_timestamp,id,side,price,amount", "recorded trades"],
    ["symbol, time, quantity, price, and more", "recorded ticks"],
    ['{"feed":"dnse","receivedAtMs":0,"text":"{}"}', "recorded frames"],
  ])("knows a file that begins with %s", async (firstLine, description) => {
    const plain = await openFileTape(folder.file("known.csv", `${firstLine}\n`));
    const packed = await openFileTape(folder.file("known.csv.gz", gzipSync(`${firstLine}\n`)));
    expect([plain.description, packed.description]).toEqual([description, description]);
  });

  it("refuses other columns, naming what it takes", async () => {
    const path = folder.file("candles.csv", "date,open,high,low,close\n2026-03-02,1,1,1,1\n");
    await expect(openFileTape(path)).rejects.toMatchObject({
      code: "FILE_HEADER_INVALID",
      message: `invalid tape: ${path} begins with "date,open,high,low,close" (accepted: a recording of frames, or the columns time, symbol, price, quantity)`,
    });
  });

  it("refuses files that are not there, empty or cut", async () => {
    await expect(openFileTape(`${folder.path}/none`)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(openFileTape(folder.path)).rejects.toMatchObject({ code: "FILE_IS_FOLDER" });
    await expect(openFileTape(folder.file("empty", ""))).rejects.toMatchObject({ code: "FILE_EMPTY" });
    const cut = folder.file("cut.gz", gzipSync("time,symbol").subarray(0, 12));
    await expect(openFileTape(cut)).rejects.toMatchObject({ code: "FILE_TRUNCATED" });
  });
});

describe("a recording of frames", () => {
  const frames: [topic: string | undefined, frame: object | string][] = [
    [topicOf.stockInfo("HPG"), stockInfoPayload("HPG")],
    [topicOf.tick("HPG"), tickPayload("HPG", 1)],
    [topicOf.topPrice("HPG"), topPricePayload("HPG")],
    [topicOf.stockInfo("HPG"), stockInfoPayload("HPG")],
    [topicOf.tick("HPG"), "{ half"],
    [topicOf.index("VNINDEX"), indexPayload("VNINDEX")],
    [topicOf.boardEvent("STO", "STO"), boardEventPayload("40")],
    [undefined, { action: "pong" }],
    [undefined, { T: "t", ...tickPayload("FPT", 1, { matchPrice: 73.2, boardId: "G1", marketId: "STO" }) }],
  ];

  async function record(name: string): Promise<string> {
    const path = `${folder.path}/${name}`;
    const recorder = await openFrameRecorder(path, { feed: "dnse-mqtt", secrets: [], logger });
    frames.forEach(([topic, frame], index) => {
      recorder.record(typeof frame === "string" ? frame : JSON.stringify(frame), SENT_AT_MS + 50 + index, topic);
    });
    await recorder.close();
    return path;
  }

  it.each(["frames.jsonl", "frames.jsonl.gz"])("gives what a feed gave when it received them (%s)", async (name) => {
    const events = await eventsOf(await record(name));
    expect(events).toMatchObject([
      { kind: "reference", symbol: "HPG", reference: 26_800, receivedAtMs: SENT_AT_MS + 50, source: "replay" },
      { kind: "tick", symbol: "HPG", price: 26_850, quantity: 100, eventTimeMs: SENT_AT_MS + 1, source: "replay" },
      { kind: "book", receivedAtMs: SENT_AT_MS + 52 },
      { kind: "rejected", problem: expect.stringContaining(topicOf.tick("HPG")), atMs: SENT_AT_MS + 54 },
      { kind: "index", symbol: "VNINDEX" },
      { kind: "session", market: "HOSE", phase: "continuous" },
      { kind: "tick", symbol: "FPT", price: 73_200, receivedAtMs: SENT_AT_MS + 58 },
    ]);
  });

  it("rejects a line that is no frame, and goes on", async () => {
    const frame = JSON.stringify({
      feed: "dnse-mqtt",
      receivedAtMs: SENT_AT_MS,
      topic: topicOf.tick("HPG"),
      text: JSON.stringify(tickPayload("HPG", 1)),
    });
    const path = folder.file("damaged.jsonl", [frame, '{"feed":"dnse"}', "{ torn off", frame, ""].join("\n"));
    expect(await eventsOf(path)).toMatchObject([
      { kind: "tick" },
      { kind: "rejected", problem: expect.stringMatching(/^invalid line 2: receivedAtMs/), atMs: SENT_AT_MS },
      { kind: "rejected", problem: expect.stringMatching(/^invalid line 3: /) },
      { kind: "tick" },
    ]);
  });

  it("is a tape: it has a range, begins where it is told to and plays in the order of receipt", async () => {
    const path = await record("range.jsonl");
    const tape = await openFileTape(path);
    expect(await tape.range()).toEqual({ fromMs: SENT_AT_MS, toMs: SENT_AT_MS + 54 });
    const kinds: FeedEvent["kind"][] = [];
    const feed = createReplayFeed({ source: tape, speed: "max" }, { logger });
    for await (const batch of feed.events(new AbortController().signal)) kinds.push(...batch.map(({ kind }) => kind));
    expect(kinds).toEqual(["notice", "reference", "tick", "book", "rejected", "index", "session", "tick", "notice"]);
    expect((await eventsOf(path, SENT_AT_MS + 2)).map(({ kind }) => kind)).toEqual(["reference", "rejected"]);
  });
});
