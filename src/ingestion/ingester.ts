import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { isWorkbenchError, type WorkbenchError } from "../engine/errors.js";
import type { Calendar } from "../engine/live-market/session-schedule.js";
import type { MarketFeed } from "../feeds/market-feed.js";
import type { MarketBus } from "../shared-state/market-bus.js";
import type { Database } from "../store/database.js";
import { FeedSession } from "./feed-session.js";
import { DEFAULT_INGESTION_SETTINGS, type IngestionSettings } from "./ingestion-settings.js";
import type { IngestionStatus } from "./ingestion-status.js";
import type { SegmentFile } from "./spool/segment-file.js";
import { DRAIN_LIMITS, type DrainLimits } from "./spool-drain.js";

export interface IngesterDependencies {
  readonly feed: MarketFeed;
  readonly database: Database;
  readonly bus: MarketBus;
  readonly calendar: Calendar;
  /** A folder of its own on a local disk; made when missing. */
  readonly spoolFolder: string;
  readonly logger: Logger;
  /** The machine's clock. */
  readonly nowMs?: () => number;
  readonly settings?: IngestionSettings;
  readonly drainLimits?: Partial<DrainLimits>;
  /** How the spool makes a file. */
  readonly createSegmentFile?: (path: string) => Promise<SegmentFile>;
}

/** Takes one feed to spool, store and bus, and says what the data is worth. */
export interface Ingester {
  /** Resolves when the spool is open and the feed is being read. @throws DATA_FOLDER_LOCKED, DATA_FOLDER_UNUSABLE */
  start(): Promise<void>;
  status(): IngestionStatus;
  /**
   * Leaves the feed, stores what is spooled, and resolves when all is closed. A database that has not taken everything
   * after five seconds finds the rest in the spool, at the next start.
   */
  stop(): Promise<void>;
}

const RESTART_FEED_MS = 1_000;

/** One ingester takes one feed, once: to take it again, make another one. */
export function createIngester(dependencies: IngesterDependencies): Ingester {
  const { feed, database, logger, nowMs = Date.now } = dependencies;
  const session = new FeedSession({
    ...dependencies,
    nowMs,
    settings: dependencies.settings ?? DEFAULT_INGESTION_SETTINGS,
    exchange: dependencies.settings?.exchange ?? DEFAULT_INGESTION_SETTINGS.exchange,
    limits: { ...DRAIN_LIMITS[database.kind], ...dependencies.drainLimits },
  });
  const leave = new AbortController();
  let reading: Promise<void> | undefined;

  async function readFeed(): Promise<void> {
    while (!leave.signal.aborted) {
      try {
        for await (const events of feed.events(leave.signal)) {
          await session.take(events, leave.signal);
          if (leave.signal.aborted) return;
        }
        // A tape that has ended.
        return;
      } catch (error) {
        if (leave.signal.aborted) return;
        if (isBadTape(error)) {
          logger.error({ code: error.code }, error.message);
          await session.take(
            [{ kind: "notice", notice: "ended", atMs: nowMs(), message: error.message }],
            leave.signal,
          );
          return;
        }
        logger.error({ feed: feed.name, error: (error as Error).message }, "the feed failed; it is begun anew");
        await delay(RESTART_FEED_MS, undefined, { signal: leave.signal }).catch(() => {});
      }
    }
  }

  return {
    start: async () => {
      await session.open(leave.signal);
      reading = readFeed();
    },
    status: () => session.status(),
    stop: async () => {
      leave.abort();
      await reading;
      await session.close();
    },
  };
}

/** A file that cannot be replayed stays as it is however often it is read. */
function isBadTape(error: unknown): error is WorkbenchError {
  return isWorkbenchError(error) && (error.code.startsWith("FILE_") || error.code === "FEED_FRAME_INVALID");
}
