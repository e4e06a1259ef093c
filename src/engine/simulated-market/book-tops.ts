import type { PriceLevel } from "../live-market/market-event.js";
import { nextHosePrice } from "./hose-prices.js";

const ROUND_LOT = 100;
const LEVELS = 3;
const LARGEST_OFFER = 500;

export interface SimulatedBook {
  readonly bids: readonly PriceLevel[];
  readonly asks: readonly PriceLevel[];
}

/**
 * Three levels of a book on consecutive price steps: the last price is the best bid or the best ask. Levels beyond
 * the day's limits are absent.
 */
export function bookAround(
  price: number,
  { floor, ceiling }: { readonly floor: number; readonly ceiling: number },
  random: () => number,
): SimulatedBook {
  const isBid = random() < 0.5;
  const bids = levels(isBid ? price : nextHosePrice(price, -1), -1, random).filter((level) => level.price >= floor);
  const asks = levels(isBid ? nextHosePrice(price, 1) : price, 1, random).filter((level) => level.price <= ceiling);
  return { bids, asks };
}

function levels(best: number, direction: 1 | -1, random: () => number): PriceLevel[] {
  let price = best;
  return Array.from({ length: LEVELS }, () => {
    const level = { price, quantity: ROUND_LOT * (1 + Math.floor(LARGEST_OFFER * random() ** 2)) };
    price = nextHosePrice(price, direction);
    return level;
  });
}
