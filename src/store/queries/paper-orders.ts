import type { Dataset } from "../../engine/market-data/dataset.js";
import type { OrderReport, OrderRequest, OrderSide, OrderState } from "../../engine/trading/order.js";
import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import type { IdempotencyKey } from "../../engine/workflow/workflow-ids.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession, Row } from "../database.js";
import { instantLiteral } from "../sql-literal.js";

/** An order of the paper broker: what was asked, and what became of it. */
export interface PaperOrder {
  readonly dataset: Dataset;
  readonly request: OrderRequest;
  readonly report: OrderReport;
  /** When the price of the fill was known. */
  readonly priceKnownAtMs?: EpochMs;
}

export type PaperRequestKind = "place" | "cancel" | "close";

/** A request that came before under a key. */
export interface PaperRequest {
  readonly kind: PaperRequestKind;
  readonly orderId: string | undefined;
}

/** Paper orders are few and short-lived in the database: one at a time, so that no two see the same position. */
const PAPER_ACCOUNT_LOCK = 7_305_150_267;

/** Waits for whoever has the paper account; ends with the transaction. */
export async function lockPaperAccount(session: DatabaseSession): Promise<void> {
  await session.execute(`SELECT pg_advisory_xact_lock(${PAPER_ACCOUNT_LOCK})`);
}

/** Takes the key; returns what came before under it, if something did. Waits for another who is about to take it. */
export async function claimPaperRequest(
  session: DatabaseSession,
  key: IdempotencyKey,
  kind: PaperRequestKind,
): Promise<PaperRequest | undefined> {
  const claimed = await session.query(
    "INSERT INTO paper_requests (idempotency_key, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1",
    [key, kind],
  );
  if (claimed.length > 0) return undefined;
  const [earlier] = await session.query<{ kind: PaperRequestKind; order_id: string | null }>(
    "SELECT kind, order_id FROM paper_requests WHERE idempotency_key = $1",
    [key],
  );
  return { kind: earlier!.kind, orderId: earlier!.order_id ?? undefined };
}

/** Remembers which order a claimed request was about. */
export async function settlePaperRequest(
  session: DatabaseSession,
  key: IdempotencyKey,
  orderId: string,
): Promise<void> {
  await session.query("UPDATE paper_requests SET order_id = $2 WHERE idempotency_key = $1", [key, orderId]);
}

