import type { CandleSeries } from "../market-data/candle-columns.js";
import { type InstrumentSymbol, instrumentSymbol } from "../market-data/instrument-symbol.js";
import { emptySeries } from "./candle-buffer.js";
import { SIMULATED_SHARES, type SimulatedShare } from "./simulated-shares.js";

/** An index of the demo market: the value of its shares, relative to their first reference prices. */
export interface SimulatedIndex {
  readonly symbol: InstrumentSymbol;
  readonly name: string;
  /** Shares that count, of each constituent. */
  readonly countedShares: (share: SimulatedShare) => number;
}

/** Both hold all thirty shares: `VNINDEX` by market capitalisation, `VN30` by the free-floating part of it. */
export const SIMULATED_INDEXES: readonly SimulatedIndex[] = [
  { symbol: instrumentSymbol("VNINDEX"), name: "VN-Index", countedShares: ({ shareCount }) => shareCount },
  {
    symbol: instrumentSymbol("VN30"),
    name: "VN30 Index",
    countedShares: ({ shareCount, freeFloat }) => Math.round(shareCount * freeFloat),
  },
];

/** Value of every index at the first reference prices. */
export const INDEX_BASE = 1_000;

/** Constituents do not peak in the same minute: how far the index reaches towards all of their highs or lows. */
const WICK_SHARE = 0.6;

/** Index points from the price of each share, rounded to hundredths as the exchange publishes them. */
export function indexLevel(index: SimulatedIndex, priceOf: (share: SimulatedShare) => number): number {
  let value = 0;
  let baseValue = 0;
  for (const share of SIMULATED_SHARES) {
    const counted = index.countedShares(share);
    value += counted * priceOf(share);
    baseValue += counted * share.firstReferencePrice;
  }
  return roundToHundredth((INDEX_BASE * value) / baseValue);
}

export function roundToHundredth(points: number): number {
  return Math.round(points * 100) / 100;
}

/**
 * Daily candles of an index: open and close are exact from the constituents' opens and closes, volume is the
 * sum of theirs. High and low reach 60% of the way to where all constituents would stand at their own.
 */
export function indexCandles(
  index: SimulatedIndex,
  shares: ReadonlyMap<InstrumentSymbol, CandleSeries>,
  tradingDaysMs: Float64Array,
): CandleSeries {
  const series = emptySeries(tradingDaysMs);
  for (let day = 0; day < series.length; day++) {
    const levelOf = (field: "open" | "high" | "low" | "close") =>
      indexLevel(index, ({ symbol }) => shares.get(symbol)![field][day]!);
    const open = levelOf("open");
    const close = levelOf("close");
    const top = Math.max(open, close);
    const bottom = Math.min(open, close);
    series.open[day] = open;
    series.close[day] = close;
    series.high[day] = roundToHundredth(top + WICK_SHARE * (levelOf("high") - top));
    series.low[day] = roundToHundredth(bottom - WICK_SHARE * (bottom - levelOf("low")));
    for (const { volume } of shares.values()) series.volume[day]! += volume[day]!;
  }
  return series;
}
