import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MarketBoard } from "../../../src/engine/live-market/market-board.js";
import type { MarketEvent } from "../../../src/engine/live-market/market-event.js";
import type { SymbolQuote } from "../../../src/engine/live-market/symbol-quote.js";
import { tradingDate } from "../../../src/engine/units/trading-date.js";
import {
  arbitraryTrades,
  book,
  HPG,
  indexLevel,
  onMonday,
  referencePrice,
  sessionChange,
  shuffledWithRepeats,
  tick,
  tradesOf,
  VNINDEX,
} from "./support/market-events.js";

function boardOf(events: Iterable<MarketEvent>): MarketBoard {
  const board = new MarketBoard();
  for (const event of events) board.apply(event);
  return board;
}

function quoteOf(events: Iterable<MarketEvent>): SymbolQuote {
  return boardOf(events).quote(HPG)!;
}

const THREE = tradesOf([
  { afterMs: 0, price: 25_000, lots: 1 },
  { afterMs: 1_000, price: 25_500, lots: 2 },
  { afterMs: 1_000, price: 24_800, lots: 3 },
]);

describe("MarketBoard.quote(symbol)", () => {
  it("is the day so far", () => {
    expect(quoteOf([referencePrice(), ...THREE, book({ eventTimeMs: onMonday("10:00:05") })])).toEqual({
      symbol: HPG,
      price: 24_800,
      reference: 24_000,
      ceiling: 25_650,
      floor: 22_350,
      change: 24_800 / 24_000 - 1,
      open: 25_000,
      high: 25_500,
      low: 24_800,
      lastQuantity: 300,
      cumulativeVolume: 600,
      cumulativeValue: 100 * 25_000 + 200 * 25_500 + 300 * 24_800,
      oddLotVolume: 0,
      putThroughVolume: 0,
      session: "continuous",
      bids: [{ price: 24_950, quantity: 300 }],
      asks: [{ price: 25_000, quantity: 200 }],
      eventTimeMs: onMonday("10:00:05"),
      receivedAtMs: onMonday("10:00:05"),
    });
  });

  it("is undefined for a symbol that nobody spoke of, and has no price before the first trade", () => {
    expect(new MarketBoard().quote(HPG)).toBeUndefined();
    expect(quoteOf([referencePrice()])).toMatchObject({ price: NaN, change: NaN, open: NaN, cumulativeVolume: 0 });
    expect(quoteOf(THREE)).toMatchObject({ reference: NaN, change: NaN });
  });

  it("does not depend on the order of trades, nor on how often they come", () => {
    const orders = arbitraryTrades.chain((trades) => fc.tuple(fc.constant(trades), shuffledWithRepeats(trades)));
    fc.assert(
      fc.property(orders, ([trades, received]) => {
        expect(quoteOf(received)).toEqual(quoteOf(trades));
        const value = trades.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
        expect(quoteOf(received).cumulativeValue).toBe(value);
      }),
    );
  });

  it("keeps odd lots and put-through deals apart from price and volume", () => {
    const later = { eventTimeMs: onMonday("10:05:00"), price: 20_000 };
    const others = [
      tick({ ...later, board: "G4", quantity: 7, cumulativeVolume: 40 }),
      tick({ ...later, board: "T1", quantity: 50_000, cumulativeVolume: 50_000 }),
      tick({ ...later, board: "T3", quantity: 20_000, cumulativeVolume: 20_000 }),
      tick({ ...later, board: "T4", quantity: 3, cumulativeVolume: 3 }),
    ];
    expect(quoteOf([...THREE, ...others])).toMatchObject({
      price: 24_800,
      low: 24_800,
      cumulativeVolume: 600,
      oddLotVolume: 40,
      putThroughVolume: 70_003,
    });
  });

  it("adds what trades at the closing price to the volume of the day", () => {
    const late = tick({ board: "G3", eventTimeMs: onMonday("14:50:00"), price: 24_800, quantity: 200, session: "plo" });
    expect(quoteOf([...THREE, late])).toMatchObject({ cumulativeVolume: 800, session: "plo", lastQuantity: 200 });
  });

  it("goes by the cumulative volume of the exchange, also where trades were missed", () => {
    expect(quoteOf([THREE[0]!, THREE[2]!])).toMatchObject({
      cumulativeVolume: 600,
      cumulativeValue: 100 * 25_000 + 300 * 24_800,
    });
  });

  it("starts over on a later date and leaves out what belongs to an earlier one", () => {
    const tuesday = tick({ eventTimeMs: onMonday("10:00:00") + 86_400_000, price: 26_000 });
    const quote = quoteOf([referencePrice(), ...THREE, tuesday, THREE[1]!]);
    expect(quote).toMatchObject({ price: 26_000, high: 26_000, open: 26_000, cumulativeVolume: 100, reference: NaN });
    const reference = referencePrice({ tradingDate: tradingDate("2026-11-24"), reference: 24_800 });
    expect(quoteOf([...THREE, reference])).toMatchObject({ price: NaN, cumulativeVolume: 0, reference: 24_800 });
  });

  it("shows the latest book of round lots", () => {
    const early = book({ eventTimeMs: onMonday("09:59:00"), bids: [] });
    const oddLots = book({ board: "G4", eventTimeMs: onMonday("10:01:00"), bids: [] });
    expect(quoteOf([book(), early, oddLots]).bids).toEqual([{ price: 24_950, quantity: 300 }]);
  });
});

