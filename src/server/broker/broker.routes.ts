import { Router } from "express";
import { z } from "zod";
import {
  PAPER_BROKER,
  PAPER_ORDER_LIMITS,
  type PaperOrderAnswer,
  type PaperOrders,
  type WorkflowNotices,
} from "../../contracts/paper-broker.js";
import { SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";
import { ORDER_STATES } from "../../engine/trading/order.js";
import type { Database } from "../../store/database.js";
import { listPaperOrders, type PaperOrder } from "../../store/queries/paper-orders.js";
import { listNotices } from "../../store/queries/workflow-records.js";
import { requireShape } from "../json-body.js";

const LIMIT_ACCEPTED = `accepted: a whole number from 1 to ${PAPER_ORDER_LIMITS.most}`;
const CURSOR_ACCEPTED = "accepted: nextCursor of the page before";

const pageQuery = {
  limit: z
    .string(LIMIT_ACCEPTED)
    .regex(/^\d{1,4}$/, LIMIT_ACCEPTED)
    .transform(Number)
    .pipe(z.number().min(1, LIMIT_ACCEPTED).max(PAPER_ORDER_LIMITS.most, LIMIT_ACCEPTED))
    .default(PAPER_ORDER_LIMITS.default),
  cursor: z
    .string(CURSOR_ACCEPTED)
    .regex(/^\d{1,15}$/, CURSOR_ACCEPTED)
    .transform(Number)
    .optional(),
};
const ordersQuery = z.strictObject({
  ...pageQuery,
  symbol: z.string().regex(SYMBOL_PATTERN, "accepted: 1 to 32 of A-Z 0-9 . - _ ^ =").optional(),
  state: z.enum(ORDER_STATES, `accepted: ${ORDER_STATES.join(", ")}`).optional(),
});
const noticesQuery = z.strictObject(pageQuery);

/** `/api/orders` and `/api/notices`: what workflows ordered and told, the latest recorded first. */
export function brokerRoutes({ database }: { readonly database: Database }): Router {
  const router = Router();
  router.get("/api/orders", async (request, response) => {
    const { limit, cursor: before, symbol, state } = requireShape(ordersQuery, request.query);
    const found = await listPaperOrders(database, { symbol, state, before, limit: limit + 1 });
    const orders = found.slice(0, limit).map(orderAnswer);
    const answer: PaperOrders = { broker: PAPER_BROKER, orders, nextCursor: cursorAfter(orders, found) };
    response.set("Cache-Control", "no-store").json(answer);
  });
  router.get("/api/notices", async (request, response) => {
    const { limit, cursor: before } = requireShape(noticesQuery, request.query);
    const found = await listNotices(database, { before, limit: limit + 1 });
    const notices = found.slice(0, limit).map(({ atMs, incidentId = null, ...notice }) => ({
      ...notice,
      at: new Date(atMs).toISOString(),
      incidentId,
    }));
    const answer: WorkflowNotices = { notices, nextCursor: cursorAfter(notices, found) };
    response.set("Cache-Control", "no-store").json(answer);
  });
  return router;
}

function cursorAfter(page: readonly { readonly number: number }[], found: readonly unknown[]): string | null {
  return found.length > page.length ? String(page.at(-1)!.number) : null;
}

function orderAnswer({
  number,
  dataset,
  request,
  report,
  priceKnownAtMs,
}: PaperOrder & { number: number }): PaperOrderAnswer {
  const { orderId, idempotencyKey, symbol, side, quantity, state, filledQuantity, fillPrice = null, currency } = report;
  const { kind, riskProfile, reason, requestedAtMs } = request;
  return {
    ...{ number, orderId, idempotencyKey, dataset, symbol, side, quantity },
    kind: kind.kind,
    limitPrice: kind.kind === "limit" ? kind.limitPrice : null,
    ...{ riskProfile, reason, state, filledQuantity, fillPrice, currency },
    requestedAt: new Date(requestedAtMs).toISOString(),
    decidedAt: new Date(report.atMs).toISOString(),
    priceKnownAt: priceKnownAtMs === undefined ? null : new Date(priceKnownAtMs).toISOString(),
    decision: report.reason ?? null,
  };
}
