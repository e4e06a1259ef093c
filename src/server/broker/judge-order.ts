import type { Instrument } from "../../engine/market-data/instrument.js";
import type { OrderRequest } from "../../engine/trading/order.js";
import type { EpochMs } from "../../engine/units/epoch-ms.js";
import type { KnownQuote } from "../../engine/workflow/node-services.js";
import { isOnStep, priceStep } from "./price-step.js";

/** The currency of the paper account. The dong has no minor unit in use, so minor units are dong. */
export const PAPER_CURRENCY = "VND";

export type Judgement =
  | { readonly kind: "filled"; readonly price: number; readonly priceKnownAtMs: EpochMs }
  /** A limit that the last price does not reach. */
  | { readonly kind: "open" }
  | { readonly kind: "rejected"; readonly reason: string };

/** What the paper broker does with an order, given the last price that was known when it was requested. */
export function judgeOrder(
  order: OrderRequest,
  instrument: Instrument | undefined,
  quote: KnownQuote | undefined,
): Judgement {
  const reason = problemOf(order, instrument);
  if (reason !== undefined) return { kind: "rejected", reason };
  if (quote === undefined || !(quote.price > 0)) {
    return { kind: "rejected", reason: `no price of ${order.symbol} is known by then` };
  }
  const { price, atMs: priceKnownAtMs } = quote;
  return isWithinLimit(order, price) ? { kind: "filled", price, priceKnownAtMs } : { kind: "open" };
}

function isWithinLimit({ kind, side }: OrderRequest, price: number): boolean {
  if (kind.kind === "market") return true;
  return side === "buy" ? price <= kind.limitPrice : price >= kind.limitPrice;
}

function problemOf(order: OrderRequest, instrument: Instrument | undefined): string | undefined {
  const { symbol, quantity, kind, riskProfile } = order;
  if (instrument === undefined) return `unknown symbol: ${symbol.slice(0, 40)} (accepted: a symbol that is stored)`;
  if (instrument.assetClass === "index" || instrument.assetClass === "fx") {
    return `${symbol} is not traded: it is an ${instrument.assetClass === "fx" ? "exchange rate" : "index"}`;
  }
  if (instrument.currency !== PAPER_CURRENCY) {
    return `${symbol} trades in ${instrument.currency} (accepted: ${PAPER_CURRENCY}, the currency of the paper account)`;
  }
  if (riskProfile.trim() === "") return "no risk profile (accepted: the name of one)";
  const lot = instrument.lotSize ?? 1;
  if (!Number.isSafeInteger(quantity) || quantity <= 0 || quantity % lot !== 0) {
    return `invalid quantity: ${quantity} (accepted: a whole multiple of ${lot}, the round lot of ${symbol})`;
  }
  if (kind.kind === "market") return undefined;
  const { limitPrice } = kind;
  if (!Number.isFinite(limitPrice) || limitPrice <= 0) {
    return `invalid limit price: ${limitPrice} (accepted: a number above 0)`;
  }
  const step = priceStep(instrument.tickRule, limitPrice);
  if (step === undefined || isOnStep(limitPrice, step)) return undefined;
  return `invalid limit price: ${limitPrice} (accepted: a multiple of ${step}, the price step of ${symbol} there)`;
}
