import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exchangeConventions } from "../../src/engine/market-data/exchange-conventions.js";
import type { Instrument } from "../../src/engine/market-data/instrument.js";
import { instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import type { OrderRequest } from "../../src/engine/trading/order.js";
import { type EpochMs, epochMs } from "../../src/engine/units/epoch-ms.js";
import { currencyCode } from "../../src/engine/units/money.js";
import type { Broker, PortfolioSource } from "../../src/engine/workflow/node-services.js";
import type { IdempotencyKey } from "../../src/engine/workflow/workflow-ids.js";

/** Daily closes, known from 14:45 in Ho Chi Minh City on. */
export const BROKER_CLOSES = [
  { symbol: "FPT", date: "2026-03-02", close: 85_000 },
  { symbol: "FPT", date: "2026-03-03", close: 86_000 },
  { symbol: "HPG", date: "2026-03-02", close: 28_050 },
  { symbol: "VNINDEX", date: "2026-03-02", close: 1_300 },
  { symbol: "DCE.I", date: "2026-03-02", close: 800 },
] as const;

export const BROKER_INSTRUMENTS: readonly Instrument[] = [
  instrument("FPT", "HOSE", "equity"),
  instrument("HPG", "HOSE", "equity"),
  instrument("VIC", "HOSE", "equity"),
  instrument("VNINDEX", "HOSE", "index"),
  instrument("DCE.I", "DCE", "commodity-future"),
];

export const BROKER_CASH = 1_000_000_000;
export const BROKER_NOW = at("2026-03-03T09:00:00Z");

export interface BrokerUnderTest {
  readonly broker: Broker & PortfolioSource;
  dispose(): Promise<void>;
}

const never = new AbortController().signal;
const MORNING = at("2026-03-03T03:00:00Z");
const EVENING = at("2026-03-03T08:00:00Z");
const order = (changes: Partial<OrderRequest> = {}): OrderRequest => ({
  symbol: "FPT",
  side: "buy",
  quantity: 200,
  kind: { kind: "market" },
  riskProfile: "default",
  reason: "the fast average crossed the slow one",
  requestedAtMs: MORNING,
  ...changes,
});
const limit = (limitPrice: number) => ({ kind: { kind: "limit", limitPrice } }) as const;
const key = (name: string) => `workflow:1:cron:${name}` as IdempotencyKey;
const closing = { symbol: "FPT", riskProfile: "default", reason: "stop", requestedAtMs: MORNING };

/** What every paper broker does, over the market above with `BROKER_CASH` dong. */
export function brokerSuite(name: string, open: () => Promise<BrokerUnderTest>): void {
  describe(`Broker: ${name}`, () => {
    let test: BrokerUnderTest;
    let broker: BrokerUnderTest["broker"];
    beforeEach(async () => {
      test = await open();
      broker = test.broker;
    });
    afterEach(() => test.dispose());

    const place = (changes: Partial<OrderRequest> = {}, name = "a") => broker.place(order(changes), key(name), never);
    const positions = async (asOfMs = BROKER_NOW) => (await broker.positions(asOfMs, never)).positions;

    it("fills at the last price known when the order was requested, never a later one", async () => {
      expect(await place()).toMatchObject({ state: "filled", fillPrice: 85_000, filledQuantity: 200, atMs: MORNING });
      expect(await place({ requestedAtMs: EVENING }, "b")).toMatchObject({ fillPrice: 86_000, atMs: EVENING });
    });

    it("reports the order under its key, in the currency of the account", async () => {
      expect(await place()).toEqual({
        orderId: expect.stringMatching(/^paper-[0-9a-f]{24}$/),
        idempotencyKey: key("a"),
        symbol: "FPT",
        side: "buy",
        quantity: 200,
        state: "filled",
        filledQuantity: 200,
        fillPrice: 85_000,
        currency: "VND",
        atMs: MORNING,
      });
    });

    it("answers a repeated key with the first order, whatever comes with it", async () => {
      const first = await place();
      expect(await place({ quantity: 900, requestedAtMs: EVENING })).toEqual(first);
      expect(await positions()).toEqual([{ symbol: "FPT", quantity: 200, averagePrice: 85_000 }]);
    });

    it("makes one order of twenty requests with one key at once", async () => {
      const reports = await Promise.all(Array.from({ length: 20 }, () => place()));
      expect(new Set(reports.map((report) => JSON.stringify(report))).size).toBe(1);
      expect(await positions()).toMatchObject([{ quantity: 200 }]);
    });

    it("makes an order of each key", async () => {
      await Promise.all(["a", "b", "c"].map((name) => place({}, name)));
      expect(await positions()).toMatchObject([{ quantity: 600 }]);
    });

    it.each<[string, Partial<OrderRequest>, RegExp]>([
      ["an unknown symbol", { symbol: "NONE" }, /^unknown symbol: NONE/],
      ["a symbol without a price", { symbol: "VIC" }, /^no price of VIC is known by then/],
      ["a symbol whose first price came later", { requestedAtMs: at("2026-03-02T07:44:59Z") }, /^no price of FPT/],
      ["an index", { symbol: "VNINDEX" }, /is not traded: it is an index/],
      ["a contract in another currency", { symbol: "DCE.I", quantity: 1 }, /trades in CNY/],
      ["an odd lot", { quantity: 150 }, /^invalid quantity: 150 .* 100, the round lot of FPT/],
      ["no shares", { quantity: 0 }, /^invalid quantity: 0/],
      ["a fraction of a share", { quantity: 0.5 }, /^invalid quantity: 0.5/],
      ["shares without number", { quantity: Number.NaN }, /^invalid quantity: NaN/],
      ["fewer shares than none", { quantity: -100 }, /^invalid quantity: -100/],
      ["a limit between two prices", limit(85_050), /^invalid limit price: 85050 .* 100, the price step/],
      ["a limit of nothing", limit(0), /^invalid limit price: 0/],
      ["no risk profile", { riskProfile: " " }, /^no risk profile/],
    ])("rejects %s, saying why, and holds nothing", async (_case, changes, reason) => {
      const report = await place(changes);
      expect(report).toMatchObject({ state: "rejected", filledQuantity: 0, reason: expect.stringMatching(reason) });
      expect(await place(changes)).toEqual(report);
      expect(await positions()).toEqual([]);
    });

    it.each([
      ["buy", 85_000, "filled"],
      ["buy", 84_900, "accepted"],
      ["sell", 85_000, "filled"],
      ["sell", 85_100, "accepted"],
    ] as const)("with a limit to %s at %d is %s at the last price of 85,000", async (side, price, state) => {
      expect(await place({ side, ...limit(price) })).toMatchObject({ state });
    });

    it("takes limits in steps of 50 dong below 50,000", async () => {
      expect(await place({ symbol: "HPG", ...limit(28_100) })).toMatchObject({ state: "filled", fillPrice: 28_050 });
    });

    it("cancels an open order, once", async () => {
      const { orderId } = await place(limit(80_000));
      const cancelled = await broker.cancel(orderId, key("cancel"), never);
      expect(cancelled).toMatchObject({
        orderId,
        state: "cancelled",
        atMs: BROKER_NOW,
        reason: "cancelled on request",
      });
      expect(await broker.cancel(orderId, key("cancel"), never)).toEqual(cancelled);
      expect(await broker.cancel(orderId, key("another"), never)).toEqual(cancelled);
      expect(await place(limit(80_000))).toEqual(cancelled);
    });

    it("leaves a filled order as it is when asked to cancel it", async () => {
      const filled = await place();
      expect(await broker.cancel(filled.orderId, key("cancel"), never)).toEqual(filled);
    });

    it("knows no order that was never placed, and keeps nothing of the request", async () => {
      const cancel = () => broker.cancel("paper-0", key("cancel"), never);
      await expect(cancel()).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(cancel()).rejects.toMatchObject({ code: "NOT_FOUND" });
    });

    it("refuses a key that came with another kind of request", async () => {
      const { orderId } = await place();
      await expect(broker.cancel(orderId, key("a"), never)).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
    });

    it("closes what is held, once", async () => {
      await place();
      const report = await broker.close(closing, key("close"), never);
      expect(report).toMatchObject({ side: "sell", quantity: 200, state: "filled", fillPrice: 85_000 });
      expect(await broker.close(closing, key("close"), never)).toEqual(report);
      expect(await broker.close(closing, key("again"), never)).toBeUndefined();
      expect(await positions()).toEqual([]);
    });

    it("sells once when two keys close at the same time", async () => {
      await place();
      const reports = await Promise.all(["x", "y", "z"].map((name) => broker.close(closing, key(name), never)));
      expect(reports.filter((report) => report !== undefined)).toHaveLength(1);
      expect(await positions()).toEqual([]);
    });

    it("buys back what is short", async () => {
      await place({ side: "sell" });
      expect(await positions()).toEqual([{ symbol: "FPT", quantity: -200, averagePrice: 85_000 }]);
      expect(await broker.close(closing, key("close"), never)).toMatchObject({ side: "buy", quantity: 200 });
    });

    it("has nothing to close where nothing is held, and says so again under the same key", async () => {
      expect(await broker.close(closing, key("close"), never)).toBeUndefined();
      await place();
      expect(await broker.close(closing, key("close"), never)).toBeUndefined();
      expect(await positions()).toMatchObject([{ quantity: 200 }]);
    });

    it("counts cash and average prices from the fills until an instant", async () => {
      await place();
      await place({ requestedAtMs: EVENING, quantity: 200 }, "b");
      await place({ requestedAtMs: EVENING, quantity: 100, side: "sell" }, "c");
      expect(await broker.positions(BROKER_NOW, never)).toEqual({
        cashMinor: BROKER_CASH - 200 * 85_000 - 200 * 86_000 + 100 * 86_000,
        currency: "VND",
        positions: [{ symbol: "FPT", quantity: 300, averagePrice: 85_500 }],
      });
      expect(await positions(MORNING)).toEqual([{ symbol: "FPT", quantity: 200, averagePrice: 85_000 }]);
      expect(await positions(epochMs(MORNING - 1))).toEqual([]);
    });

    it("does nothing for a step that is cancelled", async () => {
      const aborted = AbortSignal.abort(new Error("the run was cancelled"));
      await expect(async () => broker.place(order(), key("a"), aborted)).rejects.toMatchObject({ code: "CANCELLED" });
      expect(await positions()).toEqual([]);
    });
  });
}

function at(instant: string): EpochMs {
  return epochMs(Date.parse(instant));
}

function instrument(symbol: string, exchange: string, assetClass: Instrument["assetClass"]): Instrument {
  const { currency, closeTime, closeTimeZone, tickRule, lotSize } = exchangeConventions(exchange)!;
  return {
    symbol: instrumentSymbol(symbol),
    name: symbol,
    ...{ exchange, assetClass, closeTime, closeTimeZone, tickRule, lotSize },
    currency: currencyCode(currency),
    sector: undefined,
    industry: undefined,
    marketCap: undefined,
    marketCapDate: undefined,
  };
}
