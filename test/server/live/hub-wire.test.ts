import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  closePayload,
  PING,
  PONG,
  RawClient,
  type RawFrameOptions,
  rawFrame,
  TEXT,
} from "./hub-raw-socket.js";
import { startTestHub, type TestHub, tick } from "./hub-support.js";

/*
 * RFC 6455 at the byte, by the numbers of the Autobahn testsuite. The stream does not echo, so where a case waits for
 * its message to come back, an application ping is sent in its framing and its pong is waited for. Cases that need
 * an echo, or messages beyond the limit (9.1 to 9.8), do not apply; 12 and 13 (compression) are those of `ws`, which
 * serves what clients send, and live-hub.test.ts reads what the hub compresses itself.
 */

let hub: TestHub;
let client: RawClient;

beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.close());
afterEach(() => client?.end());

const fragment = (opcode: number, payload: Uint8Array | string = "") => rawFrame(opcode, payload, { isFinal: false });

/** An application ping of so many bytes. */
function pingMessage(bytes: number): string {
  const bare = JSON.stringify({ type: "ping", id: 1 });
  return bare + " ".repeat(Math.max(0, bytes - bare.length));
}

const soon = { timeout: 10_000, interval: 5 };

async function open(): Promise<RawClient> {
  client = await RawClient.open(hub.port);
  await expect.poll(() => client.texts.length, soon).toBe(1);
  return client;
}

async function expectAnswered(): Promise<void> {
  await expect.poll(() => client.texts.some((text) => text.includes('"pong"')), soon).toBe(true);
  expect(client.closeCode).toBeUndefined();
}

async function expectFailed(code: number): Promise<void> {
  await expect.poll(() => client.closeCode, soon).toBe(code);
  await expect.poll(() => client.isEnded, soon).toBe(true);
}

async function expectStillServed(): Promise<void> {
  await client.write(rawFrame(TEXT, pingMessage(0)));
  await expectAnswered();
}

describe("1 framing", () => {
  it.each([
    ["1.1.2", 125, {}],
    ["1.1.3", 126, {}],
    ["1.1.4", 127, {}],
    ["1.1.5", 128, {}],
    ["1.1.6", 65_535, {}],
    ["1.1.7", 65_536, {}],
    ["1.1.8", 65_536, { chopBytes: 997 }],
  ])("%s: text of %i bytes", async (_, bytes, chop) => {
    await open();
    await client.write(rawFrame(TEXT, pingMessage(bytes)), chop);
    await expectAnswered();
  });

  it("1.1.1: an empty text is answered as no JSON", async () => {
    await open();
    await client.write(rawFrame(TEXT));
    await expect.poll(() => client.texts.at(-1), soon).toContain("REQUEST_INVALID");
    await expectStillServed();
  });

  it.each([
    ["1.2.1", 0],
    ["1.2.2", 125],
    ["1.2.6", 65_535],
    ["1.2.7", 65_536],
  ])("%s: binary of %i bytes is not what the stream takes, and is answered so", async (_, bytes) => {
    await open();
    await client.write(rawFrame(BINARY, Buffer.alloc(bytes, 0xfe)));
    await expect.poll(() => client.texts.at(-1), soon).toContain("invalid frame: binary");
    await expectStillServed();
  });

  it("fails the connection on an unmasked frame (RFC 6455, 5.1)", async () => {
    await open();
    await client.write(rawFrame(TEXT, pingMessage(0), { isMasked: false }));
    await expectFailed(1002);
  });

  it("fails the connection with 1009 on a frame that claims 100 MB, without waiting for it", async () => {
    await open();
    await client.write(rawFrame(TEXT, "{", { claimedLength: 100_000_000 }));
    await expectFailed(1009);
  });

  it("survives 100 MB that are really sent", async () => {
    await open();
    await client.write(rawFrame(BINARY, Buffer.alloc(100_000_000)), { chopBytes: 1 << 20 });
    await expect.poll(() => client.isEnded || client.socket.destroyed, { timeout: 15_000 }).toBe(true);
    const other = await hub.connect();
    expect(await other.ask({ type: "ping" })).toMatchObject({ type: "pong" });
  });

  it("fails with 1009 on a message that becomes too long by its fragments", async () => {
    await open();
    await client.write(fragment(TEXT, "x".repeat(40_000)));
    await client.write(rawFrame(CONTINUATION, "x".repeat(40_000)));
    await expectFailed(1009);
  });
});

