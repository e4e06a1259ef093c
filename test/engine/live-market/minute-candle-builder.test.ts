import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IndexLevel, Tick } from "../../../src/engine/live-market/market-event.js";
import { MinuteCandleBuilder } from "../../../src/engine/live-market/minute-candle-builder.js";
import type { CandleColumns } from "../../../src/engine/market-data/candle-columns.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { arbitraryTrades, indexLevel, onMonday, shuffledWithRepeats, tick, tradesOf } from "./support/market-events.js";

type Row = readonly [symbol: string, minute: number, ...ohlcv: number[]];

function rowsOf({ length, symbols, symbolCodes, openedAtMs, open, high, low, close, volume }: CandleColumns): Row[] {
  return Array.from({ length }, (_, i) => [
    symbols[symbolCodes[i]!]!,
    openedAtMs[i]!,
    ...[open[i]!, high[i]!, low[i]!, close[i]!, volume[i]!],
  ]);
}

function candlesOf(events: Iterable<Tick | IndexLevel>): Row[] {
  const builder = new MinuteCandleBuilder();
  for (const event of events) builder.add(event);
  return rowsOf(builder.take());
}

/** Candles of trades in ascending order, by definition. */
function naiveCandles(trades: readonly Tick[]): Row[] {
  const minutes = Map.groupBy(trades, ({ eventTimeMs }) => Math.floor(eventTimeMs / 60_000) * 60_000);
  return [...minutes].map(([minute, ofMinute]) => {
    const prices = ofMinute.map(({ price }) => price);
    const volume = ofMinute.reduce((sum, { quantity }) => sum + quantity, 0);
    return ["HPG", minute, prices[0]!, Math.max(...prices), Math.min(...prices), prices.at(-1)!, volume];
  });
}

describe("MinuteCandleBuilder", () => {
  it("dates a candle at the opening instant of its minute", () => {
    const trades = tradesOf([
      { afterMs: 0, price: 25_000, lots: 3 },
      { afterMs: 20_000, price: 25_100, lots: 1 },
      { afterMs: 20_000, price: 24_900, lots: 1 },
      { afterMs: 19_999, price: 25_050, lots: 2 },
      { afterMs: 1, price: 25_200, lots: 5 },
    ]);
    expect(candlesOf(trades)).toEqual([
      ["HPG", onMonday("10:00:00"), 25_000, 25_100, 24_900, 25_050, 700],
      ["HPG", onMonday("10:01:00"), 25_200, 25_200, 25_200, 25_200, 500],
    ]);
  });

  it("is the naive aggregation, in whatever order and however often trades come", () => {
    const orders = arbitraryTrades.chain((trades) => fc.tuple(fc.constant(trades), shuffledWithRepeats(trades)));
    fc.assert(
      fc.property(orders, ([trades, received]) => {
        expect(candlesOf(received)).toEqual(naiveCandles(trades));
      }),
    );
  });

  it("takes only what changed since the last time, and corrects a candle for a late trade", () => {
    const [first, second, third] = tradesOf([
      { afterMs: 0, price: 25_000, lots: 1 },
      { afterMs: 1_000, price: 25_500, lots: 1 },
      { afterMs: 60_000, price: 25_100, lots: 1 },
    ]);
    const builder = new MinuteCandleBuilder();
    for (const trade of [first!, third!]) builder.add(trade);
    expect(builder.take().length).toBe(2);
    expect(builder.take().length).toBe(0);
    builder.add(second!);
    expect(rowsOf(builder.take())).toEqual([["HPG", onMonday("10:00:00"), 25_000, 25_500, 25_000, 25_500, 200]]);
  });

  it("keeps odd lots and put-through deals out", () => {
    for (const board of ["G4", "T1", "T3", "T4", "T6"] as const) expect(candlesOf([tick({ board })])).toEqual([]);
    expect(candlesOf([tick({ board: "G3" })])).toHaveLength(1);
  });

  it("adds up boards that form the price, each with cumulative volumes of its own", () => {
    const afterClose = { eventTimeMs: onMonday("14:45:30"), quantity: 300, cumulativeVolume: 300 };
    const closing = { eventTimeMs: onMonday("14:45:00"), quantity: 500, cumulativeVolume: 9_000 };
    const [row] = candlesOf([tick(closing), tick({ ...afterClose, board: "G3" })]);
    expect(row!.at(-1)).toBe(800);
  });

  it("starts a symbol over on a later date and leaves out trades of an earlier one", () => {
    const monday = tick({ quantity: 700, cumulativeVolume: 700 });
    const tuesday = tick({ eventTimeMs: monday.eventTimeMs + 86_400_000, quantity: 200, cumulativeVolume: 200 });
    const builder = new MinuteCandleBuilder();
    for (const trade of [monday, tuesday, { ...monday, price: 1 }]) builder.add(trade);
    expect(rowsOf(builder.take()).map((row) => [row[1], row.at(-1)])).toEqual([
      [monday.eventTimeMs, 700],
      [tuesday.eventTimeMs, 200],
    ]);
  });

  it("is empty before the first trade", () => {
    expect(new MinuteCandleBuilder().take()).toMatchObject({ length: 0, symbols: [] });
  });

  it("sorts by symbol, then by time", () => {
    const trades = ["VCB", "ACB"].flatMap((name) =>
      tradesOf(
        [60_000, 60_000].map((afterMs) => ({ afterMs, price: 25_000, lots: 1 })),
        {
          symbol: instrumentSymbol(name),
        },
      ).toReversed(),
    );
    expect(candlesOf(trades).map(([symbol, time]) => [symbol, time])).toEqual([
      ["ACB", onMonday("10:01:00")],
      ["ACB", onMonday("10:02:00")],
      ["VCB", onMonday("10:01:00")],
      ["VCB", onMonday("10:02:00")],
    ]);
  });
});

describe("minute candles of an index", () => {
  const levels = (...rows: readonly (readonly [time: string, value: number, cumulativeVolume: number])[]) =>
    rows.map(([time, value, cumulativeVolume]) => indexLevel({ eventTimeMs: onMonday(time), value, cumulativeVolume }));

  it("have the rise of the cumulative volume as their volume", () => {
    const all = levels(
      ["09:15:05", 1_250, 400],
      ["09:15:55", 1_252, 1_000],
      ["09:16:05", 1_251, 1_100],
      ["09:16:55", 1_249, 1_600],
    );
    const candles = [
      ["VNINDEX", onMonday("09:15:00"), 1_250, 1_252, 1_250, 1_252, 1_000],
      ["VNINDEX", onMonday("09:16:00"), 1_251, 1_251, 1_249, 1_249, 600],
    ];
    expect(candlesOf(all)).toEqual(candles);
    expect(candlesOf(all.toReversed())).toEqual(candles);
    expect(candlesOf([...all, ...all])).toEqual(candles);
  });

  it("do not count what was traded before the first level that was seen in the middle of a day", () => {
    const [row] = candlesOf(levels(["10:07:05", 1_250, 300_000], ["10:07:55", 1_251, 300_500]));
    expect(row!.at(-1)).toBe(500);
  });
});
