import fc from "fast-check";
import { BOARDS } from "../../src/engine/live-market/board.js";
import { FEED_STATES } from "../../src/engine/live-market/feed-status.js";
import { type MarketEvent, TICK_SIDES, type Tick } from "../../src/engine/live-market/market-event.js";
import { SESSION_PHASES } from "../../src/engine/live-market/session-phase.js";
import { DATASETS } from "../../src/engine/market-data/dataset.js";
import { instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { tradingDate } from "../../src/engine/units/trading-date.js";
import type { MarketMessage } from "../../src/shared-state/market-bus.js";

const OPENS_AT_MS = Date.parse("2026-03-02T02:15:00Z");

export function tickOf(changes: Partial<Tick> = {}): Tick {
  return {
    kind: "tick",
    symbol: instrumentSymbol("HPG"),
    board: "G1",
    eventTimeMs: OPENS_AT_MS,
    receivedAtMs: OPENS_AT_MS + 4,
    price: 26_500,
    quantity: 100,
    cumulativeVolume: 100,
    side: "B",
    session: "continuous",
    source: "simulated",
    isBackfill: false,
    ...changes,
  };
}

export function messageOf(sequence: number, changes: Partial<MarketMessage> = {}): MarketMessage {
  return {
    epoch: "first",
    sequence,
    sentAtMs: OPENS_AT_MS + sequence,
    marketTimeMs: OPENS_AT_MS + sequence,
    feed: "simulated",
    dataset: "simulated",
    status: {
      state: "live",
      sinceMs: OPENS_AT_MS,
      reason: "trades are coming in",
      lastReceivedAtMs: OPENS_AT_MS,
      lastEventTimeMs: undefined,
    },
    events: [tickOf({ cumulativeVolume: 100 * sequence })],
    ...changes,
  };
}

/** Without −0, which no market has and MessagePack writes as 0. */
const record = <T>(fields: { [Key in keyof T]: fc.Arbitrary<T[Key]> }) => fc.record(fields, { noNullPrototype: true });
const number = fc.double().map((value) => (value === 0 ? 0 : value));
const word = <const Word>(words: readonly Word[]) => fc.constantFrom(...words);
const symbol = word(["HPG", "VNINDEX", "DCE.I"].map(instrumentSymbol));
const levels = fc.array(record({ price: number, quantity: number }), { maxLength: 3 });
const times = { eventTimeMs: number, receivedAtMs: number };

const event: fc.Arbitrary<MarketEvent> = fc.oneof(
  record({
    kind: fc.constant("tick" as const),
    symbol,
    board: word(BOARDS),
    ...times,
    price: number,
    quantity: number,
    cumulativeVolume: number,
    side: word(TICK_SIDES),
    session: word(SESSION_PHASES),
    source: fc.string(),
    isBackfill: fc.boolean(),
  }),
  record({ kind: fc.constant("book" as const), symbol, board: word(BOARDS), ...times, bids: levels, asks: levels }),
  record({
    kind: fc.constant("index" as const),
    symbol,
    ...times,
    value: number,
    priorValue: number,
    cumulativeVolume: number,
    cumulativeValue: number,
    advances: number,
    declines: number,
    unchanged: number,
    atCeiling: number,
    atFloor: number,
    source: fc.string(),
  }),
  record({
    kind: fc.constant("reference" as const),
    symbol,
    tradingDate: fc.constant(tradingDate("2026-03-02")),
    reference: number,
    ceiling: number,
    floor: number,
    isHalted: fc.boolean(),
    source: fc.string(),
    receivedAtMs: number,
  }),
  record({
    kind: fc.constant("session" as const),
    market: fc.string(),
    board: fc.option(word(BOARDS), { nil: undefined }),
    phase: word(SESSION_PHASES),
    ...times,
  }),
);

/** Every message that can be: each kind of event, values missing, `NaN` and infinities. */
export const anyMessage: fc.Arbitrary<MarketMessage> = record({
  epoch: fc.string(),
  sequence: fc.nat(),
  sentAtMs: number,
  marketTimeMs: number,
  feed: fc.string(),
  dataset: word(DATASETS),
  status: record({
    state: word(FEED_STATES),
    sinceMs: number,
    reason: fc.string(),
    lastReceivedAtMs: fc.option(number, { nil: undefined }),
    lastEventTimeMs: fc.option(number, { nil: undefined }),
  }),
  events: fc.array(event, { maxLength: 8 }),
});
