import { z } from "zod";
import { SESSION_PHASES } from "../engine/live-market/session-phase.js";
import { DATASETS } from "../engine/market-data/dataset.js";
import { ASSET_CLASSES } from "../engine/market-data/instrument.js";
import { feedStatusSchema } from "./live-protocol.js";

/*
 * Answers of `/api/market`, as JSON. Numbers that are not known are null. docs/market-api.md describes each route.
 */

export const SNAPSHOT_TYPES = ["overview", "heatmap", "indexes"] as const;

export type SnapshotType = (typeof SNAPSHOT_TYPES)[number];

export const MARKET_API_LIMITS = {
  /** Rows of a page unless asked otherwise, and at most. */
  instruments: { default: 100, most: 1_000 },
  candles: { default: 1_000, most: 10_000 },
  ticks: { default: 1_000, most: 10_000 },
  /** History, incidents and gaps of a feed. */
  feed: { default: 50, most: 500 },
} as const;

const dataset = z.enum(DATASETS);
const number = z.number().nullable();
const text = z.string().nullable();
const cursor = z.string().nullable();

const indexRowSchema = z.object({
  symbol: z.string(),
  name: z.string(),
  value: number,
  priorValue: number,
  /** A fraction. */
  change: number,
  volume: number,
  /** Major units of the currency. */
  tradedValue: number,
  advances: number,
  declines: number,
  unchanged: number,
  atCeiling: number,
  atFloor: number,
  asOf: z.string(),
});

const heatmapRowSchema = z.object({
  symbol: z.string(),
  name: z.string(),
  exchange: text,
  sector: text,
  industry: text,
  assetClass: z.enum(ASSET_CLASSES),
  /** Major units of the currency, or points. */
  price: number,
  reference: number,
  change: number,
  volume: number,
  tradedValue: number,
  marketCap: number,
  asOf: z.string(),
});

const moverSchema = heatmapRowSchema.pick({
  symbol: true,
  name: true,
  price: true,
  change: true,
  volume: true,
  tradedValue: true,
});

const snapshotFacts = {
  dataset,
  /** `feed` while a feed is live: its board. `store`: the last candles. */
  origin: z.enum(["feed", "store"]),
  madeAt: z.string(),
  /** Event time of the latest price, or its trading date; "" when nothing is known. */
  asOf: z.string(),
  /** Since `madeAt`. */
  ageSeconds: z.number(),
  /** Null without a live feed. */
  feed: feedStatusSchema.nullable(),
};

export const marketSnapshotSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("overview"),
    ...snapshotFacts,
    /** Counts of shares by the sign of their change. */
    breadth: z.object({ advances: z.number(), declines: z.number(), unchanged: z.number(), unknown: z.number() }),
    volume: number,
    tradedValue: number,
    indexes: z.array(indexRowSchema),
    gainers: z.array(moverSchema),
    losers: z.array(moverSchema),
    mostTraded: z.array(moverSchema),
  }),
  z.object({ type: z.literal("heatmap"), ...snapshotFacts, rows: z.array(heatmapRowSchema) }),
  z.object({ type: z.literal("indexes"), ...snapshotFacts, rows: z.array(indexRowSchema) }),
]);

export type MarketSnapshot = z.infer<typeof marketSnapshotSchema>;
export type IndexRow = z.infer<typeof indexRowSchema>;
export type HeatmapRow = z.infer<typeof heatmapRowSchema>;

export const marketInstrumentsSchema = z.object({
  dataset,
  instruments: z.array(
    z.object({
      symbol: z.string(),
      name: z.string(),
      exchange: text,
      sector: text,
      industry: text,
      assetClass: z.enum(ASSET_CLASSES),
      currency: z.string(),
      lotSize: number,
      tickRule: z.string(),
      marketCap: number,
      marketCapDate: text,
    }),
  ),
  /** Of all pages together. */
  total: z.number(),
  nextCursor: cursor,
});

