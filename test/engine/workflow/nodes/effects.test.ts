import { describe, expect, it } from "vitest";
import type { OrderReport, OrderRequest } from "../../../../src/engine/trading/order.js";
import { epochMs } from "../../../../src/engine/units/epoch-ms.js";
import type { JsonValue } from "../../../../src/engine/workflow/json-value.js";
import type { HttpCall, KnownQuote, NodeServices, Notice } from "../../../../src/engine/workflow/node-services.js";
import type { PortValue } from "../../../../src/engine/workflow/port-value.js";
import { AS_OF_MS, number, outputsOf, runNode, signal, table } from "./run-node.js";

const QUOTE = { reference: NaN, volume: 0, currency: "VND", atMs: AS_OF_MS };
const PRICES: Readonly<Record<string, number>> = { HPG: 25_000, FPT: 100_000 };

/** Remembers what was asked of it. */
function recorder() {
  const placed: [OrderRequest, string][] = [];
  const cancelled: [string, string][] = [];
  const notices: [Notice, string][] = [];
  const written: [string, number][] = [];
  const remembered: unknown[] = [];
  const calls: HttpCall[] = [];
  const reportOf = (order: OrderRequest, key: string): OrderReport => ({
    orderId: `of ${key}`,
    idempotencyKey: key,
    ...{ symbol: order.symbol, side: order.side, quantity: order.quantity, currency: "VND", atMs: AS_OF_MS },
    ...{ state: "filled", filledQuantity: order.quantity, fillPrice: PRICES[order.symbol]! },
  });
  const services = {
    marketData: {
      quotes: async (symbols: readonly string[]): Promise<KnownQuote[]> =>
        symbols.flatMap((symbol) => (PRICES[symbol] ? [{ symbol, price: PRICES[symbol]!, ...QUOTE }] : [])),
    },
    portfolio: {
      positions: async () => ({
        cashMinor: 500_000_000,
        currency: "VND",
        positions: [{ symbol: "HPG", quantity: 20_000, averagePrice: 24_000 }],
      }),
    },
    broker: {
      place: async (order: OrderRequest, key: string) => {
        placed.push([order, key]);
        return reportOf(order, key);
      },
      cancel: async (orderId: string, key: string) => {
        cancelled.push([orderId, key]);
        return { ...reportOf({ symbol: "HPG", side: "buy", quantity: 1 } as OrderRequest, key), state: "cancelled" };
      },
      close: async (order: OrderRequest, key: string) => {
        placed.push([order, key]);
        return order.symbol === "HPG" ? reportOf({ ...order, side: "sell", quantity: 20_000 }, key) : undefined;
      },
    },
    records: {
      notify: async (notice: Notice, key: string) => void notices.push([notice, key]),
      openIncident: async (notice: Notice, key: string) => void notices.push([notice, key]),
      writeTable: async (_id: string, name: string, { rowCount }: { rowCount: number }) => {
        written.push([name, rowCount]);
        return rowCount;
      },
      remember: async (...note: unknown[]) => void remembered.push(note),
    },
    http: {
      request: async (call: HttpCall) => {
        calls.push(call);
        const isMissing = call.url.endsWith("/missing");
        return { status: isMissing ? 404 : 200, contentType: "application/json", text: '[{"a": 1}, {"a": 2}]' };
      },
    },
  } as unknown as NodeServices;
  return { services, placed, cancelled, notices, written, remembered, calls };
}