describe("2 pings and pongs", () => {
  it.each([
    ["2.1", "", {}],
    ["2.2", "Hello, world!", {}],
    ["2.3", "\x00\xff\xfe\xfd\xfc\xfb\x00\xff", {}],
    ["2.4", "\xfe".repeat(125), {}],
    ["2.6", "\xfe".repeat(125), { chopBytes: 1 }],
  ])("%s: a ping is answered with its payload", async (_, payload, chop) => {
    await open();
    await client.write(rawFrame(PING, Buffer.from(payload, "latin1")), chop);
    await expect.poll(() => client.pongs, soon).toEqual([payload]);
  });

  it("2.5: a ping of 126 bytes fails the connection", async () => {
    await open();
    await client.write(rawFrame(PING, Buffer.alloc(126, 0xfe)));
    await expectFailed(1002);
  });

  it.each([
    ["2.7", ""],
    ["2.8", "unsolicited pong payload"],
  ])("%s: a pong that was not asked for is passed over", async (_, payload) => {
    await open();
    await client.write(rawFrame(PONG, payload));
    await expectStillServed();
  });

  it("2.9: a pong that was not asked for, then a ping", async () => {
    await open();
    await client.write(rawFrame(PONG, "unsolicited"));
    await client.write(rawFrame(PING, "ping payload"));
    await expect.poll(() => client.pongs, soon).toEqual(["ping payload"]);
  });

  it.each([
    ["2.10", {}],
    ["2.11", { chopBytes: 1 }],
  ])("%s: ten pings, ten pongs in order", async (_, chop) => {
    await open();
    const payloads = Array.from({ length: 10 }, (__, i) => `payload-${i}`);
    await client.write(Buffer.concat(payloads.map((payload) => rawFrame(PING, payload))), chop);
    await expect.poll(() => client.pongs, soon).toEqual(payloads);
  });
});

describe("3 reserved bits", () => {
  it.each([
    ["3.1", TEXT, 1],
    ["3.2", TEXT, 2],
    ["3.3", TEXT, 3],
    ["3.4", TEXT, 4],
    ["3.5", BINARY, 5],
    ["3.6", PING, 6],
    ["3.7", CLOSE, 7],
  ])("%s: fails the connection", async (_, opcode, reserved) => {
    await open();
    await client.write(rawFrame(TEXT, pingMessage(0)));
    await client.write(rawFrame(opcode, "", { reserved }));
    await expectFailed(1002);
    expect(client.texts.some((text) => text.includes('"pong"'))).toBe(true);
  });
});

describe("4 opcodes", () => {
  it.each([
    ["4.1.1", 3],
    ["4.1.2", 4],
    ["4.1.3", 5],
    ["4.1.4", 6],
    ["4.1.5", 7],
    ["4.2.1", 11],
    ["4.2.2", 12],
    ["4.2.3", 13],
    ["4.2.4", 14],
    ["4.2.5", 15],
  ])("%s: reserved opcode %i fails the connection", async (_, opcode) => {
    await open();
    await client.write(rawFrame(opcode, "payload"));
    await expectFailed(1002);
  });
});