export async function storePaperOrder(session: DatabaseSession, order: PaperOrder): Promise<void> {
  const { dataset, request, report, priceKnownAtMs } = order;
  await session.query(
    `INSERT INTO paper_orders (id, idempotency_key, simulated, symbol, side, quantity, kind, limit_price, risk_profile,
                               reason, currency, requested_at, state, filled_quantity, fill_price, price_known_at,
                               decided_at, decision)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    [
      report.orderId,
      report.idempotencyKey,
      dataset === "simulated",
      request.symbol,
      request.side,
      request.quantity,
      request.kind.kind,
      request.kind.kind === "limit" ? request.kind.limitPrice : null,
      request.riskProfile,
      request.reason,
      report.currency,
      new Date(request.requestedAtMs),
      report.state,
      report.filledQuantity,
      report.fillPrice ?? null,
      priceKnownAtMs === undefined ? null : new Date(priceKnownAtMs),
      new Date(report.atMs),
      report.reason ?? null,
    ],
  );
}

/** Cancels an order if it is open. */
export async function cancelPaperOrder(
  session: DatabaseSession,
  orderId: string,
  { atMs, reason }: { readonly atMs: EpochMs; readonly reason: string },
): Promise<void> {
  await session.query(
    "UPDATE paper_orders SET state = 'cancelled', decided_at = $2, decision = $3 WHERE id = $1 AND state = 'accepted'",
    [orderId, new Date(atMs), reason],
  );
}

/** Fills an open order whole. */
export async function fillPaperOrder(
  session: DatabaseSession,
  orderId: string,
  { price, atMs, priceKnownAtMs }: { readonly price: number; readonly atMs: EpochMs; readonly priceKnownAtMs: EpochMs },
): Promise<void> {
  await session.query(
    `UPDATE paper_orders SET state = 'filled', filled_quantity = quantity, fill_price = $2, decided_at = $3, price_known_at = $4
      WHERE id = $1 AND state = 'accepted'`,
    [orderId, price, new Date(atMs), new Date(priceKnownAtMs)],
  );
}

/** Whole shares that were bought (above zero) or sold, at what price. */
export interface PaperFill {
  readonly symbol: string;
  readonly quantity: number;
  readonly price: number;
}

/** Fills decided by an instant, in their order. */
export async function listPaperFills(
  session: DatabaseSession,
  dataset: Dataset,
  asOfMs: EpochMs,
): Promise<PaperFill[]> {
  const { rowCount, columns } = await selectColumns(
    session,
    `SELECT symbol, CASE side WHEN 'buy' THEN filled_quantity ELSE -filled_quantity END, fill_price FROM paper_orders
      WHERE simulated = ${dataset === "simulated"} AND filled_quantity > 0 AND decided_at <= ${instantLiteral(asOfMs)}
      ORDER BY decided_at, number`,
    { symbol: "text", quantity: "float8", price: "float8" },
  );
  return Array.from({ length: rowCount }, (_, row) => ({
    symbol: columns.symbol.at(row)!,
    quantity: columns.quantity.values[row]!,
    price: columns.price.values[row]!,
  }));
}

interface PaperOrderRow extends Row {
  readonly number: string;
  readonly id: string;
  readonly idempotency_key: string;
  readonly simulated: boolean;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: number;
  readonly kind: "market" | "limit";
  readonly limit_price: number | null;
  readonly risk_profile: string;
  readonly reason: string;
  readonly currency: string;
  readonly requested_at: Date;
  readonly state: OrderState;
  readonly filled_quantity: number;
  readonly fill_price: number | null;
  readonly price_known_at: Date | null;
  readonly decided_at: Date;
  readonly decision: string | null;
}

export async function readPaperOrder(session: DatabaseSession, orderId: string): Promise<PaperOrder | undefined> {
  const [row] = await session.query<PaperOrderRow>("SELECT * FROM paper_orders WHERE id = $1", [orderId]);
  return row && orderOf(row);
}

/** Open orders of a dataset, oldest first. */
export async function listOpenPaperOrders(session: DatabaseSession, dataset: Dataset): Promise<PaperOrder[]> {
  const rows = await session.query<PaperOrderRow>(
    "SELECT * FROM paper_orders WHERE state = 'accepted' AND simulated = $1 ORDER BY number LIMIT 1000",
    [dataset === "simulated"],
  );
  return rows.map(orderOf);
}

export interface PaperOrderSelection {
  readonly symbol?: string | undefined;
  readonly state?: OrderState | undefined;
  /** Only orders recorded before the one with this number. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The latest recorded first, of every dataset. */
export async function listPaperOrders(
  session: DatabaseSession,
  { symbol, state, before, limit }: PaperOrderSelection,
): Promise<(PaperOrder & { readonly number: number })[]> {
  const rows = await session.query<PaperOrderRow>(
    `SELECT * FROM paper_orders
      WHERE ($1::text IS NULL OR symbol = $1) AND ($2::text IS NULL OR state = $2) AND ($3::bigint IS NULL OR number < $3)
      ORDER BY number DESC LIMIT $4`,
    [symbol ?? null, state ?? null, before ?? null, limit],
  );
  return rows.map((row) => ({ number: Number(row.number), ...orderOf(row) }));
}

function orderOf(row: PaperOrderRow): PaperOrder {
  const { symbol, side, quantity, limit_price: limitPrice } = row;
  return {
    dataset: row.simulated ? "simulated" : "market",
    request: {
      ...{ symbol, side, quantity },
      kind: row.kind === "limit" ? { kind: "limit", limitPrice: limitPrice! } : { kind: "market" },
      riskProfile: row.risk_profile,
      reason: row.reason,
      requestedAtMs: epochMs(row.requested_at.getTime()),
    },
    report: {
      orderId: row.id,
      idempotencyKey: row.idempotency_key,
      ...{ symbol, side, quantity },
      state: row.state,
      filledQuantity: row.filled_quantity,
      ...(row.fill_price === null ? {} : { fillPrice: row.fill_price }),
      currency: row.currency,
      atMs: epochMs(row.decided_at.getTime()),
      ...(row.decision === null ? {} : { reason: row.decision }),
    },
    ...(row.price_known_at === null ? {} : { priceKnownAtMs: epochMs(row.price_known_at.getTime()) }),
  };
}
