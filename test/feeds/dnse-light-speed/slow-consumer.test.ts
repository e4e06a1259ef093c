import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLightSpeedFeed } from "../../../src/feeds/dnse-light-speed/light-speed-feed.js";
import { openMqttLink } from "../../../src/feeds/dnse-light-speed/mqtt-link.js";
import { openFileTape } from "../../../src/feeds/replay/open-file-tape.js";
import { type LightSpeedBroker, startLightSpeedBroker } from "../../support/light-speed-broker.js";
import { ACCOUNT } from "../../support/light-speed-login.js";
import { topicOf } from "../../support/light-speed-payloads.js";
import { TemporaryFolder } from "../../support/temporary-home.js";
import { FeedStream } from "../market-feed-suite.js";
import { hurriedWait, logger, runFeed, settingsFor } from "./running-feed.js";

const PATIENCE = { timeout: 15_000, interval: 10 };

let broker: LightSpeedBroker;

beforeEach(async () => {
  broker = await startLightSpeedBroker();
});

afterEach(() => broker.close());

/** The value once it is above 0 and has stood still for half a second. */
async function settled(value: () => number): Promise<number> {
  await vi.waitFor(() => expect(value()).toBeGreaterThan(0), PATIENCE);
  let before = -1;
  while (value() !== before) {
    before = value();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return before;
}

describe("a consumer that takes nothing", () => {
  it("makes the feed stop reading when its buffer is full; nothing is lost, and the buffer stays bounded", async () => {
    const bufferEvents = 1_000;
    const feed = createLightSpeedFeed(settingsFor(broker), { logger, wait: hurriedWait, bufferEvents });
    const abort = new AbortController();
    const stream = new FeedStream(feed.events(abort.signal));
    await stream.takeUntil((event) => event.kind === "notice" && event.notice === "subscribed");

    broker.sendTicks("HPG", 20_000);
    const acknowledged = await settled(() => broker.clients[0]!.acknowledged);
    expect(acknowledged).toBeLessThanOrEqual(bufferEvents);

    const ticks = await stream.takeTicks(20_000);
    expect(ticks.map(({ cumulativeVolume }) => cumulativeVolume)).toEqual(
      Array.from({ length: 20_000 }, (_, index) => (index + 1) * 100),
    );
    for (const batch of stream.batches) expect(batch.length).toBeLessThanOrEqual(bufferEvents);
    await vi.waitFor(() => expect(broker.clients[0]!.acknowledged).toBe(20_000), PATIENCE);
    expect(broker.clients).toHaveLength(1);
    abort.abort();
    await stream.drain();
  });

  it("does not keep the feed from ending", async () => {
    const feed = createLightSpeedFeed(settingsFor(broker), { logger, wait: hurriedWait, bufferEvents: 100 });
    const abort = new AbortController();
    const stream = new FeedStream(feed.events(abort.signal));
    await stream.takeUntil((event) => event.kind === "notice" && event.notice === "subscribed");
    broker.sendTicks("HPG", 5_000);
    await settled(() => broker.clients[0]!.acknowledged);
    abort.abort();
    await stream.drain();
    await vi.waitFor(() => expect(broker.clients[0]!.isOpen).toBe(false), PATIENCE);
    // What was acknowledged was delivered.
    expect(stream.ticks.length).toBeGreaterThanOrEqual(broker.clients[0]!.acknowledged);
  });
});

describe("openMqttLink(options)", () => {
  it("stays connected while its handler takes longer than the keepalive, and hears the broker's heartbeat", async () => {
    await fetch(`${broker.restUrl}/user-service/api/auth`, {
      method: "POST",
      body: JSON.stringify({ username: ACCOUNT.username, password: ACCOUNT.password }),
    });
    const release = Promise.withResolvers<void>();
    let messages = 0;
    let heartbeats = 0;
    const link = await openMqttLink({
      url: broker.mqttUrl,
      protocolVersion: 5,
      clientId: "link-under-test",
      username: ACCOUNT.investorId,
      password: broker.login.tokens[0]!,
      qos: 1,
      topics: [topicOf.tick("HPG")],
      answerTimeoutMs: 15_000,
      keepaliveSeconds: 1,
      onMessage: () => {
        messages += 1;
        return messages === 1 ? release.promise : undefined;
      },
      onHeartbeat: () => {
        heartbeats += 1;
      },
      onConnected: () => undefined,
      signal: new AbortController().signal,
    });
    let end: string | undefined;
    void link.ended.then(({ reason }) => {
      end = reason;
    });
    await vi.waitFor(() => expect(heartbeats).toBeGreaterThan(0), PATIENCE);
    broker.sendTicks("HPG", 3);
    await vi.waitFor(() => expect(messages).toBe(1), PATIENCE);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect([messages, end, broker.clients[0]!.isOpen]).toEqual([1, undefined, true]);
    release.resolve();
    await vi.waitFor(() => expect(broker.clients[0]!.acknowledged).toBe(3), PATIENCE);
    expect(end).toBeUndefined();
    link.close();
    await link.ended;
    expect(broker.clients[0]!.saidGoodbye).toBe(true);
  });
});

describe("recording frames", () => {
  it("writes down what came with topic and time, so that it can be replayed", async () => {
    const folder = new TemporaryFolder();
    try {
      const recordFile = `${folder.path}/frames.jsonl`;
      const running = runFeed(settingsFor(broker, { recordFile }));
      await running.until(() => running.notices("subscribed").length === 1, "a subscription");
      broker.sendTicks("HPG", 10);
      broker.publish(topicOf.tick("HPG"), "garbage");
      await running.until(() => running.seen.some(({ kind }) => kind === "rejected"), "what was rejected");
      await running.stop();
      const replayed = [];
      for await (const batch of (await openFileTape(recordFile)).open(Number.NEGATIVE_INFINITY))
        replayed.push(...batch);
      const received = running.seen.filter(({ kind }) => kind !== "notice");
      expect(received).toHaveLength(11);
      expect(replayed).toEqual(
        received.map((event) => (event.kind === "tick" ? { ...event, source: "replay" } : event)),
      );
    } finally {
      folder.remove();
    }
  });
});
