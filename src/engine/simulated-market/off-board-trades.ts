import type { Board } from "../live-market/board.js";
import type { CandleSeries } from "../market-data/candle-columns.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { MS_PER_MINUTE } from "../units/epoch-ms.js";
import type { TradingDate } from "../units/trading-date.js";
import { nextHosePrice, roundToHoseStep } from "./hose-prices.js";
import { SESSION_MINUTES } from "./minute-candles.js";
import { streamSeed } from "./shock-process.js";
import type { OffBoardTrade } from "./simulated-day.js";

/** Probability of an odd lot in a minute of a share, and of a put-through deal, in and after the sessions. */
const ODD_LOT_PROBABILITY = 0.5;
const DEAL_PROBABILITY = 0.005;
const LATE_DEAL_PROBABILITY = 0.05;
/** Deals of put-through round lots: in thousands of shares, and how far their price is from the market's. */
const LEAST_DEAL = 20;
const LARGEST_DEAL = 500;
const DEAL_PRICE_RANGE = 0.02;

const LATE_MINUTES = Array.from({ length: 15 }, (_, minute) => 14 * 60 + 45 + minute);

export interface OffBoardOptions {
  readonly seed: number;
  readonly date: TradingDate;
  readonly symbol: InstrumentSymbol;
  readonly floor: number;
  readonly ceiling: number;
  /** The share's candles, one for each of `SESSION_MINUTES`. */
  readonly minutes: CandleSeries;
}

/**
 * What a share trades on a day beside the round lots: odd lots on G4 near the price of their minute, and now and
 * then a put-through deal, on T1 until the closing auction and on T3 from 14:45 to 15:00.
 */
export function offBoardTrades({ seed, date, symbol, floor, ceiling, minutes }: OffBoardOptions): OffBoardTrade[] {
  const random = seededRandom(streamSeed(seed, `${symbol}:${date}:off-board`));
  const trades: OffBoardTrade[] = [];
  const volumes = new Map<Board, number>();
  const accepted = (price: number) => Math.min(ceiling, Math.max(floor, price));
  const trade = (board: Board, minute: number, price: number, quantity: number) => {
    const cumulativeVolume = (volumes.get(board) ?? 0) + quantity;
    volumes.set(board, cumulativeVolume);
    const offsetMs = Math.floor(random() * MS_PER_MINUTE);
    trades.push({ board, minute, offsetMs, price: accepted(price), quantity, cumulativeVolume });
  };
  const dealPrice = (price: number) => roundToHoseStep(price * (1 + DEAL_PRICE_RANGE * (2 * random() - 1)));
  const dealQuantity = () => 1_000 * (LEAST_DEAL + Math.floor((LARGEST_DEAL - LEAST_DEAL) * random() ** 2));

  const closingRow = SESSION_MINUTES.length - 1;
  for (const [row, minute] of SESSION_MINUTES.slice(0, closingRow).entries()) {
    const price = minutes.open[row]!;
    if (random() < ODD_LOT_PROBABILITY) {
      const near = random() < 0.5 ? price : nextHosePrice(price, random() < 0.5 ? 1 : -1);
      trade("G4", minute, near, 1 + Math.floor(99 * random()));
    }
    if (random() < DEAL_PROBABILITY) trade("T1", minute, dealPrice(price), dealQuantity());
  }
  for (const minute of LATE_MINUTES) {
    if (random() < LATE_DEAL_PROBABILITY) trade("T3", minute, dealPrice(minutes.close[closingRow]!), dealQuantity());
  }
  return trades;
}