export const marketCandlesSchema = z.object({
  symbol: z.string(),
  interval: z.string(),
  dataset,
  source: z.string(),
  /** A sentence on quarantined rows left out; "" when there are none. */
  excluded: z.string(),
  candles: z.array(
    z.object({
      /** A trading date, or the opening instant in UTC. */
      time: z.string(),
      open: number,
      high: number,
      low: number,
      close: number,
      volume: number,
    }),
  ),
  nextCursor: cursor,
});

export const marketTicksSchema = z.object({
  /** Null when every symbol was asked for. */
  symbol: text,
  dataset,
  ticks: z.array(
    z.object({
      /** Only where every symbol was asked for. */
      symbol: z.string().optional(),
      /** UTC epoch milliseconds; fractions hold whole microseconds. */
      eventTimeMs: z.number(),
      receivedAtMs: z.number(),
      board: z.string(),
      price: z.number(),
      quantity: z.number(),
      cumulativeVolume: z.number(),
      side: z.enum(["B", "S", "U"]),
      session: z.enum(SESSION_PHASES),
      source: z.string(),
      isBackfill: z.boolean(),
    }),
  ),
  nextCursor: cursor,
});

export const marketIndexesSchema = z.object({
  dataset,
  origin: z.enum(["feed", "store"]),
  feed: feedStatusSchema.nullable(),
  indexes: z.array(indexRowSchema),
});

export const marketSessionsSchema = z.object({
  exchange: z.string(),
  date: z.string(),
  isTradingDay: z.boolean(),
  /** What says so: a stored calendar, dates with candles of an index, or the shipped holidays. */
  calendarSource: z.enum(["calendar", "index-candles", "facts"]),
  note: z.string(),
  segments: z.array(z.object({ phase: z.enum(SESSION_PHASES), from: z.string(), to: z.string() })),
  /** Market time, what the exchange does at it, and when that changes next; null when no change is in sight. */
  now: z.object({
    at: z.string(),
    phase: z.enum(SESSION_PHASES),
    nextPhase: z.enum(SESSION_PHASES).nullable(),
    nextAt: text,
  }),
});

export const marketFeedSchema = z.object({
  /** Null when the workbench follows no feed. */
  status: feedStatusSchema.nullable(),
  /** Counts of this start of the ingester; null where it runs in another process. */
  ingestion: z.unknown(),
  /** Without the store, counts, states, incidents and gaps are empty. */
  store: z.object({
    isUp: z.boolean(),
    /** Why it is not; "" while it is. */
    reason: z.string(),
  }),
  date: z.string(),
  /** What became of the ticks of that date, by feed. */
  counts: z.array(
    z.object({
      feed: z.string(),
      dataset,
      symbols: z.number(),
      received: z.number(),
      stored: z.number(),
      duplicates: z.number(),
      rejected: z.number(),
      backfilled: z.number(),
    }),
  ),
  /** The latest first. */
  states: z.array(
    z.object({ feed: z.string(), state: z.string(), reason: z.string(), since: z.string(), recordedAt: z.string() }),
  ),
  openIncidents: z.array(
    z.object({
      id: z.number(),
      kind: z.string(),
      severity: z.string(),
      subject: z.string(),
      message: z.string(),
      openedAt: z.string(),
    }),
  ),
  /** Of that date, all of them. */
  gapCounts: z.object({ found: z.number(), open: z.number() }),
  /** Of that date, as many as were asked for: open ones first, of each kind the latest first. */
  gaps: z.array(
    z.object({
      id: z.number(),
      feed: z.string(),
      symbol: z.string(),
      board: z.string(),
      cause: z.string(),
      from: z.string(),
      to: z.string(),
      missingVolume: z.number(),
      filledVolume: z.number(),
      filledAt: text,
      note: z.string(),
    }),
  ),
});

export type MarketInstruments = z.infer<typeof marketInstrumentsSchema>;
export type MarketCandles = z.infer<typeof marketCandlesSchema>;
export type MarketTicks = z.infer<typeof marketTicksSchema>;
export type MarketIndexes = z.infer<typeof marketIndexesSchema>;
export type MarketSessions = z.infer<typeof marketSessionsSchema>;
export type MarketFeedAnswer = z.infer<typeof marketFeedSchema>;
