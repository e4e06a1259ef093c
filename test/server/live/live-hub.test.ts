import { describe, expect, it } from "vitest";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { bookRows } from "../../../src/server/live/live-columns.js";
import { book, hubOfTest, indexLevel, tick } from "./hub-support.js";

describe("a connection", () => {
  it("is welcomed with version, limits, epoch, sequence and the feed's status", async () => {
    const { connect, publish } = await hubOfTest();
    publish(tick("FPT", 1));
    publish(tick("FPT", 2));
    const { messages } = await connect();
    expect(messages[0]).toMatchObject({
      type: "welcome",
      version: 1,
      heartbeatSeconds: 15,
      limits: { messageBytes: 65_536, channelsPerClient: 2_000, channelsPerRequest: 500 },
      status: { state: "live", feed: "simulated", dataset: "market" },
    });
  });

  it.each([
    ["a page of another origin", { origin: "http://evil.example" }],
    ["another host name", { headers: { host: "rebound.example" } }],
  ])("is refused with 403 to %s", async (_, options) => {
    const { connect, hub: its } = await hubOfTest();
    await expect(connect(options)).rejects.toThrow("Unexpected server response: 403");
    expect(its.clients()).toBe(0);
  });

  it("is granted to a page of this server", async () => {
    const { connect, port } = await hubOfTest();
    const client = await connect({ origin: `http://127.0.0.1:${port}` });
    expect(client.messages).toHaveLength(1);
  });

  it("is left to others on another path", async () => {
    const { hub: its } = await hubOfTest();
    expect(its.upgrade({ url: "/_preview", headers: {} } as never, {} as never, Buffer.alloc(0))).toBe(false);
  });

  it("is answered with 503 when there are too many clients, and again granted when one has left", async () => {
    const { connect, hub: its, port } = await hubOfTest({ limits: { clients: 2 } });
    const first = await connect();
    await connect();
    const refused = await fetchUpgrade(port);
    expect(refused).toContain("503 Service Unavailable");
    expect(refused).toContain("too many clients (accepted: 2)");
    first.end();
    await expect.poll(() => its.clients()).toBe(1);
    await connect();
  });

  it("ends with 1001 when the server stops", async () => {
    const { connect, hub: its } = await hubOfTest();
    const client = await connect();
    await its.close();
    expect(await client.closed()).toBe(1001);
    expect(its.clients()).toBe(0);
  });
});

