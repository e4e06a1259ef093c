import type { Board } from "../engine/live-market/board.js";
import type { FeedEvent, Tick } from "../engine/live-market/market-event.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../engine/units/trading-date.js";

export const FEED_NAMES = ["dnse", "dnse-mqtt", "replay", "simulated"] as const;

export type FeedName = (typeof FEED_NAMES)[number];

/**
 * A source of market data. One port, one test suite: `test/feeds/market-feed-suite.ts`.
 *
 * `events` yields batches in the order of receipt until `signal` aborts, or until the tape of a replay ends. It has
 * one consumer and reconnects for ever. A consumer that is slow makes the source wait: a feed holds at most
 * `FEED_BUFFER_EVENTS` events, then stops reading its socket.
 */
export interface MarketFeed {
  readonly name: FeedName;
  /** Simulated data never mixes with the market's. */
  readonly dataset: Dataset;
  /** Market time: the machine's clock for a broker, the tape's for a replay, the demo day's for the simulation. */
  readonly clock: FeedClock;
  /** Symbols it was asked for; empty while it takes all it can get. */
  readonly symbols: readonly InstrumentSymbol[];
  events(signal: AbortSignal): AsyncIterable<readonly FeedEvent[]>;
  /** Leaves the connection and signs in anew: what is tried when a feed goes mute. */
  reconnect(reason: string): void;
  /** Trades of the past, to fill gaps; `undefined` where the source has none. */
  readonly history: TradeHistory | undefined;
}

export const FEED_BUFFER_EVENTS = 65_536;

export interface FeedClock {
  nowMs(): number;
  /** True while market time is not the machine's: a replay or a demo day out of hours. */
  readonly isDetached: boolean;
}

export interface TradeQuery {
  readonly symbol: InstrumentSymbol;
  readonly board: Board;
  /** Both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  /**
   * Cumulative volume before the first missing trade. A history without cumulative volumes counts up from here, so
   * that its trades get the keys they would have had live.
   */
  readonly cumulativeVolumeBefore: number;
  readonly signal: AbortSignal;
}

export interface TradeHistory {
  /** Ascending by time; every tick has `isBackfill`. @throws FEED_REQUEST_FAILED */
  trades(query: TradeQuery): AsyncIterable<readonly Tick[]>;
  /** Days the exchange trades, as far as the source announces them. @throws FEED_REQUEST_FAILED */
  workingDates(signal: AbortSignal): Promise<readonly TradingDate[]>;
}
