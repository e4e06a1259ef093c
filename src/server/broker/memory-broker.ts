import type { OrderReport, OrderRequest } from "../../engine/trading/order.js";
import type { EpochMs } from "../../engine/units/epoch-ms.js";
import type { Broker, PortfolioSource, PortfolioView } from "../../engine/workflow/node-services.js";
import type { IdempotencyKey } from "../../engine/workflow/workflow-ids.js";
import type { PaperRequest, PaperRequestKind } from "../../store/queries/paper-orders.js";
import { throwIfAborted } from "../workflows/services/throw-if-aborted.js";
import { requireSameKind, unknownOrder } from "./broker-errors.js";
import { heldPositions } from "./held-positions.js";
import type { PaperMarket } from "./paper-market.js";
import { closingOrder, type DecidedOrder, decideOrder } from "./paper-order.js";

export interface MemoryBrokerOptions {
  readonly market: PaperMarket;
  readonly startingCash: number;
  readonly nowMs: () => EpochMs;
}

/** The recording paper broker without a store: for tests, and for runs over the past. */
export class MemoryBroker implements Broker, PortfolioSource {
  readonly #options: MemoryBrokerOptions;
  readonly #orders = new Map<string, DecidedOrder>();
  readonly #requests = new Map<string, PaperRequest>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: MemoryBrokerOptions) {
    this.#options = options;
  }

  place(order: OrderRequest, key: IdempotencyKey, signal: AbortSignal): Promise<OrderReport> {
    return this.#once(key, "place", signal, () => this.#record(order, key)).then((report) => report!);
  }

  cancel(orderId: string, key: IdempotencyKey, signal: AbortSignal): Promise<OrderReport> {
    const cancelOpen = async () => {
      const order = this.#orders.get(orderId);
      if (order === undefined) throw unknownOrder(orderId);
      if (order.report.state === "accepted") {
        const atMs = this.#options.nowMs();
        const report: OrderReport = { ...order.report, state: "cancelled", atMs, reason: "cancelled on request" };
        this.#orders.set(orderId, { ...order, report });
      }
      return orderId;
    };
    return this.#once(key, "cancel", signal, cancelOpen).then((report) => report!);
  }

  close(
    order: Omit<OrderRequest, "side" | "quantity" | "kind">,
    key: IdempotencyKey,
    signal: AbortSignal,
  ): Promise<OrderReport | undefined> {
    return this.#once(key, "close", signal, async () => {
      const { positions } = this.#positions(order.requestedAtMs);
      const held = positions.find(({ symbol }) => symbol === order.symbol);
      return held && this.#record(closingOrder(order, held.quantity), key);
    });
  }

  async positions(asOfMs: EpochMs, signal: AbortSignal): Promise<PortfolioView> {
    throwIfAborted(signal);
    return this.#positions(asOfMs);
  }

  /** One request after the other; a key that was seen does nothing again. */
  #once(
    key: IdempotencyKey,
    kind: PaperRequestKind,
    signal: AbortSignal,
    act: () => Promise<string | undefined>,
  ): Promise<OrderReport | undefined> {
    const next = this.#last.then(async () => {
      throwIfAborted(signal);
      const earlier = this.#requests.get(key);
      if (earlier !== undefined) requireSameKind(earlier, kind, key);
      const orderId = earlier === undefined ? await act() : earlier.orderId;
      this.#requests.set(key, { kind, orderId });
      return orderId === undefined ? undefined : this.#orders.get(orderId)!.report;
    });
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #record(request: OrderRequest, key: IdempotencyKey): Promise<string> {
    const order = await decideOrder(request, key, this.#options.market);
    this.#orders.set(order.report.orderId, order);
    return order.report.orderId;
  }

  #positions(asOfMs: EpochMs): PortfolioView {
    const fills = Array.from(this.#orders.values())
      .filter(({ report }) => report.filledQuantity > 0 && report.atMs <= asOfMs)
      .sort((a, b) => a.report.atMs - b.report.atMs)
      .map(({ report: { symbol, side, filledQuantity, fillPrice } }) => ({
        symbol,
        quantity: side === "buy" ? filledQuantity : -filledQuantity,
        price: fillPrice!,
      }));
    return heldPositions(fills, this.#options.startingCash);
  }
}
