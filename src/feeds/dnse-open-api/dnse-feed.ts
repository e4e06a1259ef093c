import type { Logger } from "pino";
import { WorkbenchError } from "../../engine/errors.js";
import type { FeedEvent, FeedNotice } from "../../engine/live-market/market-event.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { type TradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import { createUnitCheck } from "../dnse/unit-check.js";
import { EventBuffer } from "../event-buffer.js";
import type { DnseOpenApiSettings } from "../feeds-settings.js";
import { type FrameRecorder, recorderIfWanted } from "../frame-recorder.js";
import type { MarketFeed } from "../market-feed.js";
import { type Schedule, scheduleOnTimers, waitFor } from "../schedule.js";
import { type ConnectionEnd, delayAfter, isNoFailure } from "./connection-end.js";
import { createDnseHistory } from "./dnse-history.js";
import { createDnseRestClient } from "./dnse-rest-client.js";
import { createReferencePriceLoader } from "./load-reference-prices.js";
import { nonceSource } from "./signing.js";
import { openStreamConnection, type StreamConnection } from "./stream-connection.js";
import { STREAM_LIMITS, type StreamLimits } from "./stream-limits.js";
import { subscribeMessages } from "./subscriptions.js";

export interface DnseFeedDependencies {
  readonly logger: Logger;
  readonly nowMs?: () => number;
  /** Numbers from 0 up to 1, for delays. */
  readonly random?: () => number;
  readonly schedule?: Schedule;
  readonly limits?: Partial<StreamLimits>;
  /** Events that may wait for the consumer. */
  readonly bufferEvents?: number;
}

/**
 * The broker's current service as a feed: trades, best prices, indexes, sessions and definitions of the settings' symbols
 * (of all the broker lists, without any), reference prices of the day by request, and past trades.
 */
