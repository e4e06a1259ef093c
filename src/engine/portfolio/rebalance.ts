import { WorkbenchError } from "../errors.js";
import type { OrderSide } from "../trading/order.js";
import { wholeLots } from "./position-size.js";
import { requireLongOnlyWeights, type SymbolWeight } from "./weight.js";

/** Money and prices in major units of one currency, quantities in whole shares. */
export interface RebalanceOptions {
  readonly weights: readonly SymbolWeight[];
  readonly positions: readonly { readonly symbol: string; readonly quantity: number }[];
  readonly prices: ReadonlyMap<string, number>;
  readonly cash: number;
  /** Share of the equity that stays cash. */
  readonly cashReserve: number;
  /** Changes smaller than this share of the equity are left alone. */
  readonly band: number;
  readonly lotSize: number;
  /** Whether positions without a target are sold. */
  readonly sellOthers: boolean;
}

export interface RebalanceOrder {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: number;
  readonly price: number;
  readonly heldQuantity: number;
  readonly targetWeight: number;
}

export interface Rebalance {
  /** Sells first, then buys, each by symbol. */
  readonly orders: readonly RebalanceOrder[];
  readonly equity: number;
}

/**
 * The orders that bring positions to long-only target weights. The target of a symbol is
 * weight × (1 − reserve) × equity / price, equity = cash + Σ quantity × price; the order is the difference to what is
 * held, towards zero in whole lots. A position whose target is 0 is closed with its odd rest. Buys are cut, largest
 * first served, to the cash that is there after the sells, so that filled at these prices they never overdraw it.
 * @throws ARGUMENT_INVALID for a price that is missing or not positive, weights below 0, doubled or above 1 in all, a
 * short position, or no equity
 */
export function rebalance(options: RebalanceOptions): Rebalance {
  const { weights, positions, cash, cashReserve, lotSize, sellOthers } = options;
  requireLongOnlyWeights(weights);
  const held = new Map(positions.map(({ symbol, quantity }) => [symbol, quantity]));
  let equity = cash;
  for (const [symbol, quantity] of held) {
    if (quantity < 0) throw invalid(`position of ${symbol}`, quantity, "long positions");
    equity += quantity * priceOf(options, symbol);
  }
  if (!(equity > 0 && equity < Infinity)) throw invalid("equity", equity, "above 0");

  const targets = new Map(weights.map(({ symbol, weight }) => [symbol, weight]));
  if (sellOthers) for (const symbol of held.keys()) if (!targets.has(symbol)) targets.set(symbol, 0);
  const changes = [...targets].map(([symbol, targetWeight]) => {
    const price = priceOf(options, symbol);
    const heldQuantity = held.get(symbol) ?? 0;
    const target = wholeLots((targetWeight * (1 - cashReserve) * equity) / price, lotSize);
    return {
      symbol,
      price,
      heldQuantity,
      targetWeight,
      change: changeOf(heldQuantity, target, price, equity, options),
    };
  });
  const sells = changes.filter(({ change }) => change < 0);
  const cashAfterSells = sells.reduce((sum, { change, price }) => sum - change * price, cash);
  const buys = affordable(
    changes.filter(({ change }) => change > 0),
    cashAfterSells,
    lotSize,
  );
  return { orders: [...sells, ...buys].map(orderOf).sort(sellsFirst), equity };
}

function changeOf(
  heldQuantity: number,
  target: number,
  price: number,
  equity: number,
  { band, lotSize }: RebalanceOptions,
): number {
  if (target === 0) return heldQuantity === 0 ? 0 : -heldQuantity;
  const change = target - heldQuantity;
  if (Math.abs(change) * price < band * equity) return 0;
  return Math.sign(change) * wholeLots(Math.abs(change), lotSize);
}

interface Change extends Omit<RebalanceOrder, "side" | "quantity"> {
  /** Above 0 to buy, below 0 to sell. */
  readonly change: number;
}

function affordable(buys: readonly Change[], cash: number, lotSize: number): Change[] {
  let left = cash;
  return [...buys]
    .sort((a, b) => b.change * b.price - a.change * a.price)
    .map((buy) => {
      const change = Math.min(buy.change, wholeLots(left / buy.price, lotSize));
      left -= change * buy.price;
      return { ...buy, change };
    })
    .filter(({ change }) => change > 0);
}

function orderOf({ change, ...rest }: Change): RebalanceOrder {
  return { ...rest, side: change > 0 ? "buy" : "sell", quantity: Math.abs(change) };
}

function sellsFirst(a: RebalanceOrder, b: RebalanceOrder): number {
  if (a.side !== b.side) return a.side === "sell" ? -1 : 1;
  return a.symbol < b.symbol ? -1 : 1;
}

function priceOf({ prices }: RebalanceOptions, symbol: string): number {
  const price = prices.get(symbol);
  if (price !== undefined && price > 0 && price < Infinity) return price;
  throw invalid(`price of ${symbol}`, price ?? "unknown", "a number above 0");
}

function invalid(field: string, value: number | string, accepted: string): WorkbenchError {
  return new WorkbenchError("ARGUMENT_INVALID", `invalid ${field}: ${value} (accepted: ${accepted})`);
}
