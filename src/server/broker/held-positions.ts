import type { PortfolioView } from "../../engine/workflow/node-services.js";
import type { PaperFill } from "../../store/queries/paper-orders.js";
import { PAPER_CURRENCY } from "./judge-order.js";

interface Holding {
  quantity: number;
  averagePrice: number;
}

/**
 * Cash and positions after fills, in their order, from a starting cash in dong. Prices are averaged by cost: what adds
 * to a position moves the average, what lessens it does not, and what turns it begins a new one at its price. No fees
 * and no taxes. Cash may fall below zero.
 */
export function heldPositions(fills: readonly PaperFill[], startingCash: number): PortfolioView {
  const holdings = new Map<string, Holding>();
  let cashMinor = startingCash;
  for (const { symbol, quantity, price } of fills) {
    cashMinor -= quantity * price;
    const held = holdings.get(symbol) ?? { quantity: 0, averagePrice: 0 };
    const after = held.quantity + quantity;
    const isAdding = held.quantity * quantity >= 0;
    const hasTurned = held.quantity * after < 0;
    if (isAdding) held.averagePrice = (held.averagePrice * held.quantity + price * quantity) / after;
    else if (hasTurned) held.averagePrice = price;
    held.quantity = after;
    if (after === 0) holdings.delete(symbol);
    else holdings.set(symbol, held);
  }
  const positions = Array.from(holdings, ([symbol, holding]) => ({ symbol, ...holding }));
  positions.sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  return { cashMinor: Math.round(cashMinor), currency: PAPER_CURRENCY, positions };
}