describe("5 fragmentation", () => {
  const message = pingMessage(0);
  const halves = [message.slice(0, 9), message.slice(9)] as const;

  it.each([
    ["5.1", "ping", PING],
    ["5.2", "pong", PONG],
  ])("%s: a %s in fragments fails the connection", async (_, __, opcode) => {
    await open();
    await client.write(fragment(opcode, "fragment1"));
    await client.write(rawFrame(CONTINUATION, "fragment2"));
    await expectFailed(1002);
  });

  it.each([
    ["5.3", {}],
    ["5.5", { chopBytes: 1 }],
  ])("%s: text in two fragments", async (_, chop) => {
    await open();
    await client.write(Buffer.concat([fragment(TEXT, halves[0]), rawFrame(CONTINUATION, halves[1])]), chop);
    await expectAnswered();
  });

  it.each([
    ["5.6", {}],
    ["5.8", { chopBytes: 1 }],
  ])("%s: a ping between two fragments is answered before the message", async (_, chop) => {
    await open();
    const parts = [fragment(TEXT, halves[0]), rawFrame(PING, "in between"), rawFrame(CONTINUATION, halves[1])];
    await client.write(Buffer.concat(parts), chop);
    await expectAnswered();
    expect(client.pongs).toEqual(["in between"]);
    const answered = client.frames.findIndex(({ payload }) => payload.includes('"pong"'));
    expect(client.frames.findIndex(({ opcode }) => opcode === PONG)).toBeLessThan(answered);
  });

  it.each<[string, RawFrameOptions]>([
    ["5.9", {}],
    ["5.12", { isFinal: false }],
  ])("%s: a continuation of nothing fails the connection", async (_, options) => {
    await open();
    await client.write(rawFrame(CONTINUATION, "nothing", options));
    await expectFailed(1002);
  });

  it("5.15: a continuation after the end of a fragmented message fails the connection", async () => {
    await open();
    await client.write(Buffer.concat([fragment(TEXT, halves[0]), rawFrame(CONTINUATION, halves[1])]));
    await client.write(fragment(CONTINUATION, "more"));
    await expectFailed(1002);
  });

  it("5.18: a second text frame in the midst of fragments fails the connection", async () => {
    await open();
    await client.write(fragment(TEXT, "fragment1"));
    await client.write(rawFrame(TEXT, "fragment2"));
    await expectFailed(1002);
  });

  it.each([
    ["5.19", {}],
    ["5.20", { chopBytes: 1 }],
  ])("%s: five fragments with two pings", async (_, chop) => {
    await open();
    const pieces = [0, 5, 10, 15, 20].map((from, i) => message.slice(from, i === 4 ? undefined : from + 5));
    await client.write(
      Buffer.concat([
        fragment(TEXT, pieces[0]),
        fragment(CONTINUATION, pieces[1]),
        rawFrame(PING, "pongme 1!"),
        fragment(CONTINUATION, pieces[2]),
        fragment(CONTINUATION, pieces[3]),
        rawFrame(PING, "pongme 2!"),
        rawFrame(CONTINUATION, pieces[4]),
      ]),
      chop,
    );
    await expectAnswered();
    expect(client.pongs).toEqual(["pongme 1!", "pongme 2!"]);
  });

  it("10.1.1: a message of 65,536 bytes in fragments of 1,300", async () => {
    await open();
    const long = pingMessage(65_536);
    const frames = [];
    for (let at = 0; at < long.length; at += 1_300) {
      const isFinal = at + 1_300 >= long.length;
      frames.push(rawFrame(at === 0 ? TEXT : CONTINUATION, long.slice(at, at + 1_300), { isFinal }));
    }
    await client.write(Buffer.concat(frames));
    await expectAnswered();
  });
});

describe("6 UTF-8", () => {
  it("6.1.2, 6.1.3: fragments may be empty", async () => {
    await open();
    await client.write(Buffer.concat([fragment(TEXT), fragment(CONTINUATION, pingMessage(0)), rawFrame(CONTINUATION)]));
    await expectAnswered();
  });

  it.each([
    ["6.2.1", {}],
    ["6.2.3", { chopBytes: 1 }],
  ])("%s: text beyond ASCII, cut within a character", async (_, chop) => {
    await open();
    const bytes = Buffer.from(JSON.stringify({ type: "ping", id: "Hello-µ@ßöäüàá-UTF-8!! Việt 𠀀" }));
    const cut = bytes.indexOf("ß") + 1;
    await client.write(
      Buffer.concat([fragment(TEXT, bytes.subarray(0, cut)), rawFrame(CONTINUATION, bytes.subarray(cut))]),
      chop,
    );
    await expectAnswered();
    expect(client.texts.some((text) => text.includes("Việt 𠀀"))).toBe(true);
  });

  it.each([
    ["6.3.1: a surrogate", "cebae1bdb9cf83cebcceb5eda080656469746564", {}],
    ["6.3.2: a surrogate, octet by octet", "cebae1bdb9cf83cebcceb5eda080656469746564", { chopBytes: 1 }],
    ["6.4.1: beyond U+10FFFF", "cebae1bdb9cf83cebcceb5f4908080656469746564", {}],
    ["6.6.1: a start without its rest", "ce", {}],
    ["6.12.1: a lone continuation byte", "80", {}],
    ["6.14.1: every two-byte start alone", "c020c120c220df20", {}],
    ["6.15.1: cut sequences", "c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf", {}],
    ["6.16.1: a byte that is never there", "fe", {}],
    ["6.17.1: an overlong slash", "c0af", {}],
    ["6.18.1: an overlong largest of two bytes", "c1bf", {}],
    ["6.19.1: an overlong null", "c080", {}],
    ["6.20.1: a high surrogate", "eda080", {}],
    ["6.21.1: a pair of surrogates", "eda080edb080", {}],
  ])("%s fails the connection with 1007", async (_, hex, chop) => {
    await open();
    await client.write(rawFrame(TEXT, Buffer.from(hex, "hex")), chop);
    await expectFailed(1007);
  });
});

