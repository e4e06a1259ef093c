import { describe, expect, it } from "vitest";
import { RawClient, rawFrame, TEXT } from "./hub-raw-socket.js";
import { hubOfTest, tick } from "./hub-support.js";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a client that is slow", () => {
  it("gets the latest quotes when it reads again, and is told how many trades and quotes it did not get", async () => {
    const { connect, publish } = await hubOfTest({ limits: { backlogBytes: 10_000, flushMs: 1, quotesMs: 1 } });
    const client = await connect();
    await client.subscribe(["market:FPT", "market:HPG"]);
    client.serverSide!.cork();
    for (let n = 1; n <= 60; n++) {
      publish(tick("FPT", n), tick("HPG", n), tick("VNM", n));
      await pause(2);
    }
    client.serverSide!.uncork();
    const told = await client.said("conflated");
    await client.until(() =>
      client.rows("quotes").some((row) => row.symbol === "HPG" && row.cumulative_volume === 6_000),
    );
    const got = client.trades("FPT");
    expect(got).toEqual(Array.from({ length: got.length }, (_, i) => i + 1));
    expect(told.ticks).toBe(120 - got.length - client.trades("HPG").length);
    expect(told.ticks).toBeGreaterThan(0);
    expect(told.quotes).toBeGreaterThan(0);
    publish(tick("FPT", 61));
    await client.until(() => client.trades("FPT").includes(61));
  });

  it("waits with its requests until it has read", async () => {
    const { connect, publish } = await hubOfTest({ limits: { backlogBytes: 1, flushMs: 1 } });
    const client = await connect();
    await client.subscribe(["market:ticks"]);
    client.serverSide!.cork();
    publish(tick("FPT", 1));
    await pause(20);
    client.send({ type: "subscribe", id: 1, channels: ["market:heatmap"] });
    await pause(50);
    expect(client.serverSide!.writableLength).toBeLessThan(10_000);
    client.serverSide!.uncork();
    await client.until(() => client.rows("quotes").length === 1);
  });

  it("is closed with 4408 when it does not recover, and others notice nothing", async () => {
    const {
      connect,
      publish,
      hub: its,
    } = await hubOfTest({
      limits: { backlogBytes: 1_000, flushMs: 1, slowSeconds: 0.3, closingMs: 100 },
    });
    const slow = await connect();
    const other = await connect();
    for (const client of [slow, other]) await client.subscribe(["market:ticks"]);
    slow.serverSide!.cork();
    let most = 0;
    let n = 0;
    while (its.clients() === 2) {
      publish(tick("FPT", ++n));
      most = Math.max(most, slow.serverSide!.writableLength);
      await pause(1);
    }
    slow.serverSide!.uncork();
    await slow.closed();
    await other.until(() => other.trades("FPT").length === n);
    expect(most).toBeLessThan(20_000);
    expect(other.messages.some(({ type }) => type === "conflated")).toBe(false);
  });

  it("that never reads costs a bounded amount, whatever it asks for", async () => {
    const {
      port,
      publish,
      connect,
      hub: its,
      latestSocket,
    } = await hubOfTest({
      limits: { backlogBytes: 100_000, flushMs: 1, slowSeconds: 1, messagesPerSecond: 20, messageBurst: 100 },
    });
    const symbols = Array.from({ length: 500 }, (_, i) => `S${i}`);
    publish(...symbols.map((symbol) => tick(symbol, 1)));
    const other = await connect();
    await other.subscribe(["market:S0"]);
    const deaf = await RawClient.open(port);
    const serverSide = latestSocket()!;
    deaf.socket.pause();
    const ask = (type: string) =>
      rawFrame(TEXT, JSON.stringify({ type, channels: ["market:heatmap", "market:ticks"] }));
    let most = 0;
    for (let round = 0; its.clients() === 2 && round < 3_000; round++) {
      if (round % 50 === 0) await deaf.write(Buffer.concat([ask("subscribe"), ask("unsubscribe"), ask("subscribe")]));
      publish(...symbols.map((symbol) => tick(symbol, round + 2)));
      most = Math.max(most, serverSide.writableLength);
      await pause(1);
    }
    expect(its.clients()).toBe(1);
    // The limit, one flush and one snapshot of 500 quotes beyond it, and what is said in between.
    expect(most).toBeLessThan(100_000 + 400_000);
    deaf.end();
    await other.until(() => other.trades("S0").length > 0);
  }, 30_000);
});