describe("subscribe", () => {
  it("to a symbol: first its state, then its trades, book and quote, and nothing of others", async () => {
    const { connect, publish, market } = await hubOfTest();
    publish(tick("FPT", 1), book("FPT", 1), tick("HPG", 1));
    const client = await connect();
    const answer = await client.subscribe(["market:FPT"]);
    expect(answer).toMatchObject({ from: "snapshot", channels: ["market:FPT"], epoch: "epoch-1", sequence: 2 });
    await client.until(() => client.frames.length === 2);
    expect(client.frames.map(({ table, isSnapshot, sequence }) => [table, isSnapshot, sequence])).toEqual([
      ["quotes", true, 2],
      ["books", true, 2],
    ]);
    expect(client.rows("quotes")).toMatchObject([{ symbol: "FPT", price: 20_050, cumulative_volume: 100 }]);
    expect(client.rows("books")).toMatchObject([
      { side: "B", level: 1, price: 19_950, quantity: 100 },
      { side: "B", level: 2, price: 19_900 },
      { side: "B", level: 3, price: 19_850 },
      { side: "S", level: 1, price: 20_050, quantity: 100 },
      { side: "S", level: 2 },
      { side: "S", level: 3 },
    ]);

    publish(tick("FPT", 2), tick("HPG", 2), book("FPT", 2, 1));
    await client.until(() => client.rows("quotes", { isSnapshot: false }).length > 0);
    expect(client.trades("FPT")).toEqual([2]);
    expect(client.trades("HPG")).toEqual([]);
    expect(client.rows("ticks")[0]).toEqual({
      symbol: "FPT",
      board: "G1",
      side: "B",
      session: "continuous",
      event_time: tick("FPT", 2).eventTimeMs,
      received_at: tick("FPT", 2).receivedAtMs,
      price: 20_100,
      quantity: 100,
      cumulative_volume: 200,
      backfilled: 0,
    });
    expect(client.rows("books", { isSnapshot: false })).toHaveLength(2);
    expect(client.rows("quotes", { isSnapshot: false })).toMatchObject([{ symbol: "FPT", cumulative_volume: 200 }]);
    expect(market.sequence).toBe(3);
  });

  it("to the heatmap: all quotes, then those that changed", async () => {
    const { connect, publish } = await hubOfTest();
    publish(tick("FPT", 1), tick("HPG", 1));
    const client = await connect();
    await client.subscribe(["market:heatmap"]);
    await client.until(() => client.rows("quotes").length === 2);
    publish(tick("HPG", 2));
    await client.until(() => client.rows("quotes", { isSnapshot: false }).length === 1);
    expect(client.rows("quotes").map(({ symbol }) => symbol)).toEqual(["FPT", "HPG", "HPG"]);
    expect(client.rows("ticks")).toEqual([]);
  });

  it("to the heatmap of an empty market: an empty table, so that a page knows there is nothing", async () => {
    const { connect } = await hubOfTest();
    const client = await connect();
    await client.subscribe(["market:heatmap"]);
    await client.until(() => client.frames.length === 1);
    expect(client.frames[0]).toMatchObject({ table: "quotes", isSnapshot: true, rows: [] });
  });

  it("to the indexes, or to one of them by its symbol", async () => {
    const { connect, publish } = await hubOfTest();
    publish(indexLevel("VNINDEX", 1), indexLevel("HNXINDEX", 1));
    const all = await connect();
    const one = await connect();
    await all.subscribe(["market:indexes"]);
    await one.subscribe(["market:VNINDEX"]);
    publish(indexLevel("VNINDEX", 2), indexLevel("HNXINDEX", 2));
    await all.until(() => all.rows("indexes", { isSnapshot: false }).length === 2);
    await one.until(() => one.rows("indexes", { isSnapshot: false }).length === 1);
    expect(all.rows("indexes").map(({ symbol, value }) => [symbol, value])).toEqual([
      ["VNINDEX", 1_201],
      ["HNXINDEX", 1_201],
      ["VNINDEX", 1_202],
      ["HNXINDEX", 1_202],
    ]);
    expect(one.rows("indexes").map(({ value }) => value)).toEqual([1_201, 1_202]);
  });

  it("to every trade: each exactly once, in order, also when symbols are subscribed beside it", async () => {
    const { connect, publish } = await hubOfTest();
    const client = await connect();
    await client.subscribe(["market:ticks", "market:FPT"]);
    for (let n = 1; n <= 50; n++) publish(tick("FPT", n), tick("HPG", n));
    await client.until(() => client.rows("ticks").length >= 100);
    const numbers = Array.from({ length: 50 }, (_, i) => i + 1);
    expect(client.trades("FPT")).toEqual(numbers);
    expect(client.trades("HPG")).toEqual(numbers);
  });

  it("to the feed: its status at once and when it changes", async () => {
    const { connect, publishMessage } = await hubOfTest({ isSilent: true });
    const client = await connect();
    await client.subscribe(["feed"]);
    await client.said("feed", ({ status }) => status.state === "connecting");
    publishMessage({
      status: {
        state: "gap",
        sinceMs: 1,
        reason: "trades of FPT are missing",
        lastReceivedAtMs: 2,
        lastEventTimeMs: 3,
      },
    });
    const { status } = await client.said("feed", ({ status: { state } }) => state === "gap");
    expect(status).toMatchObject({
      reason: "trades of FPT are missing",
      sinceMs: 1,
      lastReceivedAtMs: 2,
      lastEventTimeMs: 3,
      feed: "simulated",
    });
  });

  it("twice to the same changes nothing", async () => {
    const { connect, publish } = await hubOfTest();
    const client = await connect();
    await client.subscribe(["market:FPT"]);
    await client.subscribe(["market:FPT", "market:FPT"]);
    publish(tick("FPT", 1));
    await client.until(() => client.rows("quotes").length > 0);
    expect(client.trades("FPT")).toEqual([1]);
  });

  it("tells of a book that has become empty", async () => {
    const { connect, publish, market } = await hubOfTest();
    publish(book("FPT", 1));
    const client = await connect();
    await client.subscribe(["market:FPT"]);
    publish(book("FPT", 2, 0));
    await client.until(() => client.rows("books", { isSnapshot: false }).length > 0);
    expect(client.rows("books", { isSnapshot: false })).toMatchObject([{ symbol: "FPT", level: 0, price: NaN }]);
    expect(bookRows(market.board.quote(instrumentSymbol("FPT"))!)).toHaveLength(1);
  });
});

describe("unsubscribe", () => {
  it("ends the channel's updates after its answer, and no other's", async () => {
    const { connect, publish } = await hubOfTest();
    const client = await connect();
    await client.subscribe(["market:FPT", "market:HPG"]);
    const answer = await client.ask({ type: "unsubscribe", channels: ["market:FPT"] });
    expect(answer).toMatchObject({ type: "unsubscribed", channels: ["market:FPT"] });
    publish(tick("FPT", 1), tick("HPG", 1));
    await client.until(() => client.trades("HPG").length === 1);
    expect(client.trades("FPT")).toEqual([]);
  });
});

