import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { createLightSpeedFeed } from "../../../src/feeds/dnse-light-speed/light-speed-feed.js";
import { type LightSpeedBroker, startLightSpeedBroker } from "../../support/light-speed-broker.js";
import { ACCOUNT } from "../../support/light-speed-login.js";
import {
  boardEventPayload,
  indexPayload,
  SENT_AT_MS,
  stockInfoPayload,
  tickPayload,
  topicOf,
  topPricePayload,
} from "../../support/light-speed-payloads.js";
import { describeMarketFeed } from "../market-feed-suite.js";
import { hurriedWait, logger, type RunningFeed, runFeed, settingsFor } from "./running-feed.js";

describeMarketFeed("the LightSpeed feed", async () => {
  const broker = await startLightSpeedBroker();
  let isClosed = false;
  let sending = Promise.resolve();
  const isReady = () => {
    const client = broker.clients.at(-1);
    return isClosed || (client?.isOpen && client.topics.has(topicOf.tick("HPG")));
  };
  return {
    feed: createLightSpeedFeed(settingsFor(broker), { logger, wait: hurriedWait }),
    send: (count) => {
      sending = sending.then(async () => {
        while (!isReady()) await new Promise((resolve) => setTimeout(resolve, 5));
        broker.sendTicks("HPG", count);
      });
    },
    close: async () => {
      isClosed = true;
      await sending;
      await broker.close();
    },
  };
});

let broker: LightSpeedBroker;
let running: RunningFeed | undefined;

beforeEach(async () => {
  broker = await startLightSpeedBroker();
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  await broker.close();
});

function run(...[changes, dependencies]: [Parameters<typeof settingsFor>[1]?, Parameters<typeof runFeed>[1]?]) {
  running = runFeed(settingsFor(broker, changes), dependencies);
  return running;
}

const subscribed = (count: number) => () => running!.notices("subscribed").length >= count;

