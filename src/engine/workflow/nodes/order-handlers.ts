import type { OrderReport, OrderRequest } from "../../trading/order.js";
import type { NodeHandler, NodeImplementation, StepContext, StepResult } from "../node-handler.js";
import type { IdempotencyKey } from "../workflow-ids.js";
import { orderKindOf, requestsOf, riskProfileOf, sideOf, symbolFor, wholeShares } from "./order-requests.js";
import { invalidInput, optionalNumberAt, ordersAt, signalAt, tableAt } from "./step-inputs.js";
import { activeSignal, aNumber, gives, orders } from "./step-outputs.js";
import { numberOf, textOf } from "./step-parameters.js";

/** Places an order, or says what would become of it. */
type Placement = (order: OrderRequest, key: IdempotencyKey, context: StepContext) => Promise<OrderReport>;

const placed: Placement = (order, key, { services, signal }) => services.broker.place(order, key, signal);

const onlyImagined: Placement = async (order, key, { services, asOfMs, signal }) => {
  const [quote] = await services.marketData.quotes([order.symbol], asOfMs, signal);
  return {
    orderId: `dry-run:${key}`,
    idempotencyKey: key,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity,
    state: "dry-run",
    filledQuantity: 0,
    currency: quote?.currency ?? "XXX",
    atMs: asOfMs,
    reason: order.reason,
  };
};

function placingOne(place: Placement): NodeHandler {
  return async (parameters, inputs, context): Promise<StepResult> => {
    const signal = signalAt(inputs, "signal");
    if (!signal.isActive) return gives({}, { note: `no order: ${signal.reason}` });
    const connected = optionalNumberAt(inputs, "quantity");
    const quantity = wholeShares(connected ?? numberOf(parameters, "quantity"), "quantity");
    const symbol = symbolFor(parameters, signal);
    const side = sideOf(parameters, signal);
    const kind = orderKindOf(parameters, inputs);
    if (quantity === 0) return gives({}, { note: `no order: 0 shares of ${symbol}` });
    const reason = textOf(parameters, "reason") || signal.reason;
    const order = {
      symbol,
      side,
      quantity,
      kind,
      riskProfile: riskProfileOf(context),
      reason,
      requestedAtMs: context.asOfMs,
    };
    const report = await place(order, context.idempotencyKey, context);
    return gives({ report: orders([report]), filled: aNumber(report.filledQuantity) });
  };
}

function placingMany(place: Placement): NodeHandler {
  return async (parameters, inputs, context): Promise<StepResult> => {
    const table = tableAt(inputs, "orders");
    const most = numberOf(parameters, "most");
    if (table.rowCount > most) throw invalidInput("orders", `${table.rowCount} rows`, `at most ${most}`);
    const reports: OrderReport[] = [];
    for (const order of requestsOf(table, context)) {
      const key = `${context.idempotencyKey}:${order.symbol}:${order.side}` as IdempotencyKey;
      reports.push(await place(order, key, context));
    }
    const count = reports.length;
    return gives({ report: orders(reports), count: aNumber(count), done: activeSignal(`${count} orders`) });
  };
}

function cancelling(
  cancel: (order: OrderReport, key: IdempotencyKey, context: StepContext) => Promise<OrderReport>,
): NodeHandler {
  return async (_parameters, inputs, context): Promise<StepResult> => {
    const reports: OrderReport[] = [];
    for (const order of ordersAt(inputs, "orders").filter(({ state }) => state === "accepted")) {
      reports.push(await cancel(order, `${context.idempotencyKey}:${order.orderId}` as IdempotencyKey, context));
    }
    return gives({ report: orders(reports), count: aNumber(reports.length) });
  };
}

type Closing = (
  order: Omit<OrderRequest, "side" | "quantity" | "kind">,
  context: StepContext,
) => Promise<OrderReport | undefined>;

function closing(close: Closing): NodeHandler {
  return async (parameters, inputs, context): Promise<StepResult> => {
    const signal = signalAt(inputs, "signal");
    if (!signal.isActive) return gives({}, { note: `not closed: ${signal.reason}` });
    const symbol = symbolFor(parameters, signal);
    const reason = textOf(parameters, "reason") || signal.reason;
    const order = { symbol, riskProfile: riskProfileOf(context), reason, requestedAtMs: context.asOfMs };
    const report = await close(order, context);
    return report ? gives({ report: orders([report]) }) : gives({}, { note: `nothing held of ${symbol}` });
  };
}

const imaginedClosing: Closing = async (order, context) => {
  const { positions } = await context.services.portfolio.positions(context.asOfMs, context.signal);
  const quantity = positions.find(({ symbol }) => symbol === order.symbol)?.quantity ?? 0;
  if (quantity === 0) return undefined;
  const side = quantity > 0 ? "sell" : "buy";
  const kind = { kind: "market" } as const;
  return onlyImagined({ ...order, side, quantity: Math.abs(quantity), kind }, context.idempotencyKey, context);
};

export const ORDER_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "action.place-order": { run: placingOne(placed), preview: placingOne(onlyImagined) },
  "action.place-orders": { run: placingMany(placed), preview: placingMany(onlyImagined) },
  "action.cancel-order": {
    run: cancelling(({ orderId }, key, { services, signal }) => services.broker.cancel(orderId, key, signal)),
    preview: cancelling(async (order) => ({ ...order, state: "dry-run" })),
  },
  "action.close-position": {
    run: closing((order, { services, signal, idempotencyKey }) => services.broker.close(order, idempotencyKey, signal)),
    preview: closing(imaginedClosing),
  },
};