describe("resume", () => {
  it("sends exactly the missed trades of the channels, and the present state", async () => {
    const { connect, publish } = await hubOfTest();
    const client = await connect();
    await client.subscribe(["market:FPT"]);
    publish(tick("FPT", 1));
    publish(tick("FPT", 2));
    await client.until(() => client.trades("FPT").length === 2);
    const seen = client.frames.at(-1)!;
    client.end();
    for (let n = 3; n <= 9; n++) publish(tick("FPT", n), tick("HPG", n));
    const again = await connect();
    const answer = await again.subscribe(["market:FPT"], { epoch: seen.epoch, sequence: seen.sequence });
    expect(answer).toMatchObject({ from: "resumed", sequence: 10 });
    await again.until(() => again.rows("quotes").length > 0);
    expect(again.trades("FPT")).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(again.trades("HPG")).toEqual([]);
    expect(again.rows("quotes")).toMatchObject([{ symbol: "FPT", cumulative_volume: 900 }]);
    expect(again.frames.every(({ sequence }) => sequence === 10)).toBe(true);
  });

  it("is a snapshot when the messages are no longer kept, the epoch is another, or the sequence is ahead", async () => {
    const { connect, publish } = await hubOfTest({ recent: { messages: 3, events: 100, ageMs: 60_000 } });
    for (let n = 1; n <= 10; n++) publish(tick("FPT", n));
    const client = await connect();
    const from = async (epoch: string, sequence: number) => {
      const { from: what } = await client.subscribe(["market:FPT"], { epoch, sequence });
      await client.ask({ type: "unsubscribe", channels: ["market:FPT"] });
      return what;
    };
    expect(await from("epoch-1", 7)).toBe("snapshot");
    expect(await from("epoch-1", 8)).toBe("resumed");
    expect(await from("epoch-1", 11)).toBe("resumed");
    expect(await from("epoch-1", 12)).toBe("snapshot");
    expect(await from("epoch-0", 10)).toBe("snapshot");
    expect(client.trades("FPT")).toEqual([8, 9, 10]);
  });

  it("sends no trade twice that another channel of the client has brought", async () => {
    const { connect, publish } = await hubOfTest();
    const client = await connect();
    await client.subscribe(["market:HPG"]);
    for (let n = 1; n <= 3; n++) publish(tick("FPT", n), tick("HPG", n));
    await client.until(() => client.trades("HPG").length === 3);
    await client.subscribe(["market:ticks"], { epoch: "epoch-1", sequence: 1 });
    await client.until(() => client.trades("FPT").length === 3);
    expect(client.trades("HPG")).toEqual([1, 2, 3]);
  });
});

describe("a hole in the sequence, or a new epoch", () => {
  it.each([
    ["hole", { epoch: "epoch-1", sequence: 5 }],
    ["new epoch", { epoch: "epoch-2", sequence: 1 }],
  ])("%s: every client begins anew from the store", async (_, jump) => {
    let quotes: MarketQuotes = [];
    const { connect, publish, publishMessage, market } = await hubOfTest({ seed: async () => ({ quotes }) });
    publish(tick("FPT", 1));
    const client = await connect();
    await client.subscribe(["market:FPT", "market:heatmap"]);
    await client.until(() => client.rows("quotes").length > 0);
    quotes = [quoteOf("FPT", 7), quoteOf("VNM", 3)];
    publishMessage({ ...jump, events: [tick("FPT", 8)] });
    const anew = await client.said("subscribed", ({ id, epoch, sequence }) => {
      return id === undefined && sequence === jump.sequence && epoch === jump.epoch;
    });
    expect(anew).toMatchObject({ from: "snapshot", channels: ["market:FPT", "market:heatmap"] });
    const isNew = () =>
      client.frames.findLast(({ table, sequence }) => table === "quotes" && sequence === jump.sequence);
    const { rows, isSnapshot } = await client.find(isNew);
    expect(isSnapshot).toBe(true);
    expect(rows.map(({ symbol, cumulative_volume: volume }) => [symbol, volume])).toEqual([
      ["FPT", 800],
      ["VNM", 300],
    ]);
    expect(market.sequence).toBe(jump.sequence);
  });
});

