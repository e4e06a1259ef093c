import fc from "fast-check";
import type {
  BookTop,
  FeedNotice,
  IndexLevel,
  ReferencePrice,
  SessionChange,
  Tick,
} from "../../../../src/engine/live-market/market-event.js";
import { instrumentSymbol } from "../../../../src/engine/market-data/instrument-symbol.js";
import { tradingDate } from "../../../../src/engine/units/trading-date.js";

/** A time of Monday 2026-11-23 in Ho Chi Minh City, `HH:MM:SS`. */
export function onMonday(time: string): number {
  return Date.parse(`2026-11-23T${time}+07:00`);
}

export const HPG = instrumentSymbol("HPG");
export const VNINDEX = instrumentSymbol("VNINDEX");

/** A trade of 100 shares at 25,000 VND, the first of its board, unless told otherwise. */
export function tick(values: Partial<Tick> = {}): Tick {
  const eventTimeMs = values.eventTimeMs ?? onMonday("10:00:00");
  return {
    kind: "tick",
    symbol: HPG,
    board: "G1",
    eventTimeMs,
    receivedAtMs: eventTimeMs,
    price: 25_000,
    quantity: 100,
    cumulativeVolume: values.quantity ?? 100,
    side: "B",
    session: "continuous",
    source: "dnse",
    isBackfill: false,
    ...values,
  };
}

export function book(values: Partial<BookTop> = {}): BookTop {
  const eventTimeMs = values.eventTimeMs ?? onMonday("10:00:00");
  const sides = { bids: [{ price: 24_950, quantity: 300 }], asks: [{ price: 25_000, quantity: 200 }] };
  return { kind: "book", symbol: HPG, board: "G1", eventTimeMs, receivedAtMs: eventTimeMs, ...sides, ...values };
}

export function indexLevel(values: Partial<IndexLevel> = {}): IndexLevel {
  const eventTimeMs = values.eventTimeMs ?? onMonday("10:00:00");
  return {
    kind: "index",
    symbol: VNINDEX,
    eventTimeMs,
    receivedAtMs: eventTimeMs,
    value: 1_250,
    priorValue: 1_240,
    cumulativeVolume: 1_000,
    cumulativeValue: 25_000_000,
    advances: 200,
    declines: 100,
    unchanged: 50,
    atCeiling: 1,
    atFloor: 0,
    source: "dnse",
    ...values,
  };
}

export function referencePrice(values: Partial<ReferencePrice> = {}): ReferencePrice {
  return {
    kind: "reference",
    symbol: HPG,
    tradingDate: tradingDate("2026-11-23"),
    reference: 24_000,
    ceiling: 25_650,
    floor: 22_350,
    isHalted: false,
    source: "dnse",
    receivedAtMs: onMonday("08:00:00"),
    ...values,
  };
}

export function sessionChange(values: Partial<SessionChange> = {}): SessionChange {
  const eventTimeMs = values.eventTimeMs ?? onMonday("10:00:00");
  const change = { kind: "session", market: "HOSE", board: "G1", phase: "continuous" } as const;
  return { ...change, eventTimeMs, receivedAtMs: eventTimeMs, ...values };
}

export function notice(kind: FeedNotice["notice"], atMs = 0): FeedNotice {
  return { kind: "notice", notice: kind, atMs, message: "" };
}

/** Trades of a board one after another from 10:00:00 on, with whole lots and rising cumulative volumes. */
export function tradesOf(
  trades: readonly { readonly afterMs: number; readonly price: number; readonly lots: number }[],
  values: Partial<Tick> = {},
): Tick[] {
  let eventTimeMs = values.eventTimeMs ?? onMonday("10:00:00");
  let cumulativeVolume = 0;
  return trades.map(({ afterMs, price, lots }) => {
    eventTimeMs += afterMs;
    cumulativeVolume += 100 * lots;
    return tick({ ...values, eventTimeMs, receivedAtMs: eventTimeMs, price, quantity: 100 * lots, cumulativeVolume });
  });
}

/** Up to sixty trades within some minutes; many of them at the same instant. */
export const arbitraryTrades: fc.Arbitrary<Tick[]> = fc
  .array(
    fc.record({
      afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30_000 })),
      price: fc.integer({ min: 400, max: 600 }).map((steps) => 50 * steps),
      lots: fc.integer({ min: 1, max: 50 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((trades) => tradesOf(trades));

/** The trades in another order, some of them more than once. */
export function shuffledWithRepeats(trades: readonly Tick[]): fc.Arbitrary<Tick[]> {
  return fc.array(fc.constantFrom(...trades), { maxLength: 30 }).chain((repeats) => {
    const all = [...trades, ...repeats];
    return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
  });
}
