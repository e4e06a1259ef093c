import { describe, expect, it } from "vitest";
import { readFeedsSettings } from "../../src/feeds/feeds-settings.js";

const DNSE = { FEED: "dnse", DNSE_API_KEY: "a-key", DNSE_API_SECRET: "a-secret" };
const LIGHT_SPEED = { FEED: "dnse-mqtt", DNSE_USERNAME: "a-name", DNSE_PASSWORD: "a-password" };

function dnse(environment: Record<string, string> = {}) {
  const settings = readFeedsSettings({ ...DNSE, ...environment });
  if (settings.kind !== "dnse") throw new Error(`${settings.kind} was chosen`);
  return settings.dnse;
}

describe("readFeedsSettings(environment)", () => {
  it("chooses the feed that FEED names, with what it needs", () => {
    expect(readFeedsSettings({ FEED: "off" })).toEqual({ kind: "off" });
    expect(readFeedsSettings({ FEED: "simulated" })).toEqual({ kind: "simulated" });
    expect(readFeedsSettings({ FEED: "replay" })).toMatchObject({
      kind: "replay",
      replay: { file: undefined, speed: 1 },
    });
    expect(readFeedsSettings({ FEED: "replay", FEED_REPLAY_FILE: "day.csv", FEED_REPLAY_SPEED: "max" })).toMatchObject({
      replay: { file: "day.csv", speed: "max" },
    });
    expect(readFeedsSettings(LIGHT_SPEED)).toMatchObject({
      kind: "dnse-mqtt",
      lightSpeed: {
        mqttUrl: "wss://datafeed-lts-krx.dnse.com.vn:443/wss",
        restUrl: "https://api.dnse.com.vn",
        username: "a-name",
        password: "a-password",
        mqttVersion: 5,
        qos: 1,
      },
    });
    expect(dnse()).toMatchObject({
      wsUrl: "wss://ws-openapi.dnse.com.vn",
      restUrl: "https://openapi.dnse.com.vn",
      apiKey: "a-key",
      apiSecret: "a-secret",
      symbols: [],
      encoding: "json",
      channelSuffix: "json",
      apiVersion: "2026-05-07",
    });
  });

  it("takes lists in any case and with any separator, each name once", () => {
    expect(dnse({ DNSE_SYMBOLS: " hpg, FPT;hpg\n41i1g6000 " }).symbols).toEqual(["HPG", "FPT", "41I1G6000"]);
    expect(dnse({ DNSE_BOARDS: "g1" }).boards).toEqual(["G1"]);
  });

  it("takes an empty variable for one that is not set", () => {
    const empty = {
      DNSE_SYMBOLS: "",
      DNSE_ENCODING: " ",
      DNSE_TICK_FACTOR: "",
      DNSE_REST_URL: "",
      FEED_RECORD_FILE: "",
    };
    expect(dnse(empty)).toEqual(dnse());
    expect(() => readFeedsSettings({ ...DNSE, DNSE_API_KEY: "" })).toThrow("missing DNSE_API_KEY");
  });

  it("ends a channel with the encoding's name unless it is told another", () => {
    expect(dnse({ DNSE_ENCODING: "msgpack" }).channelSuffix).toBe("msgpack");
    expect(dnse({ DNSE_ENCODING: "msgpack", DNSE_CHANNEL_SUFFIX: "json" }).channelSuffix).toBe("json");
  });

  it.each([
    [{ FEED: "dnse", DNSE_API_SECRET: "s" }, "DNSE_API_KEY"],
    [{ FEED: "dnse", DNSE_API_KEY: "k" }, "DNSE_API_SECRET"],
    [{ FEED: "dnse-mqtt", DNSE_PASSWORD: "p" }, "DNSE_USERNAME"],
    [{ FEED: "dnse-mqtt", DNSE_USERNAME: "u" }, "DNSE_PASSWORD"],
    [{ FEED: "bloomberg" }, "FEED"],
    [{ DNSE_WS_URL: "https://host.example" }, "DNSE_WS_URL"],
    [{ DNSE_REST_URL: "host.example" }, "DNSE_REST_URL"],
    [{ DNSE_MQTT_URL: "wss://" }, "DNSE_MQTT_URL"],
    [{ DNSE_SYMBOLS: "HPG/FPT" }, "DNSE_SYMBOLS"],
    [{ DNSE_BOARDS: "G1,G9" }, "DNSE_BOARDS"],
    [{ DNSE_ENCODING: "xml" }, "DNSE_ENCODING"],
    [{ DNSE_DATE_HEADER: "date" }, "DNSE_DATE_HEADER"],
    [{ DNSE_API_VERSION: "1" }, "DNSE_API_VERSION"],
    [{ DNSE_TICK_FACTOR: "-10" }, "DNSE_TICK_FACTOR"],
    [{ DNSE_BOOK_FACTOR: "ten" }, "DNSE_BOOK_FACTOR"],
    [{ DNSE_INDEX_TOPIC: "a/topic" }, "DNSE_INDEX_TOPIC"],
    [{ DNSE_MQTT_QOS: "3" }, "DNSE_MQTT_QOS"],
    [{ FEED_REPLAY_SPEED: "0" }, "FEED_REPLAY_SPEED"],
  ])("refuses %j and names the variable", (environment, name) => {
    expect(() => readFeedsSettings(environment)).toThrow(
      expect.objectContaining({
        code: "CONFIGURATION_INVALID",
        details: { name },
        message: expect.stringContaining(name),
      }),
    );
  });
});
