import { decode, encode } from "@msgpack/msgpack";
import { BOARDS } from "../engine/live-market/board.js";
import { FEED_STATES, type FeedStatus } from "../engine/live-market/feed-status.js";
import { type MarketEvent, TICK_SIDES } from "../engine/live-market/market-event.js";
import { SESSION_PHASES } from "../engine/live-market/session-phase.js";
import { DATASETS } from "../engine/market-data/dataset.js";
import type { MarketMessage } from "./market-bus.js";
import {
  type FieldForms,
  flag,
  levels,
  listOf,
  number,
  optional,
  readFields,
  text,
  word,
  writeFields,
} from "./wire-form.js";

/** Raised when the form changes: a process does not guess at what another version wrote. */
const FORM_VERSION = 1;

/*
 * MessagePack of arrays instead of objects: a third of the bytes, since no row repeats the names of its fields. Words
 * from closed lists are their index in the list; what is missing is nil; `NaN` is MessagePack's own. A message is the
 * version, the fields of `HEAD`, those of `STATUS`, and the list of its events; an event is the index of its kind and
 * its fields.
 */

const HEAD: FieldForms<Omit<MarketMessage, "status" | "events">> = {
  epoch: text(),
  sequence: number,
  sentAtMs: number,
  marketTimeMs: number,
  feed: text(),
  dataset: word(DATASETS),
};

const STATUS: FieldForms<FeedStatus> = {
  state: word(FEED_STATES),
  sinceMs: number,
  reason: text(),
  lastReceivedAtMs: optional(number),
  lastEventTimeMs: optional(number),
};

type EventOf<Kind extends MarketEvent["kind"]> = Omit<Extract<MarketEvent, { kind: Kind }>, "kind">;

const EVENTS: { readonly [Kind in MarketEvent["kind"]]: FieldForms<EventOf<Kind>> } = {
  tick: {
    symbol: text(),
    board: word(BOARDS),
    eventTimeMs: number,
    receivedAtMs: number,
    price: number,
    quantity: number,
    cumulativeVolume: number,
    side: word(TICK_SIDES),
    session: word(SESSION_PHASES),
    source: text(),
    isBackfill: flag,
  },
  book: {
    symbol: text(),
    board: word(BOARDS),
    eventTimeMs: number,
    receivedAtMs: number,
    bids: levels,
    asks: levels,
  },
  index: {
    symbol: text(),
    eventTimeMs: number,
    receivedAtMs: number,
    value: number,
    priorValue: number,
    cumulativeVolume: number,
    cumulativeValue: number,
    advances: number,
    declines: number,
    unchanged: number,
    atCeiling: number,
    atFloor: number,
    source: text(),
  },
  reference: {
    symbol: text(),
    tradingDate: text(),
    reference: number,
    ceiling: number,
    floor: number,
    isHalted: flag,
    source: text(),
    receivedAtMs: number,
  },
  session: {
    market: text(),
    board: optional(word(BOARDS)),
    phase: word(SESSION_PHASES),
    eventTimeMs: number,
    receivedAtMs: number,
  },
};

/** Of whichever kind. */
type Fields = Readonly<Record<string, unknown>>;

const kindForm = word(["tick", "book", "index", "reference", "session"]);

const STATUS_AT = 1 + Object.keys(HEAD).length;
const EVENTS_AT = STATUS_AT + Object.keys(STATUS).length;

export function encodeMarketMessage(message: MarketMessage): Uint8Array {
  const row: unknown[] = [FORM_VERSION];
  writeFields(row, HEAD, message);
  writeFields(row, STATUS, message.status);
  row.push(message.events.map(encodeEvent));
  return encode(row);
}

/** What `encodeMarketMessage` wrote; `undefined` for anything else. */
export function decodeMarketMessage(bytes: Uint8Array): MarketMessage | undefined {
  try {
    const row = listOf(decode(bytes));
    if (row[0] !== FORM_VERSION) return undefined;
    const status = readFields({}, row, STATUS, STATUS_AT);
    const events = listOf(row[EVENTS_AT]).map(decodeEvent);
    return readFields({ status, events }, row, HEAD, 1);
  } catch {
    return undefined;
  }
}

function encodeEvent(event: MarketEvent): unknown[] {
  const row: unknown[] = [kindForm.write(event.kind)];
  writeFields<Fields>(row, EVENTS[event.kind], event as unknown as Fields);
  return row;
}

function decodeEvent(value: unknown): MarketEvent {
  const row = listOf(value);
  const kind = kindForm.read(row[0]);
  return readFields({ kind }, row, EVENTS[kind] as FieldForms<Fields>, 1) as unknown as MarketEvent;
}
