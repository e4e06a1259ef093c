import type { FeedEvent, MarketEvent, RejectedFrame } from "../../engine/live-market/market-event.js";
import { type DnseContext, type DnseKind, kindOfChannel, kindOfType } from "./dnse-context.js";
import { boardNamed } from "./dnse-enums.js";
import { type DnsePayload, InvalidField, isPayload, present, shown } from "./payload-fields.js";
import { readBook } from "./read-book.js";
import { readEstimatedIndexLevel, readIndexLevel } from "./read-index-level.js";
import { readReferencePrice } from "./read-reference-price.js";
import { readSessionChange } from "./read-session-change.js";
import { readTick, SYMBOL_FIELDS } from "./read-tick.js";

const CHANNEL_FIELDS = ["channel", "ch", "topic"] as const;
const ENVELOPE_FIELDS = ["data", "d", "payload"] as const;
const DEEPEST_ENVELOPE = 4;
const EXCERPT_CHARACTERS = 200;
/** Past this number the unreadable payloads of one message are counted together. */
const MOST_REJECTED = 100;

/**
 * The events of one decoded message: one payload, a list of them, or an envelope around either. Payloads of kinds that
 * are not kept give nothing; one that cannot be read becomes a `RejectedFrame` and leaves the others unharmed.
 */
export function readDnseMessage(message: unknown, context: DnseContext): readonly FeedEvent[] {
  const found: Found = { events: [], rejected: 0 };
  collect(message, context, found, 0);
  if (found.rejected > MOST_REJECTED) {
    const others = found.rejected - MOST_REJECTED;
    found.events.push(rejectedFrame(message, context.receivedAtMs, `${others} more payloads that cannot be read`));
  }
  return found.events;
}

interface Found {
  readonly events: FeedEvent[];
  rejected: number;
}

function collect(message: unknown, context: DnseContext, found: Found, depth: number): void {
  if (Array.isArray(message) && depth < DEEPEST_ENVELOPE) {
    for (const part of message) collect(part, context, found, depth + 1);
    return;
  }
  if (!isPayload(message)) {
    reject(message, context, found, new InvalidField("message", message, "an object"));
    return;
  }
  const content = depth < DEEPEST_ENVELOPE ? present(message, ENVELOPE_FIELDS) : undefined;
  if (typeof content === "object") {
    collect(content, channelContext(message, context), found, depth + 1);
    return;
  }
  try {
    const event = readPayload(message, context);
    if (event !== undefined) found.events.push(event);
  } catch (error) {
    if (!(error instanceof InvalidField)) throw error;
    reject(message, context, found, error);
  }
}

function reject(message: unknown, context: DnseContext, found: Found, { message: problem }: InvalidField): void {
  found.rejected += 1;
  if (found.rejected > MOST_REJECTED) return;
  found.events.push(rejectedFrame(message, context.receivedAtMs, problem));
}

function readPayload(payload: DnsePayload, context: DnseContext): MarketEvent | undefined {
  switch (kindOf(payload, context)) {
    case "tick":
      return readTick(payload, channelContext(payload, context));
    case "top_price":
      return readBook(payload, channelContext(payload, context));
    case "market_index":
      return readIndexLevel(payload, context);
    case "estimated_market_index":
      return readEstimatedIndexLevel(payload, context);
    case "session":
      return readSessionChange(payload, channelContext(payload, context));
    case "security_definition":
      return readReferencePrice(payload, context);
    case "ignored":
      return undefined;
  }
}

/** The kind by `T`, else by the channel, else by the fields that only one kind has. */
function kindOf(payload: DnsePayload, context: DnseContext): DnseKind {
  const type = payload.T;
  if (type !== undefined && type !== null) {
    const kind = kindOfType(type);
    if (kind !== undefined) return kind;
    throw new InvalidField("T", type, "t, te, q, mi, emi, s, sd, b, bc, e or f");
  }
  const channel = present(payload, CHANNEL_FIELDS);
  const kind = (typeof channel === "string" ? kindOfChannel(channel) : undefined) ?? context.kind;
  if (kind !== undefined) return kind;
  if (payload.marketIndex !== undefined) return "estimated_market_index";
  if (payload.matchPrice !== undefined) return "tick";
  if (payload.bid !== undefined || payload.offer !== undefined) return "top_price";
  if (payload.valueIndexes !== undefined) return "market_index";
  if (payload.basicPrice !== undefined) return "security_definition";
  if (payload.eventId !== undefined && payload.tradingSessionId !== undefined) return "session";
  if (payload.open !== undefined || payload.expectedTradePrice !== undefined) return "ignored";
  if (payload.foreignerOrderLimitQuantity !== undefined) return "ignored";
  throw new InvalidField("T", undefined, "t, te, q, mi, emi, s, sd, b, bc, e or f");
}

/** The context with what a message's own channel says; the same where it names none. */
function channelContext(message: DnsePayload, context: DnseContext): DnseContext {
  const channel = present(message, CHANNEL_FIELDS);
  if (typeof channel !== "string") return context;
  const board = channel
    .split(".")
    .slice(1)
    .map(boardNamed)
    .find((named) => named !== undefined);
  return { ...context, kind: kindOfChannel(channel) ?? context.kind, board: board ?? context.board };
}

export function rejectedFrame(frame: unknown, atMs: number, problem: string): RejectedFrame {
  const symbol = isPayload(frame) ? present(frame, SYMBOL_FIELDS) : undefined;
  return {
    kind: "rejected",
    atMs,
    problem,
    excerpt: excerptOf(frame),
    symbol: typeof symbol === "string" ? symbol.slice(0, 32) : undefined,
  };
}

function excerptOf(frame: unknown): string {
  if (typeof frame === "string") return frame.slice(0, EXCERPT_CHARACTERS);
  if (frame instanceof Uint8Array) {
    return Buffer.from(frame.subarray(0, EXCERPT_CHARACTERS))
      .toString("latin1")
      .replaceAll(/[^ -~]/g, "·");
  }
  return shown(frame, EXCERPT_CHARACTERS);
}
