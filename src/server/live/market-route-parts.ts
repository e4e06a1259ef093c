import type { Logger } from "pino";
import type { FeedStatusMessage } from "../../contracts/live-protocol.js";
import type { Database } from "../../store/database.js";
import type { MarketRowsSource } from "./market-rows.js";
import type { ShownDataset } from "./shown-dataset.js";
import type { StoreReach } from "./store-reach.js";

/** What the routes of the market share. */
export interface MarketRouteParts {
  /** With an end to all waiting. */
  readonly database: Database;
  /** For answers that can do without the database. */
  readonly store: StoreReach;
  readonly shown: ShownDataset;
  readonly rows: MarketRowsSource;
  readonly followedStatus: () => FeedStatusMessage | undefined;
  /** The feed's time while one is followed, else the machine's. */
  readonly marketTimeMs: () => number;
  readonly nowMs: () => number;
  readonly logger: Logger;
}