describe("what a client says wrongly", () => {
  it.each([
    ["no JSON", "{", 'invalid message: "{" (accepted: one JSON object in each text frame)'],
    ["no object", "5", "invalid message: 5 (accepted: an object)"],
    [
      "an unknown type",
      '{"type":"buy"}',
      'invalid type: "buy" (accepted: subscribe, unsubscribe, ping, pong, replay, replay-control, replay-stop)',
    ],
    [
      "a bad channel",
      '{"type":"subscribe","channels":["feed","market:a b"]}',
      'invalid channels[1]: "market:a b" (accepted: feed, market:heatmap, market:indexes, market:ticks, market:SYMBOL, runs or run:RUNID)',
    ],
    ["no channel", '{"type":"subscribe","channels":[]}', "invalid channels: [] (accepted: at least 1 elements)"],
    [
      "an unknown key",
      '{"type":"ping","now":1}',
      'invalid key: "now" (accepted: the keys that docs/live-protocol.md gives for this message)',
    ],
    ["a bad id", '{"type":"ping","id":{}}', "invalid id: {} (accepted: a number, or a text of at most 64 characters)"],
    ["a bad speed", '{"type":"replay","fromMs":1,"speed":1000}', "invalid speed: 1000 (accepted: at most 100)"],
  ])("%s is answered with field, problem and what is accepted", async (_, text, message) => {
    const { connect } = await hubOfTest();
    const client = await connect();
    client.webSocket.send(text);
    const error = await client.said("error");
    expect(error).toMatchObject({ code: "REQUEST_INVALID", message });
    expect(Object.keys(error.details!).sort()).toEqual(["accepted", "field", "problem"]);
  });

  it("bears the id of the request where it had one", async () => {
    const { connect } = await hubOfTest();
    const client = await connect();
    expect(await client.ask({ type: "subscribe", id: 7, channels: ["x"] })).toMatchObject({ type: "error", id: 7 });
  });

  it("is answered when it is binary, and the connection goes on", async () => {
    const { connect } = await hubOfTest();
    const client = await connect();
    client.webSocket.send(Buffer.from([1, 2, 3]));
    expect(await client.said("error")).toMatchObject({ message: expect.stringContaining("invalid frame: binary") });
    expect(await client.ask({ type: "ping", id: "still there" })).toMatchObject({ type: "pong" });
  });

  it("ends the connection with 4400 when it goes on and on", async () => {
    const { connect } = await hubOfTest();
    const client = await connect();
    for (let i = 0; i < 30; i++) client.webSocket.send("garbage");
    expect(await client.closed()).toBe(4400);
    expect(client.messages.filter(({ type }) => type === "error")).toHaveLength(20);
  });
});

describe("limits", () => {
  it("close with 1009 on a message that is too long", async () => {
    const { connect } = await hubOfTest();
    const client = await connect();
    client.webSocket.send("x".repeat(65_537));
    expect(await client.closed()).toBe(1009);
  });

  it("refuse more channels than a request or a client may have, and take none of them", async () => {
    const { connect, publish } = await hubOfTest({ limits: { channelsPerClient: 700 } });
    const client = await connect();
    const names = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `market:${prefix}${i}`);
    expect(await client.ask({ type: "subscribe", channels: names(501, "A") })).toMatchObject({
      type: "error",
      message: expect.stringContaining("(accepted: at most 500 elements)"),
    });
    expect(await client.subscribe(names(500, "A"))).toMatchObject({ type: "subscribed" });
    expect(await client.ask({ type: "subscribe", channels: names(201, "B") })).toMatchObject({
      type: "error",
      code: "REQUEST_INVALID",
      message: "invalid channels: 701 (accepted: at most 700 for one client)",
    });
    expect(await client.subscribe(names(200, "C"))).toMatchObject({ type: "subscribed" });
    publish(tick("B1", 1), tick("C1", 1));
    await client.until(() => client.trades("C1").length === 1);
    expect(client.trades("B1")).toEqual([]);
  });

  it("refuse messages that come too fast, and close with 1008 when they go on", async () => {
    const { connect } = await hubOfTest({ limits: { messagesPerSecond: 0.001, messageBurst: 5 } });
    const client = await connect();
    for (let i = 0; i < 5; i++) client.send({ type: "ping", id: i });
    client.send({ type: "ping", id: "too much" });
    const refused = await client.said("error");
    expect(refused).toMatchObject({
      code: "RATE_LIMITED",
      message: "too many messages (accepted: 0.001 a second, 5 at once)",
    });
    expect(client.messages.filter(({ type }) => type === "pong")).toHaveLength(5);
    for (let i = 0; i < 10; i++) client.send({ type: "ping" });
    expect(await client.closed()).toBe(1008);
  });

  it("count pings of the WebSocket protocol too", async () => {
    const { connect } = await hubOfTest({ limits: { messagesPerSecond: 0.001, messageBurst: 5 } });
    const client = await connect();
    for (let i = 0; i < 50; i++) client.webSocket.ping();
    expect(await client.closed()).toBe(1008);
  });

  it("hold against 10,000 subscriptions at once", async () => {
    const { connect, publish } = await hubOfTest({ limits: { messagesPerSecond: 20, messageBurst: 100 } });
    const other = await connect();
    await other.subscribe(["market:FPT"]);
    const client = await connect();
    for (let i = 0; i < 10_000; i++) client.send({ type: "subscribe", channels: [`market:S${i}`] });
    expect(await client.closed()).toBe(1008);
    publish(tick("FPT", 1));
    await other.until(() => other.trades("FPT").length === 1);
  });
});

