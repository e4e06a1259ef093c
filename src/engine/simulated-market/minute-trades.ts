import { MS_PER_MINUTE } from "../units/epoch-ms.js";
import { nextHosePrice } from "./hose-prices.js";

const ROUND_LOT = 100;
/** Part of the opening minute's volume that the auction matched, and until when all its trades are reported. */
const AUCTION_SHARE = 0.7;
const AUCTION_REPORT_MS = 2_000;

/** One minute of a share on round lots; prices in VND, volume in shares. */
export interface MinuteOfShare {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** How many trades it should have, if volume and prices allow. */
  readonly trades: number;
  /** Whether its first trade, or all of them, come out of an auction. */
  readonly auction: "none" | "opens" | "closes";
}

/** Trades of a minute in ascending order of time, as columns. */
export interface MinuteTrades {
  /** Milliseconds into the minute. */
  readonly offsetMs: readonly number[];
  readonly price: readonly number[];
  readonly quantity: readonly number[];
}

/**
 * Trades that aggregate to a candle exactly: the first at its open, the last at its close, none beyond its high and
 * low, which are both reached, on the price steps of HOSE. Quantities are round lots that add up to its volume; where
 * the volume has fewer lots than the candle has prices, they are parts of lots. A candle without volume has none.
 */
export function minuteTrades(minute: MinuteOfShare, random: () => number): MinuteTrades {
  if (!(minute.volume > 0)) return { offsetMs: [], price: [], quantity: [] };
  const lots = minute.volume / ROUND_LOT;
  const count = Math.max(fewestTrades(minute), Math.min(Math.round(minute.trades), Math.floor(lots)));
  return {
    offsetMs: tradeTimes(count, minute.auction, random),
    price: tradePrices(minute, count, random),
    quantity: tradeQuantities(minute, count, random),
  };
}

function fewestTrades({ open, high, low, close }: MinuteOfShare): number {
  if (high === low) return 1;
  const ends = [open, close];
  return 2 + Number(!ends.includes(high)) + Number(!ends.includes(low));
}

function tradeTimes(count: number, auction: MinuteOfShare["auction"], random: () => number): number[] {
  const isFromAuction = (index: number) => auction === "closes" || (auction === "opens" && index === 0);
  return Array.from({ length: count }, (_, index) => {
    if (isFromAuction(index)) return Math.floor(AUCTION_REPORT_MS * random());
    const fromMs = auction === "none" ? 0 : AUCTION_REPORT_MS;
    return fromMs + Math.floor((MS_PER_MINUTE - fromMs) * random());
  }).sort((a, b) => a - b);
}

/** A random walk by single steps that is drawn towards the close, with its highest and lowest moved to the limits. */
function tradePrices({ open, high, low, close }: MinuteOfShare, count: number, random: () => number): number[] {
  const prices = [open];
  let price = open;
  for (let index = 1; index < count - 1; index++) {
    const pull = Math.sign(close - price) * Math.min(1, (2 * index) / count);
    const draw = 3 * random() - 1.5 + 0.5 * pull;
    const next = draw > 0.75 ? nextHosePrice(price, 1) : draw < -0.75 ? nextHosePrice(price, -1) : price;
    price = Math.min(high, Math.max(low, next));
    prices.push(price);
  }
  if (count > 1) prices.push(close);
  const highAt = reach(prices, high, (a, b) => a > b, -1);
  reach(prices, low, (a, b) => a < b, highAt);
  return prices;
}

/** Moves the inner price nearest to a limit onto it, unless some price is there; returns where the limit is reached. */
function reach(prices: number[], limit: number, isNearer: (a: number, b: number) => boolean, taken: number): number {
  const last = prices.length - 1;
  if (prices[last] === limit) return last;
  const reached = prices.indexOf(limit);
  if (reached !== -1) return reached;
  let nearest = -1;
  for (let index = 1; index < last; index++) {
    if (index === taken) continue;
    if (nearest === -1 || isNearer(prices[index]!, prices[nearest]!)) nearest = index;
  }
  prices[nearest] = limit;
  return nearest;
}

/** Splits the volume by weights with a long tail. */
function tradeQuantities({ volume, auction }: MinuteOfShare, count: number, random: () => number): number[] {
  const unit = volume / ROUND_LOT >= count ? ROUND_LOT : 1;
  const units = volume / unit;
  const weights = Array.from({ length: count }, () => 1 / Math.sqrt(1 - random()));
  if (auction === "opens" && count > 1) {
    const others = weights.reduce((sum, weight) => sum + weight, 0) - weights[0]!;
    weights[0] = (others * AUCTION_SHARE) / (1 - AUCTION_SHARE);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const spare = units - count;
  let weightSoFar = 0;
  let spareSoFar = 0;
  return weights.map((weight, index) => {
    weightSoFar += weight;
    const isLast = index === count - 1;
    const due = (isLast ? spare : Math.floor((spare * weightSoFar) / total)) - spareSoFar;
    spareSoFar += due;
    return (1 + due) * unit;
  });
}
