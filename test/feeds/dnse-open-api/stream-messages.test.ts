import { describe, expect, it } from "vitest";
import type { InstrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import {
  controlMessageOf,
  endsSession,
  isAboutTime,
  streamUrl,
} from "../../../src/feeds/dnse-open-api/stream-messages.js";
import { subscribeMessages } from "../../../src/feeds/dnse-open-api/subscriptions.js";

describe("streamUrl(wsUrl, encoding)", () => {
  it.each([
    ["wss://host.example", "wss://host.example/v1/stream?encoding=json"],
    ["ws://127.0.0.1:9/", "ws://127.0.0.1:9/v1/stream?encoding=json"],
    ["wss://host.example/v1/stream", "wss://host.example/v1/stream?encoding=json"],
    ["wss://host.example/v1/stream?encoding=msgpack", "wss://host.example/v1/stream?encoding=json"],
    ["wss://host.example/proxy/", "wss://host.example/proxy/v1/stream?encoding=json"],
  ])("completes %s", (wsUrl, url) => {
    expect(streamUrl(wsUrl, "json")).toBe(url);
  });
});

describe("controlMessageOf(message)", () => {
  it("knows the broker's own messages by either name of the field", () => {
    expect(controlMessageOf({ action: "pong" })).toMatchObject({ action: "pong" });
    expect(controlMessageOf({ a: "subscribed" })).toMatchObject({ action: "subscribed" });
    expect(controlMessageOf({ sid: "conn_1" })).toMatchObject({ action: "welcome" });
  });

  it("leaves data alone, which may have an action too", () => {
    expect(controlMessageOf({ T: "emi", action: "estimated_market_index_update" })).toBeUndefined();
    expect(controlMessageOf({ T: "t", symbol: "HPG" })).toBeUndefined();
    for (const other of [null, 7, "ping", [], [{ action: "ping" }]]) expect(controlMessageOf(other)).toBeUndefined();
  });
});

describe("endsSession(payload)", () => {
  it.each([
    [{ code: "AUTH_FAILED", message: "no" }, true],
    [{ code: "TOKEN_EXPIRED" }, true],
    [{ message: "your session has expired" }, true],
    [{ message: "token is invalid" }, true],
    [{ message: "Unauthorized" }, true],
    [{ code: "INVALID_CHANNEL", message: "session.STO.G1.json is invalid" }, false],
    [{ message: "unknown channel: tick.G9.json" }, false],
    [{ code: 500, message: "try later" }, false],
  ])("of %j is %s", (payload, expected) => {
    expect(endsSession(payload)).toBe(expected);
  });
});

describe("isAboutTime(text)", () => {
  it("tells a wrong clock from a wrong key", () => {
    expect(isAboutTime("AUTH_FAILED: authentication failed: timestamp outside valid window")).toBe(true);
    expect(isAboutTime("AUTH_FAILED: authentication failed: invalid signature")).toBe(false);
  });
});

describe("subscribeMessages(symbols, settings)", () => {
  const settings = {
    boards: ["G1"],
    indexes: ["VNINDEX"],
    productGroups: ["FIO"],
    tickChannel: "tick_extra",
    channelSuffix: "msgpack",
  } as const;

  it("follows indexes among the symbols in their own channels, under the broker's names", () => {
    const messages = subscribeMessages(["HPG", "VN30", "HNXINDEX"] as InstrumentSymbol[], settings);
    expect(messages.map(({ channels }) => channels[0])).toEqual([
      { name: "tick_extra.G1.msgpack", symbols: ["HPG"] },
      { name: "top_price.G1.msgpack", symbols: ["HPG"] },
      { name: "security_definition.G1.msgpack", symbols: ["HPG"] },
      { name: "market_index.VNINDEX.msgpack", symbols: [] },
      { name: "market_index.VN30.msgpack", symbols: [] },
      { name: "market_index.HNX.msgpack", symbols: [] },
      { name: "session.FIO.G1.msgpack", symbols: [] },
    ]);
  });
});
