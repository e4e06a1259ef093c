import type { Logger } from "pino";
import type { Calendar } from "../engine/live-market/session-schedule.js";
import type { MarketFeed } from "../feeds/market-feed.js";
import type { MarketBus } from "../shared-state/market-bus.js";
import type { Database } from "../store/database.js";
import type { IngestionStatus } from "./ingestion-status.js";

export interface IngesterDependencies {
  readonly feed: MarketFeed;
  readonly database: Database;
  readonly bus: MarketBus;
  readonly calendar: Calendar;
  /** A folder of its own on a local disk; made when missing. */
  readonly spoolFolder: string;
  readonly logger: Logger;
  readonly nowMs?: () => number;
}

/** Takes one feed to spool, store and bus, and says what the data is worth. */
export interface Ingester {
  /** Resolves when the spool is open and the feed is being read. @throws DATA_FOLDER_LOCKED, DATA_FOLDER_UNUSABLE */
  start(): Promise<void>;
  status(): IngestionStatus;
  /** Leaves the feed, stores what is spooled unless the database is out of reach, and resolves when all is closed. */
  stop(): Promise<void>;
}