describe("action.place-order", () => {
  const inputs = { signal: signal({ side: "buy", symbol: "HPG" }), quantity: number(300) };

  it("orders what the signal says, under the key of the step and the risk profile", async () => {
    const { services, placed } = recorder();
    const { report, filled } = await outputsOf("action.place-order", {}, { inputs, services });
    expect(placed).toEqual([
      [
        {
          symbol: "HPG",
          side: "buy",
          quantity: 300,
          kind: { kind: "market" },
          riskProfile: "default",
          reason: "because",
          requestedAtMs: AS_OF_MS,
        },
        "key",
      ],
    ]);
    expect([report, filled]).toEqual([[expect.objectContaining({ state: "filled" })], 300]);
  });

  it("orders with a limit, and refuses one without a price", async () => {
    const { services, placed } = recorder();
    const limit = { kind: "limit", limitPrice: 24_500, side: "sell", symbol: "FPT", reason: "trim" };
    await runNode("action.place-order", limit, { inputs, services });
    expect(placed[0]![0]).toMatchObject({
      symbol: "FPT",
      side: "sell",
      reason: "trim",
      kind: { kind: "limit", limitPrice: 24_500 },
    });
    await expect(runNode("action.place-order", { kind: "limit" }, { inputs, services })).rejects.toMatchObject({
      message: "invalid input limitPrice: 0 (accepted: a price above 0 for a limit order)",
    });
  });

  it("orders nothing for an inactive signal or no shares", async () => {
    const { services, placed } = recorder();
    const inactive = { ...inputs, signal: signal({ isActive: false, side: "buy", symbol: "HPG" }) };
    expect((await runNode("action.place-order", {}, { inputs: inactive, services })).outputs).toEqual({});
    const none = { ...inputs, quantity: number(0) };
    expect((await runNode("action.place-order", {}, { inputs: none, services })).outputs).toEqual({});
    expect(placed).toEqual([]);
  });

  it.each([
    ["quantity", { signal: signal({ side: "buy", symbol: "HPG" }), quantity: number(1.5) }],
    ["quantity", { signal: signal({ side: "buy", symbol: "HPG" }), quantity: number(-100) }],
    ["side", { signal: signal({ symbol: "HPG" }), quantity: number(100) }],
    ["symbol", { signal: signal({ side: "buy" }), quantity: number(100) }],
    ["signal", { signal: number(1), quantity: number(100) }],
  ])("refuses a %s that cannot be, before it orders", async (field, wrong) => {
    const { services, placed } = recorder();
    await expect(runNode("action.place-order", {}, { inputs: wrong, services })).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
      message: expect.stringMatching(new RegExp(`^invalid (input|parameter) ${field}: `)),
    });
    expect(placed).toEqual([]);
  });

  it("says in a dry run what it would have ordered", async () => {
    const { services, placed } = recorder();
    const { report } = await outputsOf("action.place-order", {}, { inputs, services, isPreview: true });
    expect(report).toMatchObject([
      { state: "dry-run", symbol: "HPG", quantity: 300, filledQuantity: 0, currency: "VND" },
    ]);
    expect(placed).toEqual([]);
  });
});

describe("action.place-orders", () => {
  const orders = table(["symbol", "side", "quantity"], ["HPG", "sell", 100], ["FPT", "buy", 200]);

  it("places a row after the other, each under a key of its own", async () => {
    const { services, placed } = recorder();
    expect(await outputsOf("action.place-orders", {}, { inputs: { orders }, services })).toMatchObject({ count: 2 });
    expect(placed.map(([{ symbol, side, quantity }, key]) => [symbol, side, quantity, key])).toEqual([
      ["HPG", "sell", 100, "key:HPG:sell"],
      ["FPT", "buy", 200, "key:FPT:buy"],
    ]);
  });

  it("places none of no rows", async () => {
    const { services } = recorder();
    const none = table(["symbol", "side", "quantity"]);
    expect(await outputsOf("action.place-orders", {}, { inputs: { orders: none }, services })).toMatchObject({
      count: 0,
      report: [],
    });
  });

  it.each([
    ["no symbol in row 1", ["", "buy", 100]],
    ["side hold in row 1", ["FPT", "hold", 100]],
    ["quantity 0 in row 1", ["FPT", "buy", 0]],
    ["quantity 1.5 in row 1", ["FPT", "buy", 1.5]],
    ["quantity 100 in row 1", ["FPT", "buy", "100"]],
    ["a second order to sell HPG in row 1", ["HPG", "sell", 100]],
  ])("refuses %s and places none of the rows", async (problem, row) => {
    const { services, placed } = recorder();
    const wrong = table(["symbol", "side", "quantity"], ["HPG", "sell", 100], row);
    await expect(runNode("action.place-orders", {}, { inputs: { orders: wrong }, services })).rejects.toMatchObject({
      message: expect.stringContaining(`invalid input orders: ${problem} (accepted: `),
    });
    expect(placed).toEqual([]);
  });

  it("refuses more rows than it may", async () => {
    const { services } = recorder();
    await expect(runNode("action.place-orders", { most: 1 }, { inputs: { orders }, services })).rejects.toMatchObject({
      message: "invalid input orders: 2 rows (accepted: at most 1)",
    });
  });
});

