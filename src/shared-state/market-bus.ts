import type { FeedStatus } from "../engine/live-market/feed-status.js";
import type { MarketEvent } from "../engine/live-market/market-event.js";
import type { Dataset } from "../engine/market-data/dataset.js";

/**
 * What the ingester tells every process that serves clients. `sequence` counts messages of one `epoch` from 1
 * without holes; a new epoch begins when an ingester starts.
 */
export interface MarketMessage {
  readonly epoch: string;
  readonly sequence: number;
  /** Machine's clock of the ingester. */
  readonly sentAtMs: number;
  /** Market time of the feed. */
  readonly marketTimeMs: number;
  readonly feed: string;
  readonly dataset: Dataset;
  readonly status: FeedStatus;
  /** Accepted and kept; may be empty: a status alone is sent once a second. */
  readonly events: readonly MarketEvent[];
}

/** Carries market messages from one ingester to any number of listeners. Adapters: memory, Redis. */
export interface MarketBus {
  /** Resolves when the message is on its way; a bus that is out of reach drops it, since listeners resume from cache. */
  publish(message: MarketMessage): Promise<void>;
  /** Calls back in order. Messages lost on the way show as a hole in the sequence. */
  subscribe(listener: (message: MarketMessage) => void): () => void;
  /** Whether messages get through at the moment, with the reason when not. */
  readonly health: { readonly isUp: boolean; readonly reason: string };
  close(): Promise<void>;
}
