import type { FeedStatus } from "../engine/live-market/feed-status.js";
import type { Dataset } from "../engine/market-data/dataset.js";

/** Counts since this ingester started. */
export interface IngestionCounts {
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly backfilled: number;
  readonly gapsFound: number;
  readonly gapsFilled: number;
}

export interface SpoolStatus {
  /** On disk and not yet in the database. */
  readonly pendingBytes: number;
  readonly pendingTicks: number;
  /** Bytes on disk, drained ones of the running segment included, and how many there may be. */
  readonly bytes: number;
  readonly limitBytes: number;
  /** True while the feed waits because there is no room. */
  readonly isFull: boolean;
}

/** How ingestion is doing, for `/api/market/feed`, `quantflow feed status` and the health check. */
export interface IngestionStatus {
  readonly feed: string;
  readonly dataset: Dataset;
  /** Of this start; messages on the bus carry it. */
  readonly epoch: string;
  readonly sequence: number;
  readonly marketTimeMs: number;
  readonly status: FeedStatus;
  readonly counts: IngestionCounts;
  /** The last reasons for which something was rejected, the latest first. */
  readonly rejections: readonly { readonly reason: string; readonly count: number }[];
  readonly spool: SpoolStatus;
  readonly database: { readonly isUp: boolean; readonly reason: string };
}
