import type { Logger } from "pino";
import { WorkbenchError } from "../../engine/errors.js";
import type { FeedEvent, FeedNotice } from "../../engine/live-market/market-event.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { type TradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import { createUnitCheck } from "../dnse/unit-check.js";
import { EventBuffer } from "../event-buffer.js";
import type { DnseOpenApiSettings } from "../feeds-settings.js";
import { type FrameRecorder, openFrameRecorder } from "../frame-recorder.js";
import type { MarketFeed } from "../market-feed.js";
import { LONGEST_RECONNECT_DELAY_MS, reconnectDelayMs } from "../reconnect-delay.js";
import { type Schedule, scheduleOnTimers, waitFor } from "../schedule.js";
import { createDnseHistory } from "./dnse-history.js";
import { createDnseRestClient } from "./dnse-rest-client.js";
import { loadReferencePrices } from "./load-reference-prices.js";
import { nonceSource } from "./signing.js";
import {
  type ConnectionEnd,
  openStreamConnection,
  STREAM_LIMITS,
  type StreamConnection,
  type StreamLimits,
} from "./stream-connection.js";
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

/** What a busy server is given before it is asked again, at least. */
const BUSY_DELAY_MS = 15_000;
/** A connection that is renewed sooner than this is made anew with a delay, as after a failure. */
const SHORTEST_LIFE_MS = 10_000;

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
  let connection: StreamConnection | undefined;
  let isConsumed = false;
  /** Symbols whose reference prices were loaded, and the day on which. */
  let loaded = new Set<InstrumentSymbol>();
  let loadedOn: TradingDate | undefined;

  function events(signal: AbortSignal): AsyncIterable<readonly FeedEvent[]> {
    if (isConsumed) throw new WorkbenchError("INTERNAL", "the feed dnse has a consumer already");
    isConsumed = true;
    const abort = new AbortController();
    const stop = () => abort.abort();
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    let onDrained: (() => void) | undefined;
    const buffer = new EventBuffer({
      ...(bufferEvents === undefined ? {} : { capacity: bufferEvents }),
      onFull: () => connection?.pause(),
      onDrained: () => {
        connection?.resume();
        onDrained?.();
      },
    });
    const untilDrained = () =>
      new Promise<void>((resolve) => {
        const done = () => {
          abort.signal.removeEventListener("abort", done);
          onDrained = undefined;
          resolve();
        };
        if (!buffer.isFull || abort.signal.aborted) return resolve();
        onDrained = done;
        abort.signal.addEventListener("abort", done);
      });

    const running = stayConnected(buffer, untilDrained, abort.signal)
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

  async function stayConnected(
    buffer: EventBuffer,
    untilDrained: () => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) return;
    const tell = (notice: FeedNotice["notice"], message: string) =>
      buffer.push([{ kind: "notice", notice, atMs: nowMs(), message }]);
    const recorder = await recorderOf(settings, log);
    let symbols: readonly InstrumentSymbol[] = settings.symbols;
    let listedOn: TradingDate | undefined;
    let failures = 0;
    let clockOffsetMs = 0;
    try {
      while (!signal.aborted) {
        // While the consumer is behind, nothing of a new connection could be read.
        await untilDrained();
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
        if (end.hasWorked) failures = 0;
        const livedMs = machineNowMs() - beganAtMs;
        const hasNewClock = end.clockOffsetMs !== undefined;
        if (end.clockOffsetMs !== undefined) clockOffsetMs = end.clockOffsetMs;
        const isAtOnce = end.kind === "asked" || (end.kind === "renewed" && livedMs >= SHORTEST_LIFE_MS);
        if (!isAtOnce) failures += 1;
        const delayMs = isAtOnce ? 0 : delayAfter(hasNewClock ? "lost" : end.kind, failures);
        const next = isAtOnce ? "now" : `in ${(delayMs / 1_000).toFixed(1)} s`;
        log.warn({ kind: end.kind, reason: end.reason, delayMs }, "the connection ended");
        if (end.kind === "busy") tell("throttled", end.reason);
        tell(end.kind === "refused" ? "refused" : "disconnected", `${end.reason}; the next try is ${next}`);
        if (delayMs > 0) await waitFor(delayMs, schedule, signal);
      }
    } finally {
      await recorder?.close();
    }
  }

  function delayAfter(kind: ConnectionEnd["kind"], failures: number): number {
    const delayMs = reconnectDelayMs(failures, random);
    if (kind === "busy") return Math.max(delayMs, BUSY_DELAY_MS);
    return kind === "refused" ? LONGEST_RECONNECT_DELAY_MS : delayMs;
  }

  function checkUnits(message: unknown): void {
    const shown = checkUnit(message);
    if (shown === undefined) return;
    const { tickFactor } = settings.units;
    log.warn({ tickFactor, shown }, "values of trades contradict DNSE_TICK_FACTOR: their quantities may be wrong");
  }

  /** Reference prices of the day that were not loaded on an earlier connection. */
  async function load(symbols: readonly InstrumentSymbol[], buffer: EventBuffer, signal: AbortSignal): Promise<void> {
    const today = tradingDateOf(machineNowMs());
    if (loadedOn !== today) loaded = new Set();
    loadedOn = today;
    await loadReferencePrices(
      symbols.filter((symbol) => !loaded.has(symbol)),
      {
        client,
        settings,
        nowMs,
        logger: log,
        signal,
        onEvents: (received) => buffer.push(received),
        onLoaded: (symbol) => loaded.add(symbol),
      },
    );
  }

  async function connectOnce(
    symbols: readonly InstrumentSymbol[],
    buffer: EventBuffer,
    recorder: FrameRecorder | undefined,
    clockOffsetMs: number,
    signal: AbortSignal,
  ): Promise<ConnectionEnd> {
    const loading = new AbortController();
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
      onEvents: (received) => buffer.push(received),
      onWorking: () => void load(symbols, buffer, loading.signal),
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

function recorderOf(settings: DnseOpenApiSettings, logger: Logger): Promise<FrameRecorder | undefined> {
  if (settings.recordFile === undefined) return Promise.resolve(undefined);
  return openFrameRecorder(settings.recordFile, {
    feed: "dnse",
    secrets: [settings.apiKey, settings.apiSecret],
    logger,
  }).catch((error: unknown) => {
    logger.error({ err: error, path: settings.recordFile }, "frames are not recorded");
    return undefined;
  });
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