describe("action.cancel-order and action.close-position", () => {
  const open = {
    orderId: "o1",
    idempotencyKey: "k",
    symbol: "HPG",
    side: "buy",
    quantity: 1,
    state: "accepted",
  } as const;
  const given: PortValue = {
    type: "order",
    value: [
      { ...open, filledQuantity: 0, currency: "VND", atMs: AS_OF_MS },
      { ...open, orderId: "o2", state: "filled", filledQuantity: 1, currency: "VND", atMs: AS_OF_MS },
    ],
  };

  it("cancels what is open and leaves the rest alone", async () => {
    const { services, cancelled } = recorder();
    expect(await outputsOf("action.cancel-order", {}, { inputs: { orders: given }, services })).toMatchObject({
      count: 1,
    });
    expect(cancelled).toEqual([["o1", "key:o1"]]);
    const preview = await outputsOf(
      "action.cancel-order",
      {},
      { inputs: { orders: given }, services, isPreview: true },
    );
    expect(preview.report).toMatchObject([{ orderId: "o1", state: "dry-run" }]);
    expect(cancelled.length).toBe(1);
  });

  it("closes what is held and gives no report where nothing is", async () => {
    const { services, placed } = recorder();
    const closing = (symbol: string, isPreview = false) =>
      outputsOf("action.close-position", { symbol }, { inputs: { signal: signal() }, services, isPreview });
    expect((await closing("HPG")).report).toMatchObject([{ side: "sell", quantity: 20_000 }]);
    expect(await closing("FPT")).toEqual({});
    expect(placed.length).toBe(2);
    expect((await closing("HPG", true)).report).toMatchObject([{ state: "dry-run", side: "sell", quantity: 20_000 }]);
    expect(await closing("FPT", true)).toEqual({});
    expect(placed.length).toBe(2);
  });
});

describe("records", () => {
  const rows = table(["symbol", "score"], ["HPG", 1], ["FPT", null]);

  it.each(["action.notify", "action.open-incident"])(
    "%s tells title, text and rows, once under its key",
    async (id) => {
      const { services, notices } = recorder();
      const parameters = { title: "Look", text: "Scores:", severity: "critical" };
      await runNode(id, parameters, { inputs: { table: rows }, services });
      const text = "Scores:\nsymbol HPG, score 1\nsymbol FPT";
      expect(notices).toEqual([
        [{ workflowId: "workflow", severity: "critical", title: "Look", text, atMs: AS_OF_MS }, "key"],
      ]);
      const { note } = await runNode(id, parameters, { inputs: {}, services, isPreview: true });
      expect([note, notices.length]).toEqual(["dry run: critical: Look", 1]);
    },
  );

  it("action.notify shows at most twenty rows and says how many more there are", async () => {
    const { services, notices } = recorder();
    const many = table(["n"], ...Array.from({ length: 25 }, (_, row) => [row]));
    await runNode("action.notify", { title: "Many" }, { inputs: { table: many }, services });
    expect(notices[0]![0].text.split("\n").at(-1)).toBe("and 5 rows more");
  });

  it("action.write-table and action.remember leave rows and facts", async () => {
    const { services, written, remembered } = recorder();
    expect(
      await outputsOf("action.write-table", { name: "scores" }, { inputs: { table: rows }, services }),
    ).toMatchObject({
      rows: 2,
    });
    await runNode("action.remember", { text: "seen" }, { inputs: { a: number(3), b: signal() }, services });
    expect(written).toEqual([["scores", 2]]);
    expect(remembered).toEqual([["workflow", "seen", { a: 3, b: "because" }, "key"]]);
    await runNode("action.write-table", { name: "scores" }, { inputs: { table: rows }, services, isPreview: true });
    await runNode("action.remember", { text: "seen" }, { services, isPreview: true });
    expect([written.length, remembered.length]).toEqual([1, 1]);
  });
});