describe("createLightSpeedFeed(settings, dependencies): signing in", () => {
  it("takes the investor's number and the token as user and password, under the documented client id", async () => {
    const { until, notices } = run();
    await until(subscribed(1), "a subscription");
    expect(broker.login.requests).toEqual(["POST /user-service/api/auth", "GET /user-service/api/me"]);
    expect(broker.clients).toMatchObject([
      {
        clientId: expect.stringMatching(/^dnse-price-json-mqtt-ws-sub-1000123456-[0-9a-f]{8}$/),
        username: ACCOUNT.investorId,
        token: broker.login.tokens[0],
        keepalive: 60,
        protocolVersion: 5,
      },
    ]);
    expect(notices().map(({ notice }) => notice)).toEqual(["connecting", "connected", "authenticated", "subscribed"]);
  });

  it("subscribes to exact topics with QoS 1", async () => {
    const { until } = run();
    await until(subscribed(1), "a subscription");
    expect([...broker.clients[0]!.topics]).toEqual(
      [
        topicOf.tick("HPG"),
        topicOf.topPrice("HPG"),
        topicOf.stockInfo("HPG"),
        topicOf.index("VNINDEX"),
        topicOf.boardEvent("STO", "STO"),
        topicOf.boardEvent("STX", "STX"),
        topicOf.boardEvent("UPX", "UPX"),
        topicOf.boardEvent("DVX", "FIO"),
      ].map((topic) => [topic, 1]),
    );
  });

  it("subscribes to the topics of many symbols, in requests of a bearable size", async () => {
    const symbols = Array.from({ length: 200 }, (_, index) => instrumentSymbol(`S${index}`));
    const { until, ticks, notices } = run({ symbols });
    await until(subscribed(1), "a subscription");
    expect(notices("subscribed")[0]!.message).toBe("605 topics");
    expect(broker.clients[0]!.topics.size).toBe(605);
    for (const symbol of symbols) broker.sendTicks(symbol, 1);
    await until(() => ticks().length === 200, "a trade of each");
  });

  it("speaks MQTT 3.1.1 and other topics of indexes when it is told to", async () => {
    const { until } = run({
      mqttVersion: 4,
      qos: 0,
      indexes: ["VNINDEX", "HNX"],
      indexTopic: "plaintext/quotes/krx/mdds/marketindex/v1/code/{name}",
    });
    await until(subscribed(1), "a subscription");
    expect(broker.clients[0]!.protocolVersion).toBe(4);
    expect(broker.clients[0]!.topics.get("plaintext/quotes/krx/mdds/marketindex/v1/code/HNX")).toBe(0);
  });

  it("goes by the given username where the service does not say who signed in", async () => {
    broker.login.faults.me = { status: 404 };
    const { until, notices } = run();
    await until(() => notices("refused").length > 0, "a refusal of the broker, which knows investors by number");
    expect(broker.refusals[0]).toEqual({ code: 0x86, username: ACCOUNT.username });
    broker.login.faults.me = { status: 200, body: JSON.stringify({ investorId: 1_000_123_456 }) };
    await until(subscribed(1), "a subscription with a number for an investor's number");
  });

  it("keeps trying wrong credentials slowly, says so without them, and comes in once they are right", async () => {
    broker.login.faults.login = { status: 401, body: `{"message":"wrong password: ${ACCOUNT.password}"}` };
    const { until, notices } = run();
    await until(() => notices("refused").length >= 5, "five refusals");
    const messages = notices("refused").map(({ message }) => message);
    expect(messages.slice(0, 5).map((message) => /next try in (.*) s/.exec(message)![1])).toEqual([
      "8.0",
      "16.0",
      "32.0",
      "60.0",
      "60.0",
    ]);
    expect(messages[0]).toContain("HTTP 401");
    expect(messages[0]).toContain("accepted: the broker's DNSE_USERNAME and DNSE_PASSWORD");
    expect(messages.join()).not.toContain(ACCOUNT.password);
    broker.login.faults.login = undefined;
    await until(subscribed(1), "a subscription");
  });

  it("heeds a service that asks for patience", async () => {
    broker.login.faults.login = { status: 429, headers: { "Retry-After": "7" } };
    const { until, notices } = run();
    await until(() => notices("throttled").length >= 1, "being throttled");
    expect(notices("throttled")[0]!.message).toMatch(/next try in 7\.0 s$/);
  });

  it.each([
    [500, "oops", /answered HTTP 500: oops; next try/],
    [200, "<html>", /^invalid answer of http:.*auth \(accepted: an object with a token\)/],
    [200, '{"token":""}', /^invalid answer/],
  ])("takes HTTP %i with %s for a failure and tries again", async (status, body, message) => {
    broker.login.faults.login = { status, body };
    const { until, notices } = run();
    await until(() => notices("disconnected").length >= 2, "two failures");
    expect(notices("disconnected")[0]!.message).toMatch(message);
    broker.login.faults.login = undefined;
    await until(subscribed(1), "a subscription");
  });

  it("refuses settings it cannot work with", () => {
    const settings = settingsFor(broker);
    const refused: [object, string][] = [
      [{ symbols: [] }, "missing DNSE_SYMBOLS"],
      [{ mqttUrl: "http://127.0.0.1" }, 'invalid DNSE_MQTT_URL: "http://127.0.0.1" (accepted: an address'],
      [{ restUrl: "nowhere" }, 'invalid DNSE_REST_URL: "nowhere"'],
    ];
    for (const [change, message] of refused) {
      expect(() => createLightSpeedFeed({ ...settings, ...change }, { logger })).toThrowError(
        expect.objectContaining({ code: "CONFIGURATION_INVALID", message: expect.stringContaining(message) }),
      );
    }
  });
});

