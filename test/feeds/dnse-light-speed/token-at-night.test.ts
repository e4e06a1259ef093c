import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FeedEvent } from "../../../src/engine/live-market/market-event.js";
import { createLightSpeedFeed } from "../../../src/feeds/dnse-light-speed/light-speed-feed.js";
import { type LightSpeedBroker, startLightSpeedBroker } from "../../support/light-speed-broker.js";
import { topicOf } from "../../support/light-speed-payloads.js";
import { FeedStream } from "../market-feed-suite.js";
import { hurriedWait, logger, type RunningFeed, runFeed, settingsFor } from "./running-feed.js";

const HOUR_MS = 3_600_000;
/** 2026-03-02, 20:00 in Ho Chi Minh City. */
const EVENING_MS = Date.UTC(2026, 2, 2, 13);

/** A night of a feed that was started in the evening, on one clock for feed and services. */
describe("a token that expires at night", () => {
  let nowMs: number;
  let broker: LightSpeedBroker;
  let running: RunningFeed;

  beforeEach(async () => {
    nowMs = EVENING_MS;
    broker = await startLightSpeedBroker({ nowMs: () => nowMs });
    running = runFeed(settingsFor(broker), { nowMs: () => nowMs });
    await running.until(() => running.notices("subscribed").length === 1, "a subscription");
  });

  afterEach(async () => {
    await running.stop();
    await broker.close();
  });

  const settle = () => new Promise((resolve) => setTimeout(resolve, 150));

  it("is replaced after seven hours, on a connection made before the former is left: no trade is missed", async () => {
    expect(running.notices("authenticated")[0]!.message).toBe("the token is replaced at 2026-03-02T20:00:00.000Z");
    nowMs = EVENING_MS + 7 * HOUR_MS - 1;
    await settle();
    expect(broker.login.tokens).toHaveLength(1);

    nowMs += 1;
    let isSending = true;
    const sending = (async () => {
      while (isSending) {
        broker.sendTicks("HPG", 1);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    await running.until(() => running.notices("subscribed").length === 2, "a second subscription");
    await running.until(() => broker.clients[0]!.saidGoodbye && !broker.clients[0]!.isOpen, "a goodbye to the first");
    isSending = false;
    await sending;
    broker.sendTicks("HPG", 1);

    expect(broker.clients.map(({ token }) => token)).toEqual(broker.login.tokens);
    expect(broker.login.tokens).toHaveLength(2);
    expect(broker.clients[1]!.clientId).not.toBe(broker.clients[0]!.clientId);
    const volumesSent = () => Math.max(...running.ticks().map(({ cumulativeVolume }) => cumulativeVolume));
    const last = broker.clients[1]!;
    await running.until(() => last.acknowledged === last.sent, "the last trade");
    const volumes = new Set(running.ticks().map(({ cumulativeVolume }) => cumulativeVolume));
    expect(volumes.size).toBe(volumesSent() / 100);
    expect(running.notices("disconnected")).toEqual([]);
  });

  it("is replaced without a loss while the consumer is slow", async () => {
    await running.stop();
    const slow = createLightSpeedFeed(settingsFor(broker), {
      logger,
      nowMs: () => nowMs,
      wait: hurriedWait,
      bufferEvents: 200,
    });
    const abort = new AbortController();
    const stream = new FeedStream(slow.events(abort.signal));
    const isSubscribed = (event: FeedEvent) => event.kind === "notice" && event.notice === "subscribed";
    await stream.takeUntil(isSubscribed);
    broker.sendTicks("HPG", 2_000);
    await settle();
    nowMs += 7 * HOUR_MS;
    await stream.takeUntil(isSubscribed);
    broker.sendTicks("HPG", 1);
    const volumes = new Set<number>();
    while (volumes.size < 2_001) {
      await stream.takeTicks(1);
      for (const { cumulativeVolume } of stream.ticks) volumes.add(cumulativeVolume);
    }
    abort.abort();
    await stream.drain();
  });

  it("is replaced night after night", async () => {
    for (let night = 1; night <= 5; night += 1) {
      nowMs += 7 * HOUR_MS;
      await running.until(() => running.notices("subscribed").length === night + 1, `subscription ${night + 1}`);
    }
    await running.until(() => broker.clients.filter(({ isOpen }) => isOpen).length === 1, "one open connection");
    expect(broker.login.tokens).toHaveLength(6);
  });

  it("keeps its connection while no new one is to be had, and gets one when the broker throws it out", async () => {
    broker.login.faults.login = { status: 503 };
    nowMs += 7.5 * HOUR_MS;
    await running.until(() => broker.login.requests.length >= 3, "a try to sign in");
    broker.sendTicks("HPG", 1);
    await running.until(() => running.ticks().length === 1, "a trade on the former connection");

    nowMs += HOUR_MS;
    broker.disconnectAll(0x87);
    await running.until(() => running.notices("disconnected").length >= 2, "failures");
    broker.login.faults.login = undefined;
    await running.until(() => running.notices("subscribed").length === 2, "another subscription");
    expect(broker.clients.at(-1)!.token).toBe(broker.login.tokens[1]);
    expect(broker.publish(topicOf.tick("HPG"), "{}")).toBe(1);
  });

  it("is replaced when the clock is set back so far that its age is not known", async () => {
    nowMs -= 24 * HOUR_MS;
    await running.until(() => broker.login.tokens.length === 2, "another token");
  });
});

describe("a token of a shorter life", () => {
  it("is replaced after seven eighths of it", async () => {
    let nowMs = EVENING_MS;
    const broker = await startLightSpeedBroker({ nowMs: () => nowMs, tokenLifeSeconds: 80 });
    const running = runFeed(settingsFor(broker), { nowMs: () => nowMs });
    try {
      await running.until(() => running.notices("subscribed").length === 1, "a subscription");
      nowMs += 70_000;
      await running.until(() => running.notices("subscribed").length === 2, "another subscription");
    } finally {
      await running.stop();
      await broker.close();
    }
  });
});