describe("action.call-webhook and data.http", () => {
  it("sends the body with the key of the step, and nothing in a dry run", async () => {
    const { services, calls } = recorder();
    const parameters = { url: "https://example.org/hook", body: '{"a": 1}' };
    expect(await outputsOf("action.call-webhook", parameters, { services })).toMatchObject({ status: 200 });
    expect(calls).toEqual([
      {
        method: "POST",
        url: "https://example.org/hook",
        headers: { "content-type": "application/json", "idempotency-key": "key" },
        body: '{"a": 1}',
      },
    ]);
    const preview = await runNode("action.call-webhook", parameters, { services, isPreview: true });
    expect([preview.outputs, calls.length]).toEqual([{}, 1]);
  });

  it("reads a table out of JSON, and fails on a status of 400 unless told otherwise", async () => {
    const { services } = recorder();
    const { table: read, status } = await outputsOf("data.http", { url: "https://example.org/a" }, { services });
    expect([read, status]).toEqual([{ columns: [{ name: "a", cells: [1, 2] }], rowCount: 2 }, 200]);
    const missing = { url: "https://example.org/missing" };
    await expect(runNode("data.http", missing, { services })).rejects.toMatchObject({
      code: "HTTP_REQUEST_FAILED",
      message: expect.stringContaining("example.org answered 404"),
    });
    expect(await outputsOf("data.http", { ...missing, acceptFailures: true }, { services })).toMatchObject({
      status: 404,
    });
    await expect(runNode("data.http", { ...missing, headers: { a: 1 } }, { services })).rejects.toMatchObject({
      message: 'invalid parameter headers: {"a":1} (accepted: a JSON object of texts)',
    });
  });
});

describe("portfolio nodes that ask for the account", () => {
  it("data.portfolio values positions and leaves an unknown equity out", async () => {
    const { services } = recorder();
    const { positions, cash, equity } = await outputsOf("data.portfolio", {}, { services });
    expect([cash, equity]).toEqual([500_000_000, 1_000_000_000]);
    expect(positions).toMatchObject({ columns: expect.arrayContaining([{ name: "weight", cells: [0.5] }]) });
    const unpriced = { ...services, marketData: { quotes: async () => [] } } as unknown as NodeServices;
    const without = await runNode("data.portfolio", {}, { services: unpriced });
    expect([without.outputs.equity, without.note]).toEqual([undefined, "no price of HPG: the equity is unknown"]);
  });

  it("data.position knows what is held", async () => {
    const { services } = recorder();
    const held = await outputsOf("data.position", { symbol: "HPG" }, { services });
    expect(held).toEqual({ held: true, quantity: 20_000, averagePrice: 24_000 });
    expect(await outputsOf("data.position", { symbol: "FPT" }, { services })).toEqual({ held: false, quantity: 0 });
  });

  it("portfolio.rebalance lists the orders to the target weights", async () => {
    const { services } = recorder();
    const weights = table(["symbol", "weight"], ["FPT", 0.5]);
    const result = await outputsOf("portfolio.rebalance", { cashReserve: 0 }, { inputs: { weights }, services });
    expect(result.orders).toMatchObject({
      columns: [
        { name: "symbol", cells: ["HPG", "FPT"] },
        { name: "side", cells: ["sell", "buy"] },
        { name: "quantity", cells: [20_000, 5_000] },
        { name: "price", cells: [25_000, 100_000] },
        { name: "value", cells: [500_000_000, 500_000_000] },
        { name: "reason", cells: ["from 20000 shares to 0.00%", "from 0 shares to 50.00%"] },
      ],
    });
    expect([result.count, result.turnover]).toEqual([2, 1]);
    const unknown = { inputs: { weights: table(["symbol", "weight"], ["XYZ", 0.5]) }, services };
    await expect(runNode("portfolio.rebalance", {}, unknown)).rejects.toMatchObject({
      message: "invalid price of XYZ: unknown (accepted: a number above 0)",
    });
  });

  it("portfolio.trailing-stop rises with the price, is hit below it and forgets with the position", async () => {
    const { services } = recorder();
    let nodeState: JsonValue | undefined;
    const hits: unknown[] = [];
    for (const price of [100, 120, 111, 110, 100]) {
      const run = {
        inputs: { price: number(price), distance: number(5) },
        services,
        ...(nodeState === undefined ? {} : { nodeState }),
      };
      const result = await runNode("portfolio.trailing-stop", { symbol: "HPG", multiple: 2 }, run);
      nodeState = result.nodeState;
      hits.push([result.outputs.stop?.value, result.outputs.hit?.value]);
    }
    expect(hits).toMatchObject([
      [90, { isActive: false }],
      [110, { isActive: false }],
      [110, { isActive: false }],
      [110, { isActive: true, side: "sell", symbol: "HPG" }],
      [110, { isActive: true }],
    ]);
    const sold = await runNode(
      "portfolio.trailing-stop",
      { symbol: "FPT" },
      { inputs: { price: number(100) }, services, nodeState: { high: 120, stop: 110 } },
    );
    expect([sold.outputs, sold.nodeState]).toEqual([{}, null]);
  });
});

