import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { isWorkbenchError, WorkbenchError } from "../../engine/errors.js";
import type { FeedEvent, FeedNotice } from "../../engine/live-market/market-event.js";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import type { LightSpeedSettings } from "../feeds-settings.js";
import { recorderIfWanted } from "../frame-recorder.js";
import { FEED_BUFFER_EVENTS, type MarketFeed, type TradeHistory } from "../market-feed.js";
import { reconnectDelayMs } from "../reconnect-delay.js";
import { createLightSpeedMessageReader } from "./light-speed-messages.js";
import { lightSpeedTopics } from "./light-speed-topics.js";
import { type LinkEnd, type MqttLink, openMqttLink } from "./mqtt-link.js";
import { afterFailure, nextTryText } from "./next-try.js";
import { RoomyBuffer } from "./roomy-buffer.js";
import { isRefreshDue, type LightSpeedSession, signIn } from "./sign-in.js";

export interface LightSpeedDependencies {
  readonly logger: Logger;
  readonly nowMs?: () => number;
  readonly random?: () => number;
  /** Waits, or returns early when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** This service has no trades of the past of its own; another of the broker's may be lent to it. */
  readonly history?: TradeHistory | undefined;
  readonly bufferEvents?: number;
  /** How long the login service and the broker may take to answer. */
  readonly answerTimeoutMs?: number;
}

const ANSWER_TIMEOUT_MS = 15 * MS_PER_SECOND;
/** A link that lived so long, or brought a message, was a good one: after it the delays begin anew. */
const GOOD_LINK_MS = 60 * MS_PER_SECOND;
const REFRESH_CHECK_MS = MS_PER_SECOND;

/**
 * DNSE's LightSpeed: a token by HTTP, then prices over MQTT. A token is replaced an hour before it expires: the next
 * connection is made before the present one is left, so that no trade falls between them.
 *
 * @throws CONFIGURATION_INVALID without symbols, as the broker grants exact topics only
 */
