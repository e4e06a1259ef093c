import { createHash } from "node:crypto";
import type { OrderReport, OrderRequest } from "../../engine/trading/order.js";
import type { EpochMs } from "../../engine/units/epoch-ms.js";
import type { IdempotencyKey } from "../../engine/workflow/workflow-ids.js";
import { judgeOrder, PAPER_CURRENCY } from "./judge-order.js";
import type { PaperMarket } from "./paper-market.js";

export interface DecidedOrder {
  readonly request: OrderRequest;
  readonly report: OrderReport;
  readonly priceKnownAtMs?: EpochMs;
}

/** Judges an order and says what became of it. Its id follows from its key: the same order, the same id. */
export async function decideOrder(
  request: OrderRequest,
  key: IdempotencyKey,
  market: PaperMarket,
): Promise<DecidedOrder> {
  const { symbol, side, quantity, requestedAtMs } = request;
  const instrument = await market.instrument(symbol);
  const quote = instrument && (await market.lastPrice(instrument, requestedAtMs));
  const judgement = judgeOrder(request, instrument, quote);
  const order = {
    orderId: paperOrderId(key),
    idempotencyKey: key,
    ...{ symbol, side, quantity },
    currency: instrument?.currency ?? PAPER_CURRENCY,
    atMs: requestedAtMs,
  };
  switch (judgement.kind) {
    case "filled": {
      const { price: fillPrice, priceKnownAtMs } = judgement;
      return { request, report: { ...order, state: "filled", filledQuantity: quantity, fillPrice }, priceKnownAtMs };
    }
    case "open":
      return { request, report: { ...order, state: "accepted", filledQuantity: 0 } };
    case "rejected":
      return { request, report: { ...order, state: "rejected", filledQuantity: 0, reason: judgement.reason } };
  }
}

/** An order that takes a position back to nothing. */
export function closingOrder(
  order: Omit<OrderRequest, "side" | "quantity" | "kind">,
  heldQuantity: number,
): OrderRequest {
  const side = heldQuantity > 0 ? "sell" : "buy";
  return { ...order, side, quantity: Math.abs(heldQuantity), kind: { kind: "market" } };
}

export function paperOrderId(key: IdempotencyKey): string {
  return `paper-${createHash("sha256").update(key).digest("hex").slice(0, 24)}`;
}
