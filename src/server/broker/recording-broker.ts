import type { Dataset } from "../../engine/market-data/dataset.js";
import type { OrderReport, OrderRequest } from "../../engine/trading/order.js";
import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import type { Broker, PortfolioSource, PortfolioView } from "../../engine/workflow/node-services.js";
import type { IdempotencyKey } from "../../engine/workflow/workflow-ids.js";
import type { Database, DatabaseSession } from "../../store/database.js";
import { activeDataset } from "../../store/queries/data-version.js";
import {
  cancelPaperOrder,
  claimPaperRequest,
  fillPaperOrder,
  listOpenPaperOrders,
  listPaperFills,
  lockPaperAccount,
  type PaperRequestKind,
  readPaperOrder,
  settlePaperRequest,
  storePaperOrder,
} from "../../store/queries/paper-orders.js";
import { throwIfAborted } from "../workflows/services/throw-if-aborted.js";
import { requireSameKind, unknownOrder } from "./broker-errors.js";
import { heldPositions } from "./held-positions.js";
import { judgeOrder } from "./judge-order.js";
import type { PaperMarket } from "./paper-market.js";
import { closingOrder, decideOrder } from "./paper-order.js";

export interface RecordingBrokerOptions {
  readonly database: Database;
  /** The market as one session and dataset know it. */
  readonly market: (session: DatabaseSession, dataset: Dataset) => PaperMarket;
  /** In dong. */
  readonly startingCash: number;
  readonly nowMs: () => number;
}

/**
 * The recording paper broker: no order reaches an exchange. An order is stored under its key and filled at the last
 * price known when it was requested, in one transaction, so that one key is one order whoever asks and however often.
 * Orders of the demo market and of the real one make two accounts.
 */
export class RecordingBroker implements Broker, PortfolioSource {
  readonly #options: RecordingBrokerOptions;

  constructor(options: RecordingBrokerOptions) {
    this.#options = options;
  }

  async place(order: OrderRequest, key: IdempotencyKey, signal: AbortSignal): Promise<OrderReport> {
    const report = await this.#once(key, "place", signal, (session) => this.#record(session, order, key));
    return report!;
  }

  async cancel(orderId: string, key: IdempotencyKey, signal: AbortSignal): Promise<OrderReport> {
    const report = await this.#once(key, "cancel", signal, async (session) => {
      if ((await readPaperOrder(session, orderId)) === undefined) throw unknownOrder(orderId);
      await cancelPaperOrder(session, orderId, { atMs: this.#nowMs(), reason: "cancelled on request" });
      return orderId;
    });
    return report!;
  }

  close(
    order: Omit<OrderRequest, "side" | "quantity" | "kind">,
    key: IdempotencyKey,
    signal: AbortSignal,
  ): Promise<OrderReport | undefined> {
    return this.#once(key, "close", signal, async (session) => {
      const { positions } = await this.#positions(session, order.requestedAtMs);
      const held = positions.find(({ symbol }) => symbol === order.symbol);
      return held && this.#record(session, closingOrder(order, held.quantity), key);
    });
  }

  async positions(asOfMs: EpochMs, signal: AbortSignal): Promise<PortfolioView> {
    throwIfAborted(signal);
    return this.#positions(this.#options.database, asOfMs);
  }

  /** Fills open limit orders that the last price reaches now. Returns how many. */
  async fillReached(): Promise<number> {
    const { database, market } = this.#options;
    const dataset = await activeDataset(database);
    if ((await listOpenPaperOrders(database, dataset)).length === 0) return 0;
    return database.transaction(async (session) => {
      await lockPaperAccount(session);
      const atMs = this.#nowMs();
      const prices = market(session, dataset);
      let filled = 0;
      for (const { request, report } of await listOpenPaperOrders(session, dataset)) {
        const instrument = await prices.instrument(request.symbol);
        const quote = instrument && (await prices.lastPrice(instrument, atMs));
        const judgement = judgeOrder(request, instrument, quote);
        // A price from before the order was judged when it was placed.
        if (judgement.kind !== "filled" || judgement.priceKnownAtMs <= request.requestedAtMs) continue;
        await fillPaperOrder(session, report.orderId, { ...judgement, atMs });
        filled++;
      }
      return filled;
    });
  }

  #once(
    key: IdempotencyKey,
    kind: PaperRequestKind,
    signal: AbortSignal,
    act: (session: DatabaseSession) => Promise<string | undefined>,
  ): Promise<OrderReport | undefined> {
    throwIfAborted(signal);
    return this.#options.database.transaction(async (session) => {
      const earlier = await claimPaperRequest(session, key, kind);
      if (earlier !== undefined) {
        requireSameKind(earlier, kind, key);
        return earlier.orderId === undefined ? undefined : (await readPaperOrder(session, earlier.orderId))!.report;
      }
      await lockPaperAccount(session);
      const orderId = await act(session);
      if (orderId === undefined) return undefined;
      await settlePaperRequest(session, key, orderId);
      return (await readPaperOrder(session, orderId))!.report;
    });
  }

  async #record(session: DatabaseSession, request: OrderRequest, key: IdempotencyKey): Promise<string> {
    const dataset = await activeDataset(session);
    const order = await decideOrder(request, key, this.#options.market(session, dataset));
    await storePaperOrder(session, { dataset, ...order });
    return order.report.orderId;
  }

  async #positions(session: DatabaseSession, asOfMs: EpochMs): Promise<PortfolioView> {
    const fills = await listPaperFills(session, await activeDataset(session), asOfMs);
    return heldPositions(fills, this.#options.startingCash);
  }

  #nowMs(): EpochMs {
    return epochMs(this.#options.nowMs());
  }
}