describe("createLightSpeedFeed(settings, dependencies): payloads", () => {
  it("gives trades in VND and shares, under the names used here", async () => {
    const { until, ticks } = run();
    await until(subscribed(1), "a subscription");
    broker.publish(topicOf.tick("HPG"), tickPayload("HPG", 42_157, { matchQtty: 100, side: "SIDE_SELL" }));
    await until(() => ticks().length === 1, "a trade");
    expect(ticks()[0]).toEqual({
      kind: "tick",
      symbol: "HPG",
      board: "G1",
      eventTimeMs: SENT_AT_MS + 42_157,
      receivedAtMs: expect.any(Number),
      price: 26_850,
      quantity: 1_000,
      cumulativeVolume: 4_215_700,
      side: "S",
      session: "continuous",
      source: "dnse-mqtt",
      isBackfill: false,
    });
  });

  it("gives books, indexes and sessions, and reference prices when they are new", async () => {
    const { until, seen } = run();
    await until(subscribed(1), "a subscription");
    broker.publish(topicOf.topPrice("HPG"), topPricePayload("HPG"));
    broker.publish(topicOf.stockInfo("HPG"), stockInfoPayload("HPG"));
    broker.publish(topicOf.stockInfo("HPG"), stockInfoPayload("HPG", { matchPrice: 26.9 }));
    broker.publish(topicOf.stockInfo("HPG"), stockInfoPayload("HPG", { securityStatus: "SECURITY_STATUS_HALT" }));
    broker.publish(topicOf.index("VNINDEX"), indexPayload("VNINDEX"));
    broker.publish(topicOf.boardEvent("STO", "STO"), boardEventPayload("30"));
    const events = () => seen.filter(({ kind }) => kind !== "notice");
    await until(() => events().length >= 5, "five events");
    const eventTimeMs = SENT_AT_MS;
    expect(events()).toMatchObject([
      {
        kind: "book",
        board: "G1",
        eventTimeMs,
        bids: [
          { price: 26_800, quantity: 12_000 },
          { price: 26_750, quantity: 500 },
        ],
        asks: [{ price: 26_850, quantity: 3_100 }],
      },
      {
        kind: "reference",
        tradingDate: "2026-03-02",
        reference: 26_800,
        ceiling: 28_650,
        floor: 24_950,
        isHalted: false,
      },
      { kind: "reference", isHalted: true },
      { kind: "index", symbol: "VNINDEX", value: 1_265.31, cumulativeVolume: 412_345_600, advances: 210 },
      { kind: "session", market: "HOSE", phase: "atc" },
    ]);
  });

  it.each([
    ["no JSON", "{ half a mess", "(accepted: JSON objects)"],
    ["no object", "42", "invalid message: 42 (accepted: an object)"],
    ["a trade without a price", JSON.stringify(tickPayload("HPG", 1, { matchPrice: null })), "missing matchPrice"],
    ["a trade of a wrong side", JSON.stringify(tickPayload("HPG", 1, { side: "SIDE_UP" })), "invalid side"],
    ["something huge", `"${"x".repeat(2_000_000)}"`, "2000002 bytes (accepted: up to 1 MiB)"],
  ])("rejects %s with a reason and goes on", async (_, payload, problem) => {
    const { until, seen, ticks, notices } = run();
    await until(subscribed(1), "a subscription");
    broker.publish(topicOf.tick("HPG"), payload);
    broker.sendTicks("HPG", 1);
    await until(() => ticks().length === 1, "the trade after it");
    const rejected = seen.filter((event) => event.kind === "rejected");
    expect(rejected).toHaveLength(1);
    expect(rejected[0]!.problem).toContain(problem);
    expect(rejected[0]!.excerpt.length).toBeLessThanOrEqual(200);
    expect(notices("disconnected")).toEqual([]);
  });

  it("passes on what comes twice or in another order: judging it is not a feed's business", async () => {
    broker.faults.duplicates = true;
    broker.faults.reorders = true;
    const { until, ticks } = run();
    await until(subscribed(1), "a subscription");
    broker.publish(topicOf.tick("HPG"), tickPayload("HPG", 1));
    broker.publish(topicOf.tick("HPG"), tickPayload("HPG", 2));
    await until(() => ticks().length === 4, "four trades");
    expect(ticks().map(({ cumulativeVolume }) => cumulativeVolume)).toEqual([100, 100, 200, 200]);
    broker.faults.duplicates = false;
    broker.publish(topicOf.tick("HPG"), tickPayload("HPG", 3));
    broker.publish(topicOf.tick("HPG"), tickPayload("HPG", 4));
    await until(() => ticks().length === 6, "two more");
    expect(ticks().map(({ cumulativeVolume }) => cumulativeVolume)).toEqual([100, 100, 200, 200, 400, 300]);
  });

  it("puts frames together that come byte by byte", async () => {
    const { until, ticks } = run();
    await until(subscribed(1), "a subscription");
    broker.faults.drips = true;
    broker.sendTicks("HPG", 5);
    await until(() => ticks().length === 5, "five trades");
  });
});

