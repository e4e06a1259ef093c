import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import type { ReferencePrice } from "../../engine/live-market/market-event.js";
import type { Calendar } from "../../engine/live-market/session-schedule.js";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { tradingDateOf } from "../../engine/units/trading-date.js";
import type { MarketFeed } from "../../feeds/market-feed.js";
import { createIngester, type Ingester } from "../../ingestion/ingester.js";
import type { IngestionSettings } from "../../ingestion/ingestion-settings.js";
import type { MarketMessage } from "../../shared-state/market-bus.js";
import type { SharedState } from "../../shared-state/open-shared-state.js";
import type { Database } from "../../store/database.js";
import { READ_LIMITS, withDeadline } from "../../store/deadline.js";
import { laneOf } from "../../store/lane.js";
import { activeDataset } from "../../store/queries/data-version.js";
import { readPreviousCloses } from "../../store/queries/previous-closes.js";
import { readDayQuotes, readReferencePrices } from "../../store/queries/tick-queries.js";
import type { ChannelSource } from "./channel-source.js";
import { createLiveHub, type LiveHub } from "./live-hub.js";
import { LiveMarket } from "./live-market.js";
import { marketRoutes } from "./market.routes.js";
import { storedReplaySource } from "./replay-session.js";

/** What a process does: everything, serve clients, follow the feed, or execute workflows. */
export const PROCESS_ROLES = ["all", "api", "ingester", "worker"] as const;

export type ProcessRole = (typeof PROCESS_ROLES)[number];

export interface LiveServicesOptions {
  readonly role: ProcessRole;
  /** Undefined where nothing is followed: `FEED=off`, and in a process that only serves. */
  readonly feed: MarketFeed | undefined;
  readonly database: Database;
  /** For the ingester: connections that no reader can take. */
  readonly ingestionDatabase: Database;
  readonly sharedState: SharedState;
  readonly calendar: Calendar;
  readonly spoolFolder: string;
  /** What the stream brings beside the market. */
  readonly channels?: ChannelSource | undefined;
  readonly ingestion: IngestionSettings;
  readonly logger: Logger;
}

export interface LiveServices {
  /** `/api/market`; undefined in a process that only follows the feed. */
  readonly routes: RequestHandler | undefined;
  /** Whether pages may open the stream. */
  readonly hasStream: boolean;
  /** The market as it stands; undefined where it is not followed. */
  readonly market: LiveMarket | undefined;
  /** Takes a connection to the stream; false when it is someone else's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** What keeps this process from doing its part, for `/ready`. */
  problems(): readonly string[];
  close(): Promise<void>;
}

/** A whole day is read once, at the start. */
const SEED_LIMITS = { ...READ_LIMITS, deadlineMs: 30 * MS_PER_SECOND };
const REPLAY_LANE = { connections: 2, limits: SEED_LIMITS, of: "replays" };

/**
 * Starts this process's part in the live market. Closing leaves the feed first, so that what it sent is stored and
 * told, then the clients.
 * @throws DATA_FOLDER_LOCKED when another ingester has the spool
 */
export async function startLiveServices(options: LiveServicesOptions): Promise<LiveServices> {
  const { role, feed, database, ingestionDatabase, sharedState, logger } = options;
  const isServing = role === "all" || role === "api";
  const hasStream = isServing && (feed !== undefined || role === "api");
  const seeding = withDeadline(database, SEED_LIMITS);
  const market = new LiveMarket({ bus: sharedState.bus, logger, seed: (latest) => seedOf(seeding, feed, latest) });
  let ingester: Ingester | undefined;
  let hub: LiveHub | undefined;
  try {
    if (hasStream) {
      await market.start();
      const replay = storedReplaySource(laneOf(database, REPLAY_LANE));
      hub = createLiveHub({ market, replay, channels: options.channels, logger });
    }
    if (feed !== undefined) {
      ingester = createIngester({
        ...options,
        database: ingestionDatabase,
        feed,
        bus: sharedState.bus,
        settings: options.ingestion,
      });
      await ingester.start();
    }
  } catch (error) {
    await hub?.close();
    market.close();
    throw error;
  }
  const routes = isServing
    ? marketRoutes({
        database,
        market: hasStream ? market : undefined,
        ingestion: () => ingester?.status(),
        calendar: options.calendar,
        snapshots: sharedState.snapshots,
        rateLimiter: sharedState.rateLimiter,
        logger,
      })
    : undefined;
  return {
    routes,
    hasStream,
    market: hasStream ? market : undefined,
    upgrade: (request, socket, head) => hub?.upgrade(request, socket, head) ?? false,
    problems: () => problemsOf(ingester, sharedState),
    close: async () => {
      await ingester?.stop();
      await hub?.close();
      market.close();
    },
  };
}

/** Those whose trades the feeds bring. */
const FOLLOWED_EXCHANGES = ["HOSE", "HNX", "UPCOM", "HNX_DER"];

/** The day so far; changes are measured from the last stored close where the feed gave no reference price yet. */
async function seedOf(database: Database, feed: MarketFeed | undefined, latest: MarketMessage | undefined) {
  const dataset = latest?.dataset ?? feed?.dataset ?? (await activeDataset(database));
  // A tape tells its day itself; what is stored of that day may be its future.
  if ((latest?.feed ?? feed?.name) === "replay") return { dataset, quotes: [] };
  const tradingDate = tradingDateOf(latest?.marketTimeMs ?? feed?.clock.nowMs() ?? Date.now());
  const [quotes, given, closes] = await Promise.all([
    readDayQuotes(database, dataset, tradingDate),
    readReferencePrices(database, dataset, tradingDate),
    readPreviousCloses(database, dataset, { before: tradingDate, exchanges: FOLLOWED_EXCHANGES }),
  ]);
  const known = new Set<string>(given.map(({ symbol }) => symbol));
  const assumed = closes
    .filter(({ symbol }) => !known.has(symbol))
    .map(
      ({ symbol, close }): ReferencePrice => ({
        kind: "reference",
        symbol,
        tradingDate,
        reference: close,
        ceiling: Number.NaN,
        floor: Number.NaN,
        isHalted: false,
        source: "last stored close",
        receivedAtMs: Number.NaN,
      }),
    );
  return { dataset, quotes, references: [...given, ...assumed] };
}

function problemsOf(ingester: Ingester | undefined, { bus }: SharedState): string[] {
  const status = ingester?.status();
  return [
    ...(status?.database.isUp === false ? [`ingestion: ${status.database.reason}`] : []),
    ...(status?.spool.isFull ? ["ingestion: the spool is full"] : []),
    ...(bus.health.isUp ? [] : [`bus: ${bus.health.reason}`]),
  ];
}