describe("heartbeat", () => {
  it("asks for a sign of life in both ways, and keeps who gives one", async () => {
    const { connect, hub: its } = await hubOfTest({ limits: { heartbeatSeconds: 0.05 } });
    const client = await connect();
    let pings = 0;
    client.webSocket.on("ping", () => pings++);
    await client.until(() => client.messages.filter(({ type }) => type === "ping").length >= 6);
    expect(pings).toBeGreaterThanOrEqual(5);
    expect(its.clients()).toBe(1);
  });

  it("closes a client that is silent with 4410", async () => {
    const { connect, hub: its } = await hubOfTest({ limits: { heartbeatSeconds: 0.1 } });
    const client = await connect({ autoPong: false });
    expect(await client.closed()).toBe(4410);
    await expect.poll(() => its.clients()).toBe(0);
  });

  it("takes any message for a sign of life", async () => {
    const { connect, hub: its } = await hubOfTest({ limits: { heartbeatSeconds: 0.2 } });
    const client = await connect({ autoPong: false });
    for (let i = 0; i < 5; i++) {
      const seen = client.messages.length;
      await client.until(() => client.messages.length > seen);
      client.send({ type: "pong" });
    }
    expect(its.clients()).toBe(1);
  });

  it("answers pings", async () => {
    const { connect } = await hubOfTest();
    const client = await connect();
    expect(await client.ask({ type: "ping", id: 1 })).toMatchObject({ type: "pong", id: 1 });
    const pong = new Promise<Buffer>((resolve) => client.webSocket.once("pong", resolve));
    client.webSocket.ping("are you there");
    expect((await pong).toString()).toBe("are you there");
  });
});

describe("permessage-deflate", () => {
  it("compresses a large snapshot for a client that reads it, with the same rows", async () => {
    const { connect, publish } = await hubOfTest();
    const symbols = Array.from({ length: 600 }, (_, i) => `S${i}`);
    publish(...symbols.map((symbol) => tick(symbol, 1)));
    const plain = await connect();
    const deflated = await connect({ perMessageDeflate: true });
    const narrow = await connect({ perMessageDeflate: { serverMaxWindowBits: 10 } });
    for (const client of [plain, deflated, narrow]) {
      await client.subscribe(["market:heatmap"]);
      await client.until(() => client.rows("quotes").length === 600);
    }
    expect(deflated.rows("quotes")).toEqual(plain.rows("quotes"));
    expect(narrow.rows("quotes")).toEqual(plain.rows("quotes"));
    const received = ({ webSocket }: typeof plain) =>
      (webSocket as unknown as { _socket: { bytesRead: number } })._socket.bytesRead;
    expect(received(deflated)).toBeLessThan(received(plain) / 2);
    expect(received(narrow)).toBeGreaterThan(received(plain) / 2);
  });
});

type MarketQuotes = ReturnType<typeof quoteOf>[];

function quoteOf(symbol: string, n: number) {
  const { eventTimeMs, receivedAtMs, price, quantity, cumulativeVolume, session } = tick(symbol, n);
  return {
    symbol: instrumentSymbol(symbol),
    price,
    reference: 20_000,
    ceiling: 21_400,
    floor: 18_600,
    change: price / 20_000 - 1,
    open: price,
    high: price,
    low: price,
    lastQuantity: quantity,
    cumulativeVolume,
    cumulativeValue: price * cumulativeVolume,
    oddLotVolume: 0,
    putThroughVolume: 0,
    session,
    bids: [],
    asks: [],
    eventTimeMs,
    receivedAtMs,
  };
}

/** What a server answers to a request for a WebSocket, as text. */
async function fetchUpgrade(port: number): Promise<string> {
  const { connect } = await import("node:net");
  const socket = connect(port, "127.0.0.1");
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  );
  const chunks = await socket.toArray();
  return Buffer.concat(chunks as Buffer[]).toString();
}
