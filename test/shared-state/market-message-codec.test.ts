import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMarketMessage, encodeMarketMessage } from "../../src/shared-state/market-message-codec.js";
import { anyMessage, messageOf, tickOf } from "./market-messages.js";

describe("encodeMarketMessage and decodeMarketMessage", () => {
  it("give back every message as it was, with NaN and what is undefined", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(decodeMarketMessage(encodeMarketMessage(message))).toStrictEqual(message);
      }),
    );
  });

  it("need less than a third of the bytes of JSON", () => {
    const ticks = Array.from({ length: 500 }, (_, at) => tickOf({ cumulativeVolume: 100 * at }));
    const message = messageOf(1, { events: ticks });
    expect(encodeMarketMessage(message).length).toBeLessThan(JSON.stringify(message).length / 3);
  });

  it("answer undefined for anything else: noise, other versions, fields missing or of another kind", () => {
    const whole = encodeMarketMessage(messageOf(1));
    const strangers = [
      new Uint8Array(),
      new Uint8Array([0xc1]),
      whole.subarray(0, whole.length - 1),
      encode({ epoch: "first" }),
      encode([2, "first", 1]),
      encode([1, "first", 1]),
      encode([1, 7, 1, 0, 0, "dnse", 0, 0, 0, "", null, null, []]),
      encode([1, "first", 1, 0, 0, "dnse", 9, 0, 0, "", null, null, []]),
      encode([1, "first", 1, 0, 0, "dnse", 0, 0, 0, "", null, null, [[7]]]),
    ];
    for (const bytes of strangers) expect(decodeMarketMessage(bytes)).toBeUndefined();
  });
});
