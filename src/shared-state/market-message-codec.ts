import { decode, encode } from "@msgpack/msgpack";
import { BOARDS } from "../engine/live-market/board.js";
import { FEED_STATES } from "../engine/live-market/feed-status.js";
import { type MarketEvent, type PriceLevel, TICK_SIDES } from "../engine/live-market/market-event.js";
import { SESSION_PHASES } from "../engine/live-market/session-phase.js";
import { DATASETS } from "../engine/market-data/dataset.js";
import type { MarketMessage } from "./market-bus.js";

/** Raised when the form changes: a process does not guess at what another version wrote. */
const FORM_VERSION = 1;

/*
 * MessagePack of arrays instead of objects: a third of the bytes, since no row repeats the names of its fields. Words
 * from closed lists are their index in the list; what is missing is nil; `NaN` is MessagePack's own.
 */

export function encodeMarketMessage(message: MarketMessage): Uint8Array {
  const { epoch, sequence, sentAtMs, marketTimeMs, feed, dataset, status, events } = message;
  return encode([
    FORM_VERSION,
    epoch,
    sequence,
    sentAtMs,
    marketTimeMs,
    feed,
    DATASETS.indexOf(dataset),
    FEED_STATES.indexOf(status.state),
    status.sinceMs,
    status.reason,
    status.lastReceivedAtMs ?? null,
    status.lastEventTimeMs ?? null,
    events.map(encodeEvent),
  ]);
}

/** What `encodeMarketMessage` wrote; `undefined` for anything else. */
export function decodeMarketMessage(bytes: Uint8Array): MarketMessage | undefined {
  try {
    const fields = new Fields(decode(bytes));
    if (fields.number() !== FORM_VERSION) return undefined;
    return {
      epoch: fields.text(),
      sequence: fields.number(),
      sentAtMs: fields.number(),
      marketTimeMs: fields.number(),
      feed: fields.text(),
      dataset: fields.word(DATASETS),
      status: {
        state: fields.word(FEED_STATES),
        sinceMs: fields.number(),
        reason: fields.text(),
        lastReceivedAtMs: fields.optional(() => fields.number()),
        lastEventTimeMs: fields.optional(() => fields.number()),
      },
      events: fields.list().map(decodeEvent),
    };
  } catch {
    return undefined;
  }
}

const KINDS = ["tick", "book", "index", "reference", "session"] as const;

function encodeEvent(event: MarketEvent): unknown[] {
  const kind = KINDS.indexOf(event.kind);
  switch (event.kind) {
    case "tick":
      return [
        kind,
        event.symbol,
        BOARDS.indexOf(event.board),
        event.eventTimeMs,
        event.receivedAtMs,
        event.price,
        event.quantity,
        event.cumulativeVolume,
        TICK_SIDES.indexOf(event.side),
        SESSION_PHASES.indexOf(event.session),
        event.source,
        event.isBackfill,
      ];
    case "book":
      return [
        kind,
        event.symbol,
        BOARDS.indexOf(event.board),
        event.eventTimeMs,
        event.receivedAtMs,
        event.bids.flatMap(({ price, quantity }) => [price, quantity]),
        event.asks.flatMap(({ price, quantity }) => [price, quantity]),
      ];
    case "index":
      return [
        kind,
        event.symbol,
        event.eventTimeMs,
        event.receivedAtMs,
        event.value,
        event.priorValue,
        event.cumulativeVolume,
        event.cumulativeValue,
        event.advances,
        event.declines,
        event.unchanged,
        event.atCeiling,
        event.atFloor,
        event.source,
      ];
    case "reference":
      return [
        kind,
        event.symbol,
        event.tradingDate,
        event.reference,
        event.ceiling,
        event.floor,
        event.isHalted,
        event.source,
        event.receivedAtMs,
      ];
    case "session":
      return [
        kind,
        event.market,
        event.board === undefined ? null : BOARDS.indexOf(event.board),
        SESSION_PHASES.indexOf(event.phase),
        event.eventTimeMs,
        event.receivedAtMs,
      ];
  }
}

function decodeEvent(value: unknown): MarketEvent {
  const fields = new Fields(value);
  const kind = fields.word(KINDS);
  switch (kind) {
    case "tick":
      return {
        kind,
        symbol: fields.text() as never,
        board: fields.word(BOARDS),
        eventTimeMs: fields.number(),
        receivedAtMs: fields.number(),
        price: fields.number(),
        quantity: fields.number(),
        cumulativeVolume: fields.number(),
        side: fields.word(TICK_SIDES),
        session: fields.word(SESSION_PHASES),
        source: fields.text(),
        isBackfill: fields.flag(),
      };
    case "book":
      return {
        kind,
        symbol: fields.text() as never,
        board: fields.word(BOARDS),
        eventTimeMs: fields.number(),
        receivedAtMs: fields.number(),
        bids: fields.levels(),
        asks: fields.levels(),
      };
    case "index":
      return {
        kind,
        symbol: fields.text() as never,
        eventTimeMs: fields.number(),
        receivedAtMs: fields.number(),
        value: fields.number(),
        priorValue: fields.number(),
        cumulativeVolume: fields.number(),
        cumulativeValue: fields.number(),
        advances: fields.number(),
        declines: fields.number(),
        unchanged: fields.number(),
        atCeiling: fields.number(),
        atFloor: fields.number(),
        source: fields.text(),
      };
    case "reference":
      return {
        kind,
        symbol: fields.text() as never,
        tradingDate: fields.text() as never,
        reference: fields.number(),
        ceiling: fields.number(),
        floor: fields.number(),
        isHalted: fields.flag(),
        source: fields.text(),
        receivedAtMs: fields.number(),
      };
    case "session":
      return {
        kind,
        market: fields.text(),
        board: fields.optional(() => fields.word(BOARDS)),
        phase: fields.word(SESSION_PHASES),
        eventTimeMs: fields.number(),
        receivedAtMs: fields.number(),
      };
  }
}

/** Reads one array field by field; throws where it is not what is asked for. */
class Fields {
  readonly #values: readonly unknown[];
  #at = 0;

  constructor(value: unknown) {
    if (!Array.isArray(value)) throw new TypeError("not a list");
    this.#values = value;
  }

  number(): number {
    const value = this.#values[this.#at++];
    if (typeof value !== "number") throw new TypeError("not a number");
    return value;
  }

  text(): string {
    const value = this.#values[this.#at++];
    if (typeof value !== "string") throw new TypeError("not a text");
    return value;
  }

  flag(): boolean {
    const value = this.#values[this.#at++];
    if (typeof value !== "boolean") throw new TypeError("not a flag");
    return value;
  }

  list(): readonly unknown[] {
    const value = this.#values[this.#at++];
    if (!Array.isArray(value)) throw new TypeError("not a list");
    return value;
  }

  word<const Word extends string>(words: readonly Word[]): Word {
    const word = words[this.number()];
    if (word === undefined) throw new TypeError("not a word of the list");
    return word;
  }

  optional<T>(read: () => T): T | undefined {
    if (this.#values[this.#at] !== null) return read();
    this.#at++;
    return undefined;
  }

  levels(): PriceLevel[] {
    const pairs = new Fields(this.list());
    return Array.from({ length: pairs.#values.length / 2 }, () => ({
      price: pairs.number(),
      quantity: pairs.number(),
    }));
  }
}