describe("MarketBoard.seedQuote(quote)", () => {
  it("goes on from a quote as if all trades had been seen", () => {
    fc.assert(
      fc.property(arbitraryTrades, fc.nat(60), fc.nat(60), (trades, seen, overlap) => {
        const cut = Math.min(trades.length, seen + 1);
        const board = new MarketBoard();
        board.seedQuote(quoteOf(trades.slice(0, cut)));
        for (const trade of trades.slice(Math.max(0, cut - overlap))) board.apply(trade);
        expect(board.quote(HPG)).toEqual(quoteOf(trades));
      }),
    );
  });

  it("adds later deals on any board to the totals of the seed", () => {
    const deal = { quantity: 20_000, cumulativeVolume: 20_000 };
    const seed = quoteOf([
      ...THREE,
      tick({ board: "T1", ...deal }),
      tick({ board: "G4", quantity: 30, cumulativeVolume: 30 }),
    ]);
    const board = new MarketBoard();
    board.seedQuote(seed);
    const later = { eventTimeMs: onMonday("14:50:00") };
    board.apply(tick({ ...later, board: "T3", ...deal }));
    board.apply(tick({ ...later, board: "T1", quantity: 1_000, cumulativeVolume: 21_000 }));
    board.apply(tick({ ...later, board: "G4", quantity: 5, cumulativeVolume: 35 }));
    board.apply(tick({ ...later, board: "G3", quantity: 400, cumulativeVolume: 400 }));
    expect(board.quote(HPG)).toMatchObject({ cumulativeVolume: 1_000, oddLotVolume: 35, putThroughVolume: 41_000 });
  });

  it("counts a deal that the seed has already no second time", () => {
    const board = new MarketBoard();
    const deal = tick({ board: "T3", quantity: 20_000, cumulativeVolume: 20_000 });
    board.seedQuote(quoteOf([...THREE, deal]));
    board.apply(deal);
    expect(board.quote(HPG)).toMatchObject({ putThroughVolume: 20_000, cumulativeVolume: 600 });
  });

  it("takes the reference price of a symbol without trades", () => {
    const board = new MarketBoard();
    board.seedQuote({ ...quoteOf([referencePrice()]), eventTimeMs: NaN });
    for (const trade of THREE) board.apply(trade);
    expect(board.quote(HPG)).toMatchObject({ reference: 24_000, price: 24_800 });
  });

  it("does not replace what is later", () => {
    const board = boardOf(THREE);
    board.seedQuote(quoteOf(THREE.slice(0, 1)));
    expect(board.quote(HPG)!.price).toBe(24_800);
  });
});

describe("indexes on a MarketBoard", () => {
  const levels = [
    indexLevel({ eventTimeMs: onMonday("10:00:00"), value: 1_250, cumulativeVolume: 1_000 }),
    indexLevel({
      eventTimeMs: onMonday("10:00:05"),
      value: 1_260,
      cumulativeVolume: 1_500,
      cumulativeValue: 40_000_000,
    }),
    indexLevel({
      eventTimeMs: onMonday("10:00:10"),
      value: 1_255,
      cumulativeVolume: 1_800,
      cumulativeValue: 50_000_000,
    }),
  ];

  it("are the latest level of each, and a quote from all of them", () => {
    const board = boardOf([levels[2]!, levels[0]!, levels[1]!, levels[2]!]);
    expect(board.index(VNINDEX)).toBe(levels[2]);
    expect([...board.indexes()]).toEqual([levels[2]]);
    expect(board.quote(VNINDEX)).toMatchObject({
      price: 1_255,
      reference: 1_240,
      change: 1_255 / 1_240 - 1,
      open: 1_250,
      high: 1_260,
      low: 1_250,
      cumulativeVolume: 1_800,
      cumulativeValue: 50_000_000,
      session: "continuous",
    });
  });
});

describe("MarketBoard", () => {
  it("lists the quotes of all symbols and forgets them on reset", () => {
    const board = boardOf([...THREE, indexLevel(), sessionChange({ phase: "atc" })]);
    expect([...board.quotes()].map(({ symbol }) => symbol)).toEqual([HPG, VNINDEX]);
    expect(board.phase("HOSE")).toBe("atc");
    board.reset();
    expect([...board.quotes(), ...board.indexes()]).toEqual([]);
    expect(board.phase("HOSE")).toBeUndefined();
  });

  it("gives the same object as long as nothing changes, and leaves it as it was when something does", () => {
    const board = boardOf(THREE.slice(0, 2));
    const before = board.quote(HPG)!;
    expect(board.quote(HPG)).toBe(before);
    board.apply(THREE[2]!);
    expect(before.price).toBe(25_500);
    expect(board.quote(HPG)!.price).toBe(24_800);
  });
});