export function createLightSpeedFeed(
  settings: LightSpeedSettings,
  {
    logger,
    nowMs = Date.now,
    random = Math.random,
    wait = pauseFor,
    history,
    bufferEvents = FEED_BUFFER_EVENTS,
    answerTimeoutMs = ANSWER_TIMEOUT_MS,
  }: LightSpeedDependencies,
): MarketFeed {
  if (settings.symbols.length === 0) {
    throw new WorkbenchError(
      "CONFIGURATION_INVALID",
      "missing DNSE_SYMBOLS: FEED is dnse-mqtt (accepted: symbols, separated by commas; the broker grants no wildcards)",
      { details: { name: "DNSE_SYMBOLS" } },
    );
  }
  acceptedAddress("DNSE_MQTT_URL", settings.mqttUrl, ["wss:", "ws:", "mqtts:", "mqtt:"]);
  acceptedAddress("DNSE_REST_URL", settings.restUrl, ["https:", "http:"]);
  const topics = lightSpeedTopics(settings);
  let hasConsumer = false;
  /** Tells the running consumer that somebody wants another connection. */
  let askForReconnect: ((reason: string) => void) | undefined;

  async function run(buffer: RoomyBuffer, signal: AbortSignal): Promise<void> {
    const readMessage = createLightSpeedMessageReader({
      units: settings.units,
      source: "dnse-mqtt",
      contentOf: (topic) => topics.get(topic),
    });
    const recorder = await recorderIfWanted(settings.recordFile, {
      feed: "dnse-mqtt",
      secrets: [settings.username, settings.password],
      logger,
    });
    let failures = 0;
    let messages = 0;
    let session: LightSpeedSession | undefined;
    /** Why somebody wants another connection. */
    let wish: string | undefined;
    /** Ends the present wait. */
    let attention = new AbortController();

    askForReconnect = (reason) => {
      wish = reason;
      attention.abort();
    };
    signal.addEventListener("abort", () => attention.abort(), { once: true });

    /** Waits, but not longer than until somebody wants another connection, a link ends or the feed is stopped. */
    async function rest(ms: number): Promise<void> {
      await wait(ms, attention.signal);
      if (attention.signal.aborted) attention = new AbortController();
    }

    /** Waits for the next try; whoever wants another connection gets it at once. */
    async function untilNextTry(ms: number): Promise<void> {
      if (wish === undefined && !signal.aborted) attention = new AbortController();
      await rest(ms);
      wish = undefined;
    }

    async function say(notice: FeedNotice["notice"], message: string): Promise<void> {
      await buffer.room();
      buffer.push([{ kind: "notice", notice, atMs: nowMs(), message }]);
    }

    function take(topic: string, payload: Uint8Array): Promise<void> | undefined {
      const receivedAtMs = nowMs();
      messages += 1;
      recorder?.record(Buffer.from(payload).toString("utf8"), receivedAtMs, topic);
      buffer.push(readMessage(topic, payload, receivedAtMs));
      return buffer.isFull ? buffer.room() : undefined;
    }

    /** A fresh token; while the login service does not answer and `former` will do, that for as long as it is valid. */
    async function authenticate(former: LightSpeedSession | undefined): Promise<LightSpeedSession> {
      try {
        session = await signIn({ ...settings, nowMs, answerTimeoutMs, signal });
      } catch (error) {
        const isHopeless = isWorkbenchError(error) && error.code === "FEED_REFUSED";
        if (former === undefined || isHopeless || nowMs() >= former.expiresAtMs) throw error;
        logger.warn({ err: error }, "signing in failed; the token at hand is used once more");
        session = former;
      }
      return session;
    }

    async function establish(former?: LightSpeedSession): Promise<MqttLink> {
      const { username, token, refreshAtMs } = await authenticate(former);
      try {
        const link = await openMqttLink({
          url: settings.mqttUrl,
          protocolVersion: settings.mqttVersion,
          qos: settings.qos,
          clientId: `dnse-price-json-mqtt-ws-sub-${username}-${randomBytes(4).toString("hex")}`,
          username,
          password: token,
          topics: [...topics.keys()],
          answerTimeoutMs,
          onMessage: take,
          onConnected: () =>
            buffer.push([
              noticeOf("connected", `connected to ${hostOf(settings.mqttUrl)}`),
              noticeOf("authenticated", `the token is replaced at ${new Date(refreshAtMs).toISOString()}`),
            ]),
          onHeartbeat: () => {
            if (!buffer.isFull) buffer.push([noticeOf("heartbeat", "the broker answered a ping")]);
          },
          signal,
        });
        await say("subscribed", subscriptionText(link.refusedTopics));
        return link;
      } catch (error) {
        if (isWorkbenchError(error) && error.code === "FEED_REFUSED") session = undefined;
        throw error;
      }
    }

    function noticeOf(notice: FeedNotice["notice"], message: string): FeedEvent {
      return { kind: "notice", notice, atMs: nowMs(), message };
    }

    function subscriptionText(refused: readonly string[]): string {
      if (refused.length === 0) return `${topics.size} topics`;
      logger.warn({ refused }, "the broker does not grant every topic");
      return `${topics.size - refused.length} of ${topics.size} topics; not granted: ${refused.slice(0, 5).join(", ")}${refused.length > 5 ? ", …" : ""}`;
    }

    /** Follows a link until it ends, replacing it when its token grows old. Gives the reason of the end. */
    async function follow(first: MqttLink): Promise<string> {
      let link = first;
      let end: LinkEnd | undefined;
      let nextRefreshMs = Number.NEGATIVE_INFINITY;
      const watch = (watched: MqttLink) =>
        void watched.ended.then((itsEnd) => {
          if (watched !== link) return;
          end = itsEnd;
          attention.abort();
        });
      watch(link);
      try {
        for (;;) {
          if (signal.aborted) return "the feed was stopped";
          if (end?.isRefusal) session = undefined;
          if (end !== undefined) return end.reason;
          if (wish !== undefined) return wish;
          const isOld = session === undefined || isRefreshDue(session, nowMs());
          if (!isOld || performance.now() < nextRefreshMs) {
            await rest(REFRESH_CHECK_MS);
            continue;
          }
          try {
            const replacement = await establish();
            link.closeWhenTaken();
            link = replacement;
            end = undefined;
            wish = undefined;
            watch(link);
          } catch (error) {
            nextRefreshMs = performance.now() + GOOD_LINK_MS;
            logger.warn({ err: error }, "the token could not be replaced; the connection goes on with the former");
          }
        }
      } finally {
        link.close();
      }
    }

    try {
      while (!signal.aborted) {
        const messagesBefore = messages;
        const beganAtMs = performance.now();
        try {
          await say("connecting", `signing in at ${hostOf(settings.restUrl)}`);
          const link = await establish(session);
          wish = undefined;
          const reason = await follow(link);
          if (signal.aborted) return;
          const wasGood = messages > messagesBefore || performance.now() - beganAtMs > GOOD_LINK_MS;
          failures = wasGood ? 1 : failures + 1;
          const waitMs = wish === undefined ? reconnectDelayMs(failures, random) : 0;
          await say("disconnected", `${reason}; ${nextTryText(waitMs)}`);
          await untilNextTry(waitMs);
        } catch (error) {
          if (signal.aborted) return;
          if (!isWorkbenchError(error)) throw error;
          failures += 1;
          const { notice, waitMs } = afterFailure(error, failures, random);
          logger.warn({ err: error, waitMs }, "the feed is not connected");
          await say(notice, `${error.message}; ${nextTryText(waitMs)}`);
          await untilNextTry(waitMs);
        }
      }
    } finally {
      await recorder?.close();
    }
  }

  async function* events(signal: AbortSignal): AsyncGenerator<readonly FeedEvent[], void> {
    if (signal.aborted) return;
    if (hasConsumer)
      throw new WorkbenchError("INTERNAL", "a feed has one consumer, and this one is being read already");
    hasConsumer = true;
    const buffer = new RoomyBuffer(bufferEvents);
    const stop = new AbortController();
    const stopRunning = () => {
      stop.abort();
      buffer.end();
    };
    signal.addEventListener("abort", stopRunning, { once: true });
    const running = run(buffer, stop.signal).finally(() => buffer.end());
    running.catch(() => undefined); // thrown below, after the events before it
    try {
      for (let batch = await buffer.take(); batch !== undefined; batch = await buffer.take()) yield batch;
      await running;
    } finally {
      signal.removeEventListener("abort", stopRunning);
      stopRunning();
      askForReconnect = undefined;
      await running.catch(() => undefined);
      hasConsumer = false;
    }
  }

  return {
    name: "dnse-mqtt",
    dataset: "market",
    symbols: settings.symbols,
    clock: { nowMs, isDetached: false },
    history,
    events,
    reconnect: (reason) => askForReconnect?.(reason),
  };
}

/** @throws CONFIGURATION_INVALID */
function acceptedAddress(name: string, address: string, protocols: readonly string[]): void {
  const url = URL.parse(address);
  if (url !== null && url.hostname !== "" && protocols.includes(url.protocol)) return;
  throw new WorkbenchError(
    "CONFIGURATION_INVALID",
    `invalid ${name}: ${JSON.stringify(address)} (accepted: an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")})`,
    { details: { name } },
  );
}

function hostOf(address: string): string {
  return new URL(address).host;
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