describe("7 closing", () => {
  it("7.1.1: a message, then a close: both are answered", async () => {
    await open();
    await client.write(Buffer.concat([rawFrame(TEXT, pingMessage(0)), rawFrame(CLOSE, closePayload(1000))]));
    await expectFailed(1000);
    expect(client.texts.some((text) => text.includes('"pong"'))).toBe(true);
  });

  it.each([
    ["7.1.2: a second close", rawFrame(CLOSE, closePayload(1000))],
    ["7.1.3: a ping", rawFrame(PING, "late")],
    ["7.1.4: a message", rawFrame(TEXT, pingMessage(0))],
  ])("%s after the close is passed over", async (_, late) => {
    await open();
    await client.write(Buffer.concat([rawFrame(CLOSE, closePayload(1000)), late]));
    await expectFailed(1000);
    expect(client.frames.filter(({ opcode }) => opcode === CLOSE)).toHaveLength(1);
    expect(client.pongs).toEqual([]);
    expect(client.texts).toHaveLength(1);
  });

  it("7.1.5: a close between fragments ends the connection", async () => {
    await open();
    await client.write(
      Buffer.concat([fragment(TEXT, "fragment1"), rawFrame(CLOSE, closePayload(1000)), rawFrame(CONTINUATION, "2")]),
    );
    await expectFailed(1000);
  });

  it("7.3.1: a close without a code", async () => {
    await open();
    await client.write(rawFrame(CLOSE));
    await expectFailed(1005);
  });

  it.each([
    ["7.3.2: a close of one byte", Buffer.from("a"), 1002],
    ["7.3.3: a code", closePayload(1000), 1000],
    ["7.3.4: a code and a reason", closePayload(1000, "Hello World!"), 1000],
    ["7.3.5: the longest reason", closePayload(1000, "*".repeat(123)), 1000],
    ["7.3.6: a reason that is too long", closePayload(1000, "*".repeat(124)), 1002],
    ["7.5.1: a reason that is not UTF-8", closePayload(1000, Buffer.from("cebaeda080", "hex")), 1007],
  ])("%s", async (_, payload, code) => {
    await open();
    await client.write(rawFrame(CLOSE, payload));
    await expectFailed(code);
  });

  it.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999])(
    "7.7: code %i is echoed",
    async (code) => {
      await open();
      await client.write(rawFrame(CLOSE, closePayload(code)));
      await expectFailed(code);
    },
  );

  it.each([0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65_535])(
    "7.9, 7.13: code %i fails the connection",
    async (code) => {
      await open();
      await client.write(rawFrame(CLOSE, closePayload(code)));
      await expectFailed(1002);
    },
  );
});

describe("a connection that is cut", () => {
  it("by half, without a close frame, is closed and forgotten", async () => {
    await open();
    const before = hub.hub.clients();
    client.socket.end();
    await expect.poll(() => client.isEnded, soon).toBe(true);
    await expect.poll(() => hub.hub.clients(), soon).toBeLessThan(before);
  });

  it("in the midst of a frame is forgotten, and others are served on", async () => {
    await open();
    await client.write(rawFrame(TEXT, "{", { claimedLength: 1_000 }));
    const before = hub.hub.clients();
    client.socket.resetAndDestroy();
    await expect.poll(() => hub.hub.clients(), soon).toBeLessThan(before);
    const other = await hub.connect();
    await other.subscribe(["market:ticks"]);
    hub.publish(tick("FPT", 1));
    await other.until(() => other.trades("FPT").length === 1);
  });

  it("is not made of garbage in the place of a handshake", async () => {
    const { connect } = await import("node:net");
    const socket = connect(hub.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(Buffer.alloc(10_000, 0x9d));
    await expect.poll(() => socket.destroyed || socket.readableEnded || socket.bytesRead > 0, soon).toBe(true);
    socket.destroy();
  });
});