export function createDnseFeed(
  settings: DnseOpenApiSettings,
  {
    logger,
    nowMs: machineNowMs = Date.now,
    random = Math.random,
    schedule = scheduleOnTimers,
    limits,
    bufferEvents,
  }: DnseFeedDependencies,
): MarketFeed {
  const log = logger.child({ feed: "dnse" });
  const nowMs = neverBackwards(machineNowMs);
  const client = createDnseRestClient(settings, { logger: log, nowMs: machineNowMs, random, schedule });
  const nextNonce = nonceSource(machineNowMs);
  const streamLimits = { ...STREAM_LIMITS, ...limits };
  const checkUnit = createUnitCheck(settings.units);
  const loadReferencePrices = createReferencePriceLoader({ client, units: settings.units, nowMs, logger: log });
  let connection: StreamConnection | undefined;
  let isConsumed = false;

  function events(signal: AbortSignal): AsyncIterable<readonly FeedEvent[]> {
    if (isConsumed) throw new WorkbenchError("INTERNAL", "the feed dnse has a consumer already");
    isConsumed = true;
    const abort = new AbortController();
    const stop = () => abort.abort();
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    const buffer = new EventBuffer({
      ...(bufferEvents === undefined ? {} : { capacity: bufferEvents }),
      onFull: () => connection?.pause(),
      onDrained: () => connection?.resume(),
    });

    const running = stayConnected(buffer, abort.signal)
      .catch((error: unknown) => {
        log.fatal({ err: error }, "the feed stopped by a fault of its own");
        throw error;
      })
      .finally(() => {
        isConsumed = false;
        signal.removeEventListener("abort", stop);
        buffer.end();
      });
    // A fault is thrown to the consumer when it asks for the next batch.
    running.catch(() => {});

    async function* batches(): AsyncGenerator<readonly FeedEvent[], void> {
      try {
        for (;;) {
          const batch = await buffer.take();
          if (batch === undefined) break;
          yield batch;
        }
      } finally {
        stop();
        await running;
      }
    }
    return batches();
  }

  async function stayConnected(buffer: EventBuffer, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const tell = (notice: FeedNotice["notice"], message: string) =>
      buffer.push([{ kind: "notice", notice, atMs: nowMs(), message }]);
    const recorder = await recorderIfWanted(settings.recordFile, {
      feed: "dnse",
      secrets: [settings.apiKey, settings.apiSecret],
      logger: log,
    });
    let symbols: readonly InstrumentSymbol[] = settings.symbols;
    let listedOn: TradingDate | undefined;
    let failures = 0;
    let clockOffsetMs = 0;
    try {
      while (!signal.aborted) {
        // While the consumer is behind, nothing of a new connection could be read.
        await buffer.untilDrained(signal);
        if (signal.aborted) break;
        tell("connecting", `connecting to ${new URL(settings.wsUrl).host}`);
        const beganAtMs = machineNowMs();
        let end: ConnectionEnd;
        try {
          const today = tradingDateOf(machineNowMs());
          if (settings.symbols.length === 0 && listedOn !== today) {
            symbols = await client.symbols(signal);
            listedOn = today;
          }
          end = await connectOnce(symbols, buffer, recorder, clockOffsetMs, signal);
        } catch (error) {
          if (signal.aborted) break;
          end = { kind: isRefusal(error) ? "refused" : "lost", reason: (error as Error).message, hasWorked: false };
        }
        if (end.kind === "stopped") break;
        const livedMs = machineNowMs() - beganAtMs;
        clockOffsetMs = end.clockOffsetMs ?? clockOffsetMs;
        if (end.hasWorked) failures = 0;
        if (!isNoFailure(end, livedMs)) failures += 1;
        const delayMs = delayAfter(end, { livedMs, failures, random });
        const next = delayMs === 0 ? "now" : `in ${(delayMs / 1_000).toFixed(1)} s`;
        log.warn({ kind: end.kind, reason: end.reason, delayMs }, "the connection ended");
        if (end.kind === "busy") tell("throttled", end.reason);
        tell(end.kind === "refused" ? "refused" : "disconnected", `${end.reason}; the next try is ${next}`);
        if (delayMs > 0) await waitFor(delayMs, schedule, signal);
      }
    } finally {
      await recorder?.close();
    }
  }

  function checkUnits(message: unknown): void {
    const shown = checkUnit(message);
    if (shown === undefined) return;
    const { tickFactor } = settings.units;
    log.warn({ tickFactor, shown }, "values of trades contradict DNSE_TICK_FACTOR: their quantities may be wrong");
  }

  async function connectOnce(
    symbols: readonly InstrumentSymbol[],
    buffer: EventBuffer,
    recorder: FrameRecorder | undefined,
    clockOffsetMs: number,
    signal: AbortSignal,
  ): Promise<ConnectionEnd> {
    const loading = new AbortController();
    const deliver = (received: readonly FeedEvent[]) => buffer.push(received);
    const opened = openStreamConnection({
      settings,
      limits: streamLimits,
      messages: subscribeMessages(symbols, settings),
      nextNonce,
      nowMs,
      clockOffsetMs,
      schedule,
      recorder,
      onMessage: checkUnits,
      onEvents: deliver,
      onWorking: () => void loadReferencePrices({ symbols, signal: loading.signal, onEvents: deliver }),
    });
    const stop = () => opened.end("stopped", "the feed was stopped");
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    connection = opened;
    try {
      return await opened.ended;
    } finally {
      connection = undefined;
      signal.removeEventListener("abort", stop);
      loading.abort();
    }
  }

  return {
    name: "dnse",
    dataset: "market",
    clock: { nowMs: machineNowMs, isDetached: false },
    symbols: settings.symbols,
    events,
    reconnect: (reason) => connection?.end("asked", reason),
    history: createDnseHistory(client, settings, { nowMs: machineNowMs }),
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof WorkbenchError && error.code === "FEED_REFUSED";
}

/** A step back of less than this is the clock being trimmed; a longer one is the clock being set right. */
const TRIMMED_MS = 1_000;

/** Receipts ascend while the machine's clock is trimmed. */
function neverBackwards(nowMs: () => number): () => number {
  let last = 0;
  return () => {
    const now = nowMs();
    last = now < last && last - now < TRIMMED_MS ? last : now;
    return last;
  };
}