describe("createLightSpeedFeed(settings, dependencies): losing the connection", () => {
  const disturbances: [string, (broker: LightSpeedBroker) => void, RegExp][] = [
    ["is broken off", (it) => it.breakOff(), /^the connection was closed/],
    ["ends with a reason", (it) => it.disconnectAll(0x8b), /^the broker ended the connection: reason code 139/],
    ["brings bytes that are no packet", (it) => it.sendRaw(Buffer.from("GET / HTTP/1.1\r\n\r\n")), /.+/],
  ];

  it.each(disturbances)(
    "signs in, connects and subscribes anew after a connection that %s",
    async (_, disturb, reason) => {
      const { until, ticks, notices } = run();
      await until(subscribed(1), "a subscription");
      broker.sendTicks("HPG", 1);
      await until(() => ticks().length === 1, "a trade");
      disturb(broker);
      await until(subscribed(2), "another subscription");
      expect(notices("disconnected")[0]!.message).toMatch(reason);
      expect(notices("disconnected")[0]!.message).toMatch(/; next try in 1\.0 s$/);
      expect(broker.clients[1]!.token).toBe(broker.login.tokens[1]);
      expect(broker.clients[1]!.topics).toEqual(broker.clients[0]!.topics);
      broker.sendTicks("HPG", 1);
      await until(() => ticks().length === 2, "a trade on the new connection");
    },
  );

  it("waits 1, 2, 4 … 60 seconds, with no end, and from 1 again after a connection that was good", async () => {
    broker.faults.refusal = 0x88;
    const { until, notices, ticks } = run();
    const failures = () => notices().filter(({ message }) => message.includes("next try in"));
    await until(() => failures().length >= 9, "nine failures");
    expect(
      failures()
        .slice(0, 9)
        .map(({ message }) => /next try in (.*) s/.exec(message)![1]),
    ).toEqual(["1.0", "2.0", "4.0", "8.0", "16.0", "32.0", "60.0", "60.0", "60.0"]);
    broker.faults.refusal = undefined;
    await until(subscribed(1), "a subscription");
    broker.sendTicks("HPG", 1);
    await until(() => ticks().length === 1, "a trade");
    const before = failures().length;
    broker.breakOff();
    await until(() => failures().length > before, "another failure");
    expect(failures()[before]!.message).toMatch(/next try in 1\.0 s/);
  });

  it("does not hurry back to a broker that takes it and leaves at once", async () => {
    const { until, notices } = run();
    for (let round = 1; round <= 4; round += 1) {
      await until(subscribed(round), `subscription ${round}`);
      broker.breakOff();
      await until(() => notices("disconnected").length >= round, `end ${round}`);
    }
    expect(
      notices("disconnected")
        .slice(0, 4)
        .map(({ message }) => /next try in (.*) s/.exec(message)![1]),
    ).toEqual(["1.0", "2.0", "4.0", "8.0"]);
  });

  it("tries again when the broker answers no subscription, and when nothing listens there", async () => {
    broker.faults.neverGrants = true;
    const { until, notices, stop } = run({}, { answerTimeoutMs: 300 });
    await until(() => notices("disconnected").length >= 2, "two failures");
    expect(notices("disconnected")[0]!.message).toMatch(/^no answer to a subscription in 300 ms/);
    broker.faults.neverGrants = false;
    await until(subscribed(1), "a subscription");
    await stop();
    running = runFeed(settingsFor({ restUrl: broker.restUrl, mqttUrl: "ws://127.0.0.1:1/wss" }));
    await running.until(() => running!.notices("disconnected").length >= 2, "two failures");
    expect(running.notices("disconnected")[0]!.message).toMatch(/ECONNREFUSED/);
  });

  it("goes on with the topics that are granted, and signs in anew when none is", async () => {
    const denied = new Set([topicOf.boardEvent("DVX", "FIO"), topicOf.boardEvent("UPX", "UPX")]);
    broker.faults.denied = denied;
    const { until, notices, ticks, feed } = run();
    await until(subscribed(1), "a subscription");
    expect(notices("subscribed")[0]!.message).toBe(
      `6 of 8 topics; not granted: ${topicOf.boardEvent("UPX", "UPX")}, ${topicOf.boardEvent("DVX", "FIO")}`,
    );
    broker.sendTicks("HPG", 1);
    await until(() => ticks().length === 1, "a trade");
    broker.faults.denied = new Set([...broker.clients[0]!.topics.keys(), ...denied]);
    feed.reconnect("the test wants another connection");
    await until(() => notices("refused").length >= 1, "a refusal");
    expect(notices("refused")[0]!.message).toMatch(/^the broker grants none of 8 topics/);
    broker.faults.denied = new Set();
    await until(subscribed(2), "another subscription");
  });

  it("leaves a mute connection at once when it is asked to, with a goodbye, and signs in anew", async () => {
    const { until, notices, ticks, feed } = run();
    await until(subscribed(1), "a subscription");
    broker.faults.isMute = true;
    broker.sendTicks("HPG", 3);
    feed.reconnect("no data for 5 s");
    await until(subscribed(2), "another subscription");
    expect(notices("disconnected")[0]!.message).toBe("no data for 5 s; trying again now");
    expect(broker.login.tokens).toHaveLength(2);
    await until(() => broker.clients[0]!.saidGoodbye, "a goodbye");
    broker.faults.isMute = false;
    broker.sendTicks("HPG", 1);
    await until(() => ticks().length === 1, "a trade");
  });

  it("tries at once when it is asked to while it waits", async () => {
    broker.faults.refusal = 0x88;
    const { until, notices, feed } = run({}, { wait: (ms, signal) => hurriedWait(ms < 1_500 ? ms : 1e9, signal) });
    await until(() => notices("disconnected").length === 2, "a long wait");
    broker.faults.refusal = undefined;
    feed.reconnect("now");
    await until(subscribed(1), "a subscription");
  });
});

describe("createLightSpeedFeed(settings, dependencies): tokens", () => {
  it("gets a new token and connects with it when the broker knows the old one no more", async () => {
    const { until, notices } = run();
    await until(subscribed(1), "a subscription");
    broker.faults.refusal = 0x86;
    broker.breakOff();
    await until(() => notices("refused").length >= 1, "a refusal");
    expect(notices("refused")[0]!.message).toMatch(/^Connection refused: Bad User Name or Password; next try in/);
    broker.login.revokeAll();
    broker.faults.refusal = undefined;
    await until(subscribed(2), "another subscription");
    expect(broker.clients.at(-1)!.token).toBe(broker.login.tokens.at(-1));
  });

  it("uses the token at hand while the login service does not answer", async () => {
    const { until } = run();
    await until(subscribed(1), "a subscription");
    broker.login.faults.login = { status: 503 };
    broker.breakOff();
    await until(subscribed(2), "another subscription");
    expect(broker.clients[1]!.token).toBe(broker.login.tokens[0]);
  });
});
