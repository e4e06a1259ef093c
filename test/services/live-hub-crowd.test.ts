import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { RawClient, rawFrame, TEXT } from "../server/live/hub-raw-socket.js";
import { startTestHub, type TestHub, tick } from "../server/live/hub-support.js";

let running: TestHub | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

const CROWD = 1_000;
const SYMBOLS = Array.from({ length: 400 }, (_, i) => `S${i}`);

describe("a crowd", () => {
  it("of 1,000 clients that connect at once is welcomed and served, and who was there before is served on", async () => {
    running = await startTestHub({ limits: { messagesPerSecond: 20, messageBurst: 100 } });
    const { connect: join, publish, port, hub } = running;
    publish(...SYMBOLS.map((symbol) => tick(symbol, 1)));
    const resident = await join();
    await resident.subscribe(["market:S0"]);
    let n = 1;
    const delaysMs: number[] = [];
    const sentAtMs = new Map<number, number>();
    resident.webSocket.on("message", () => {
      for (const number of resident.trades("S0")) {
        const sent = sentAtMs.get(number);
        if (sent === undefined) continue;
        sentAtMs.delete(number);
        delaysMs.push(performance.now() - sent);
      }
    });
    const ticking = setInterval(() => {
      n++;
      sentAtMs.set(n, performance.now());
      publish(tick("S0", n));
    }, 20);
    const crowd = await Promise.all(Array.from({ length: CROWD }, () => RawClient.open(port)));
    const subscribe = rawFrame(
      TEXT,
      JSON.stringify({ type: "subscribe", id: 1, channels: ["market:heatmap", "market:S0"] }),
    );
    await Promise.all(crowd.map((client) => client.write(subscribe)));
    await expect.poll(() => crowd.filter(({ texts }) => texts[0]?.includes('"welcome"')).length, generous).toBe(CROWD);
    await expect
      .poll(() => crowd.filter(({ texts }) => texts.some((text) => text.includes('"subscribed"'))).length, generous)
      .toBe(CROWD);
    // The state, then trades.
    await expect
      .poll(() => crowd.filter(({ frames }) => frames.filter(isBinary).length >= 2).length, generous)
      .toBe(CROWD);
    expect(hub.clients()).toBe(CROWD + 1);
    clearInterval(ticking);
    await resident.until(() => resident.trades("S0").length === n - 1);
    expect(resident.trades("S0")).toEqual(Array.from({ length: n - 1 }, (_, i) => i + 2));
    expect(resident.messages.some(({ type }) => type === "conflated")).toBe(false);
    expect(Math.max(...delaysMs)).toBeLessThan(20_000);
    for (const client of crowd) client.end();
    await expect.poll(() => hub.clients(), generous).toBe(1);
  }, 110_000);

  it("beyond the limit is refused, and the rest are served", async () => {
    running = await startTestHub({ limits: { clients: 50 } });
    const { port, hub } = running;
    const answers = await Promise.all(
      Array.from({ length: 120 }, () =>
        RawClient.open(port).then(
          () => "welcome",
          (error: Error) => error.message,
        ),
      ),
    );
    expect(answers.filter((answer) => answer === "welcome")).toHaveLength(50);
    expect(answers.filter((answer) => answer.startsWith("HTTP/1.1 503"))).toHaveLength(70);
    expect(hub.clients()).toBe(50);
  }, 60_000);

  it("of connections that never finish their handshake does not count as clients", async () => {
    running = await startTestHub();
    const { port, hub, connect: join } = running;
    const sockets: Socket[] = Array.from({ length: 200 }, () => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write("GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n");
      return socket;
    });
    const client = await join();
    expect(await client.ask({ type: "ping" })).toMatchObject({ type: "pong" });
    expect(hub.clients()).toBe(1);
    for (const socket of sockets) socket.destroy();
  }, 60_000);
});

const generous = { timeout: 90_000, interval: 50 };

function isBinary({ opcode }: { readonly opcode: number }): boolean {
  return opcode === 2;
}
