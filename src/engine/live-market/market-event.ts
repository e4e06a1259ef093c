import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import type { TradingDate } from "../units/trading-date.js";
import type { Board } from "./board.js";
import type { SessionPhase } from "./session-phase.js";

/** Aggressor of a trade: buyer, seller, unknown. */
export const TICK_SIDES = ["B", "S", "U"] as const;

export type TickSide = (typeof TICK_SIDES)[number];

/**
 * One trade, normalised. Price in major units of the currency (VND, not thousand VND) or in points; quantities in
 * shares or contracts. Times are UTC epoch milliseconds; fractions hold whole microseconds.
 *
 * `cumulativeVolume` is that of the symbol's board on the trading day, this trade included. Its key is (symbol,
 * board, event time, cumulative volume): the broker numbers no trades.
 */
export interface Tick {
  readonly kind: "tick";
  readonly symbol: InstrumentSymbol;
  readonly board: Board;
  readonly eventTimeMs: number;
  readonly receivedAtMs: number;
  readonly price: number;
  readonly quantity: number;
  readonly cumulativeVolume: number;
  readonly side: TickSide;
  readonly session: SessionPhase;
  /** The feed, as figures print it: `dnse`, `dnse-mqtt`, `replay` or `simulated`. */
  readonly source: string;
  /** True for a trade that was fetched from history after the stream had missed it. */
  readonly isBackfill: boolean;
}

export interface PriceLevel {
  readonly price: number;
  /** Shares or contracts. */
  readonly quantity: number;
}

/** The best prices of a symbol's book, best first; levels that are not offered are absent. */
export interface BookTop {
  readonly kind: "book";
  readonly symbol: InstrumentSymbol;
  readonly board: Board;
  readonly eventTimeMs: number;
  readonly receivedAtMs: number;
  readonly bids: readonly PriceLevel[];
  readonly asks: readonly PriceLevel[];
}

/** An index as its exchange publishes it; counts are of its constituents. `NaN` where the source has no value. */
export interface IndexLevel {
  readonly kind: "index";
  readonly symbol: InstrumentSymbol;
  readonly eventTimeMs: number;
  readonly receivedAtMs: number;
  readonly value: number;
  readonly priorValue: number;
  /** Shares traded so far on the day. */
  readonly cumulativeVolume: number;
  /** VND traded so far on the day. */
  readonly cumulativeValue: number;
  readonly advances: number;
  readonly declines: number;
  readonly unchanged: number;
  readonly atCeiling: number;
  readonly atFloor: number;
  readonly source: string;
}

/** The day's prices that bind a symbol: yesterday's close, adjusted, and the limits around it. */
export interface ReferencePrice {
  readonly kind: "reference";
  readonly symbol: InstrumentSymbol;
  readonly tradingDate: TradingDate;
  readonly reference: number;
  readonly ceiling: number;
  readonly floor: number;
  readonly isHalted: boolean;
  readonly source: string;
  readonly receivedAtMs: number;
}

/** The exchange says that a board changed its phase. */
export interface SessionChange {
  readonly kind: "session";
  readonly market: string;
  readonly board: Board | undefined;
  readonly phase: SessionPhase;
  readonly eventTimeMs: number;
  readonly receivedAtMs: number;
}

export const FEED_NOTICES = [
  "connecting",
  "connected",
  "authenticated",
  "subscribed",
  "heartbeat",
  "disconnected",
  "refused",
  "throttled",
  "day-restarted",
  "ended",
] as const;

/** What happened to the connection itself. `disconnected` and `refused` say why and when the next try is. */
export interface FeedNotice {
  readonly kind: "notice";
  readonly notice: (typeof FEED_NOTICES)[number];
  readonly atMs: number;
  readonly message: string;
}

/** A frame, or a part of one, that could not be read: it is counted and shown, never guessed at. */
export interface RejectedFrame {
  readonly kind: "rejected";
  readonly atMs: number;
  /** The field and its problem, and what is accepted. */
  readonly problem: string;
  /** The first 200 characters. */
  readonly excerpt: string;
  /** When the frame named one. */
  readonly symbol: string | undefined;
}

/** What a feed says of the market. */
export type MarketEvent = Tick | BookTop | IndexLevel | ReferencePrice | SessionChange;

/** What a feed yields. */
export type FeedEvent = MarketEvent | FeedNotice | RejectedFrame;
