import { z } from "zod";
import { ORDER_STATES } from "../engine/trading/order.js";

/** Which broker took the orders: printed wherever an order is shown. */
export const PAPER_BROKER = {
  name: "recording paper broker",
  isPaper: true,
  note: "Orders are recorded and filled at the last known price. None reaches an exchange.",
} as const;

export const PAPER_ORDER_LIMITS = { default: 50, most: 500 } as const;

/** An order of the paper broker as `GET /api/orders` shows it; prices in major units, instants in ISO 8601. */
export const paperOrderSchema = z.object({
  number: z.int(),
  orderId: z.string(),
  idempotencyKey: z.string(),
  dataset: z.enum(["market", "simulated"]),
  symbol: z.string(),
  side: z.enum(["buy", "sell"]),
  quantity: z.number().nullable(),
  kind: z.enum(["market", "limit"]),
  limitPrice: z.number().nullable(),
  riskProfile: z.string(),
  reason: z.string(),
  state: z.enum(ORDER_STATES),
  filledQuantity: z.number(),
  fillPrice: z.number().nullable(),
  currency: z.string(),
  requestedAt: z.iso.datetime(),
  decidedAt: z.iso.datetime(),
  priceKnownAt: z.iso.datetime().nullable(),
  /** Why it was rejected or cancelled. */
  decision: z.string().nullable(),
});

export const paperOrdersSchema = z.object({
  broker: z.object({ name: z.string(), isPaper: z.boolean(), note: z.string() }),
  orders: z.array(paperOrderSchema),
  nextCursor: z.string().nullable(),
});

export const workflowNoticesSchema = z.object({
  notices: z.array(
    z.object({
      number: z.int(),
      workflowId: z.string(),
      severity: z.enum(["info", "warning", "critical"]),
      title: z.string(),
      text: z.string(),
      at: z.iso.datetime(),
      /** The incident that was open of it when it was stored. */
      incidentId: z.int().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

export type PaperOrderAnswer = z.infer<typeof paperOrderSchema>;
export type PaperOrders = z.infer<typeof paperOrdersSchema>;
export type WorkflowNotices = z.infer<typeof workflowNoticesSchema>;
