import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFrame, readDnseFrame } from "../../../src/feeds/dnse/decode-frame.js";
import { DNSE_UNITS } from "../../../src/feeds/dnse/dnse-units.js";

const CONTEXT = { source: "dnse", receivedAtMs: 1_779_762_571_250, units: DNSE_UNITS, zone: "ict" } as const;

const TICK = {
  T: "t",
  marketId: "STO",
  boardId: "G1",
  symbol: "HPG",
  matchPrice: 24.35,
  matchQtty: 40,
  totalVolumeTraded: 1_184_240,
  tradingSessionId: "40",
  time: { Seconds: 1_779_762_571, Nanos: 101_000_000 },
};

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

describe("readDnseFrame(data, context)", () => {
  it("reads the same events from JSON and MessagePack, as text or bytes", () => {
    const expected = readDnseFrame(JSON.stringify(TICK), CONTEXT);
    expect(expected).toMatchObject([{ kind: "tick", price: 24_350 }]);
    expect(readDnseFrame(Buffer.from(` ${JSON.stringify(TICK)}`), CONTEXT)).toEqual(expected);
    expect(readDnseFrame(encode(TICK), CONTEXT)).toEqual(expected);
    expect(readDnseFrame(encode({ ...TICK, time: new Date(1_779_762_571_101) }), CONTEXT)).toEqual(expected);
  });

  it("reads several messages of one frame", () => {
    const twice = [expect.objectContaining({ kind: "tick" }), expect.objectContaining({ kind: "tick" })];
    expect(readDnseFrame(JSON.stringify([TICK, TICK]), CONTEXT)).toEqual(twice);
    expect(readDnseFrame(`${JSON.stringify(TICK)}\n${JSON.stringify(TICK)}\n`, CONTEXT)).toEqual(twice);
    expect(readDnseFrame(encode([TICK, TICK]), CONTEXT)).toEqual(twice);
    expect(readDnseFrame(joined(encode(TICK), encode(TICK)), CONTEXT)).toEqual(twice);
  });

  it("takes what can be read of a frame and rejects the rest", () => {
    const half = JSON.stringify(TICK).slice(0, 60);
    expect(readDnseFrame(half, CONTEXT)).toMatchObject([{ kind: "rejected", excerpt: half }]);
    expect(readDnseFrame(`${JSON.stringify(TICK)}\n${half}`, CONTEXT)).toMatchObject([
      { kind: "tick" },
      { kind: "rejected" },
    ]);
    expect(readDnseFrame(joined(encode(TICK), encode(TICK).subarray(0, 40)), CONTEXT)).toMatchObject([
      { kind: "tick" },
      { kind: "rejected", problem: expect.stringContaining("MessagePack") },
    ]);
    expect(readDnseFrame("", CONTEXT)).toMatchObject([{ kind: "rejected" }]);
    expect(readDnseFrame(new Uint8Array(), CONTEXT)).toMatchObject([{ kind: "rejected" }]);
  });

  it("rejects a frame of bytes that are no messages once, however long it is", () => {
    expect(readDnseFrame(new Uint8Array(100_000).fill(7), CONTEXT)).toHaveLength(1);
  });

  it("does not make room for a list that is only announced", () => {
    const announced = Uint8Array.from([0xdd, 0x01, 0xff, 0xff, 0xff]);
    expect(readDnseFrame(announced, CONTEXT)).toMatchObject([{ kind: "rejected" }]);
  });

  it("is not brought down by nesting", () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const objects = `${'{"data":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    for (const frame of [deep, objects, new Uint8Array(200_000).fill(0x91)]) {
      const events = readDnseFrame(frame, CONTEXT);
      expect(events.map(({ kind }) => kind)).toEqual(["rejected"]);
    }
  });

  it("never throws and never makes a trade of rubbish", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.uint8Array({ maxLength: 200 })), (data) => {
        for (const event of readDnseFrame(data, CONTEXT)) expect(event.kind).toBe("rejected");
        expect(decodeFrame(data).messages.length).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("gives a trade or a rejection for every change of a field", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(TICK)), fc.anything(), (name, value) => {
        const events = readDnseFrame(
          JSON.stringify({ ...TICK, [name]: value }, (_, part) => (typeof part === "bigint" ? String(part) : part)),
          CONTEXT,
        );
        for (const event of events) {
          expect(["tick", "rejected", "book", "index", "session", "reference"]).toContain(event.kind);
          if (event.kind === "tick") expect(event.price > 0 && event.quantity > 0).toBe(true);
        }
      }),
    );
  });
});
