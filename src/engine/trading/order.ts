import type { EpochMs } from "../units/epoch-ms.js";

export type OrderSide = "buy" | "sell";

/** What someone wants done. Quantities are whole shares or contracts; prices are in major units of the currency. */
export interface OrderRequest {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: number;
  readonly kind: OrderKind;
  /** The name under which limits are kept: no action without one. */
  readonly riskProfile: string;
  /** For people: what led to it. */
  readonly reason: string;
  readonly requestedAtMs: EpochMs;
}

/** At the last price, or at a price no worse than a limit. */
export type OrderKind = { readonly kind: "market" } | { readonly kind: "limit"; readonly limitPrice: number };

export const ORDER_STATES = ["dry-run", "accepted", "filled", "cancelled", "rejected"] as const;

export type OrderState = (typeof ORDER_STATES)[number];

/** What became of an order. `orderId` is the broker's. */
export interface OrderReport {
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: number;
  readonly state: OrderState;
  /** Shares so far. */
  readonly filledQuantity: number;
  /** Average of the fills, in major units; undefined before the first. */
  readonly fillPrice?: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly atMs: EpochMs;
  /** Why it was rejected or cancelled. */
  readonly reason?: string;
}
