import { z } from "zod";
import { FEED_STATES } from "../engine/live-market/feed-status.js";
import { SYMBOL_PATTERN } from "../engine/market-data/instrument-symbol.js";

/*
 * The stream at `/ws`, version 1. Text frames hold one JSON message; binary frames hold one Arrow IPC stream of one
 * record batch, whose schema metadata says which table it is (`live-tables.ts`). docs/live-protocol.md explains it.
 */

export const LIVE_PROTOCOL_VERSION = 1;
export const LIVE_PATH = "/ws";

/** Close codes of our own, in the range that the WebSocket protocol leaves to applications. */
export const LIVE_CLOSE_CODES = {
  notUnderstood: 4400,
  tooManyClients: 4429,
  tooSlow: 4408,
  silent: 4410,
} as const;

export const LIVE_LIMITS = {
  /** Bytes of one message from a client. */
  messageBytes: 65_536,
  channelsPerClient: 2_000,
  channelsPerRequest: 500,
  clients: 2_000,
  /** Seconds between the server's heartbeats; a client that answers none for two of them is closed. */
  heartbeatSeconds: 15,
  /** Messages a second that a client may send, and at once. */
  messagesPerSecond: 20,
  messageBurst: 100,
  /** Clients that replay at the same time. */
  replays: 50,
} as const;

/**
 * `market:SYMBOL`: trades, best prices and quote of one symbol, and its level if it is an index. `market:heatmap`: the
 * latest quote of every symbol that changed. `market:indexes`: index levels. `market:ticks`: every trade. `feed`: states
 * of the feed. `run:RUNID`: events of a workflow's run, from its first. `runs`: runs that begin to wait, begin or end.
 */
export const LIVE_CHANNEL_PATTERN =
  /^(?:market:(?:heatmap|indexes|ticks)|feed|market:[A-Z0-9^][A-Z0-9.\-_^=]{0,31}|runs|run:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const channel = z
  .string()
  .max(64)
  .regex(
    LIVE_CHANNEL_PATTERN,
    "accepted: feed, market:heatmap, market:indexes, market:ticks, market:SYMBOL, runs or run:RUNID",
  );
const channels = z.array(channel).min(1).max(LIVE_LIMITS.channelsPerRequest);
const requestId = z.union([z.string().max(64), z.number()]).optional();
const instant = z.number().int().min(0).max(8.64e15);

/** From where a client goes on after it was cut off: the last sequence of the epoch it has seen. */
const resumeFrom = z.strictObject({ epoch: z.string().max(64), sequence: z.number().int().min(0) });

export const clientMessageSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("subscribe"),
    id: requestId,
    channels,
    resume: resumeFrom.optional(),
  }),
  z.strictObject({ type: z.literal("unsubscribe"), id: requestId, channels }),
  z.strictObject({ type: z.literal("ping"), id: requestId }),
  z.strictObject({ type: z.literal("pong") }),
  /** Replays stored ticks to this client alone, in the place of the live ones, until `replay-stop`. */
  z.strictObject({
    type: z.literal("replay"),
    id: requestId,
    fromMs: instant,
    toMs: instant.optional(),
    speed: z.number().min(0.1).max(100).default(1),
  }),
  z.strictObject({
    type: z.literal("replay-control"),
    id: requestId,
    action: z.discriminatedUnion("do", [
      z.strictObject({ do: z.literal("pause") }),
      z.strictObject({ do: z.literal("resume") }),
      z.strictObject({ do: z.literal("seek"), toMs: instant }),
      z.strictObject({ do: z.literal("speed"), speed: z.number().min(0.1).max(100) }),
    ]),
  }),
  z.strictObject({ type: z.literal("replay-stop"), id: requestId }),
]);

export type ClientMessage = z.infer<typeof clientMessageSchema>;

export const feedStatusSchema = z.object({
  feed: z.string(),
  dataset: z.enum(["market", "simulated"]),
  state: z.enum(FEED_STATES),
  reason: z.string(),
  sinceMs: z.number(),
  lastReceivedAtMs: z.number().nullable(),
  lastEventTimeMs: z.number().nullable(),
  /** Market time, and the machine's time at which it was read. */
  marketTimeMs: z.number(),
  atMs: z.number(),
});

export type FeedStatusMessage = z.infer<typeof feedStatusSchema>;

export const serverMessageSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("welcome"),
    version: z.literal(LIVE_PROTOCOL_VERSION),
    connection: z.string(),
    epoch: z.string(),
    sequence: z.number(),
    heartbeatSeconds: z.number(),
    limits: z.object({
      messageBytes: z.number(),
      channelsPerClient: z.number(),
      channelsPerRequest: z.number(),
      messagesPerSecond: z.number(),
    }),
    status: feedStatusSchema,
  }),
  z.object({
    type: z.literal("subscribed"),
    id: requestId,
    channels: z.array(z.string()),
    /**
     * The present state follows. `resumed`: the trades that were missed follow too. `snapshot`: they do not, since too
     * much was missed or nothing was asked for. Without an `id` the server says so of its own accord: it lost sight of
     * the stream, or a new epoch began.
     */
    from: z.enum(["resumed", "snapshot"]),
    epoch: z.string(),
    sequence: z.number(),
  }),
  z.object({ type: z.literal("unsubscribed"), id: requestId, channels: z.array(z.string()) }),
  z.object({ type: z.literal("pong"), id: requestId, atMs: z.number() }),
  z.object({ type: z.literal("ping"), atMs: z.number() }),
  z.object({ type: z.literal("feed"), sequence: z.number(), status: feedStatusSchema }),
  /** This client was too slow: so many updates were replaced by later ones since the last message of this kind. */
  z.object({ type: z.literal("conflated"), ticks: z.number(), quotes: z.number(), sequence: z.number() }),
  z.object({
    type: z.literal("replay"),
    id: requestId,
    state: z.enum(["running", "paused", "ended", "stopped"]),
    asOfMs: z.number(),
    fromMs: z.number(),
    toMs: z.number(),
    speed: z.number(),
  }),
  z.object({
    type: z.literal("error"),
    id: requestId,
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
]);

export type ServerMessage = z.infer<typeof serverMessageSchema>;

export function isMarketSymbolChannel(name: string): boolean {
  return name.startsWith("market:") && SYMBOL_PATTERN.test(name.slice(7));
}