describe("loop.universe", () => {
  const services = { marketData: { universe: async () => ["ACB", "BID"] } } as unknown as NodeServices;
  const itemsOf = async (parameters: Record<string, never[] | string[] | number>, inputs = {}) =>
    (await runNode("loop.universe", parameters as never, { inputs, services })).items;

  it("takes the table before the list before the universe, each symbol once", async () => {
    expect(await itemsOf({})).toEqual(["ACB", "BID"]);
    expect(await itemsOf({ symbols: ["FPT", "FPT", "HPG"] })).toEqual(["FPT", "HPG"]);
    expect(await itemsOf({ symbols: ["FPT"] }, { symbols: table(["symbol"], ["VNM"], ["VNM"]) })).toEqual(["VNM"]);
    expect(await itemsOf({}, { symbols: table(["symbol"]) })).toEqual([]);
  });

  it("fails rather than drop symbols over the limit, and refuses cells that name none", async () => {
    await expect(itemsOf({ limit: 1 })).rejects.toMatchObject({
      message: "invalid input symbols: 2 symbols (accepted: at most the limit, 1)",
    });
    await expect(itemsOf({}, { symbols: table(["symbol"], [3]) })).rejects.toMatchObject({
      message: "invalid input symbols: 3 in row 0 (accepted: a symbol in every row)",
    });
  });
});

describe("triggers", () => {
  const fire = (payload: never, kind = "webhook") => ({
    trigger: { kind, instance: "x", firedAtMs: AS_OF_MS, payload } as never,
  });

  it("trigger.webhook hands its body on as text and as a table", async () => {
    const result = await outputsOf("trigger.webhook", {}, fire([{ a: 1, b: [2] }, "x", { a: null, c: true }] as never));
    expect(result).toMatchObject({
      body: '[{"a":1,"b":[2]},"x",{"a":null,"c":true}]',
      facts: {
        columns: [
          { name: "a", cells: [1, null] },
          { name: "b", cells: ["[2]", null] },
          { name: "c", cells: [null, true] },
        ],
        rowCount: 2,
      },
    });
  });

  it("trigger.cron stays inactive on a holiday, unless started by hand or told not to care", async () => {
    const asOfMs = epochMs(Date.UTC(2024, 3, 30, 3)); // Reunification Day
    const firedOn = async (parameters: Record<string, boolean>, kind = "cron") =>
      Object.keys(await outputsOf("trigger.cron", parameters, { asOfMs, ...fire(null as never, kind) }));
    expect(await firedOn({})).toEqual(["date"]);
    expect(await firedOn({ tradingDaysOnly: false })).toEqual(["fired", "date"]);
    expect(await firedOn({}, "manual")).toEqual(["fired", "date"]);
  });

  it("trigger.price-cross and trigger.candle-close ask the market when the occurrence does not say", async () => {
    const { services } = recorder();
    const crossed = { symbol: "HPG", level: 25_000 };
    expect(
      await outputsOf("trigger.price-cross", crossed, { services, ...fire({ price: 25_100 } as never) }),
    ).toMatchObject({
      price: 25_100,
    });
    expect(await outputsOf("trigger.price-cross", crossed, { services, ...fire(null as never) })).toMatchObject({
      price: 25_000,
    });
    const closed = { marketData: { candles: async () => ({ close: Float64Array.of(7) }) } } as unknown as NodeServices;
    expect(await outputsOf("trigger.candle-close", { symbol: "HPG" }, { services: closed })).toMatchObject({
      close: 7,
    });
  });

  it("trigger.incident and trigger.manual hand on what is known", async () => {
    const known = fire({ title: "feed silent", severity: "critical" } as never, "incident");
    expect(await outputsOf("trigger.incident", {}, known)).toMatchObject({
      title: "feed silent",
      severity: "critical",
    });
    expect(Object.keys(await outputsOf("trigger.incident", {}, fire(null as never, "manual")))).toEqual(["fired"]);
    expect(await outputsOf("trigger.manual", {}, fire({ a: 1 } as never))).toMatchObject({ facts: { rowCount: 1 } });
  });
});
