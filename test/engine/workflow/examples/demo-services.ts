import { WorkbenchError } from "../../../../src/engine/errors.js";
import type { CandleSeries } from "../../../../src/engine/market-data/candle-columns.js";
import { closingOffsets } from "../../../../src/engine/market-data/closing-offset.js";
import { inferInstrumentConventions } from "../../../../src/engine/market-data/instrument-conventions.js";
import { instrumentSymbol } from "../../../../src/engine/market-data/instrument-symbol.js";
import { PLANTED_LEAD_LAGS } from "../../../../src/engine/simulated-market/planted-lead-lags.js";
import { simulateMarket } from "../../../../src/engine/simulated-market/simulate-market.js";
import { SIMULATED_SHARES } from "../../../../src/engine/simulated-market/simulated-shares.js";
import type { OrderReport, OrderRequest } from "../../../../src/engine/trading/order.js";
import type { EpochMs } from "../../../../src/engine/units/epoch-ms.js";
import type { TradingDate } from "../../../../src/engine/units/trading-date.js";
import type { KnownQuote, NewsItem, NodeServices, Notice } from "../../../../src/engine/workflow/node-services.js";
import type { TableValue } from "../../../../src/engine/workflow/port-value.js";

/** The demo market by symbol, as it was on a date. */
export interface DemoMarket {
  readonly daily: ReadonlyMap<string, CandleSeries>;
  readonly tradingDaysMs: Float64Array;
}

export function demoMarket(endDate: string): DemoMarket {
  const { daily, instruments, tradingDaysMs } = simulateMarket({ endDate: endDate as TradingDate, minuteDays: 0 });
  const bySymbol = new Map<string, CandleSeries>();
  for (const { symbol } of instruments) {
    const code = daily.symbols.indexOf(symbol);
    bySymbol.set(symbol, rowsOf(daily, daily.symbolCodes.indexOf(code), daily.symbolCodes.lastIndexOf(code) + 1));
  }
  return { daily: bySymbol, tradingDaysMs };
}

function rowsOf(all: CandleSeries, first: number, afterLast: number): CandleSeries {
  const column = (values: Float64Array) => values.slice(first, afterLast);
  return {
    length: afterLast - first,
    openedAtMs: column(all.openedAtMs),
    open: column(all.open),
    high: column(all.high),
    low: column(all.low),
    close: column(all.close),
    volume: column(all.volume),
  };
}

/** The last candles whose close was known by an instant. */
function closedBy({ daily }: DemoMarket, symbol: string, asOfMs: number, count: number): CandleSeries {
  const candles = daily.get(symbol);
  if (!candles) throw new WorkbenchError("SYMBOL_UNKNOWN", `unknown symbol: ${symbol}`);
  const { closeTime = "17:00", closeTimeZone = "America/New_York" } = inferInstrumentConventions(
    instrumentSymbol(symbol),
  );
  const { latestMs } = closingOffsets({ closeTime, closeTimeZone });
  const afterLast = candles.openedAtMs.findLastIndex((openedAtMs) => openedAtMs + latestMs <= asOfMs) + 1;
  return rowsOf(candles, Math.max(0, afterLast - count), afterLast);
}

/** What a workflow did to the outside, and an account that fills orders at the last close. */
export class DemoServices implements NodeServices {
  readonly orders: OrderRequest[] = [];
  readonly notices: Notice[] = [];
  readonly memories: string[] = [];
  readonly tables = new Map<string, TableValue[]>();
  readonly news = new Map<string, readonly NewsItem[]>();
  readonly held = new Map<string, { quantity: number; averagePrice: number }>();
  cash = 1_000_000_000;
  readonly #reports = new Map<string, OrderReport>();

  constructor(private readonly market: DemoMarket) {}

  readonly marketData: NodeServices["marketData"] = {
    candles: async ({ symbol, interval, count, asOfMs }) => {
      if (interval !== "1d") throw new WorkbenchError("INTERVAL_INVALID", `no ${interval} candles here`);
      return closedBy(this.market, symbol, asOfMs, count);
    },
    quotes: async (symbols, asOfMs) => symbols.flatMap((symbol) => this.#quote(symbol, asOfMs)),
    universe: async (name) => {
      if (name === "VN30") return SIMULATED_SHARES.map(({ symbol }) => symbol).sort();
      throw new WorkbenchError("ARGUMENT_INVALID", `unknown universe: ${name}`);
    },
    phase: async () => "continuous",
  };

  readonly portfolio: NodeServices["portfolio"] = {
    positions: async () => ({
      cashMinor: this.cash,
      currency: "VND",
      positions: [...this.held].map(([symbol, position]) => ({ symbol, ...position })),
    }),
  };

  readonly studies: NodeServices["studies"] = {
    exposure: async () => ({
      columns: [
        { name: "factor", cells: ["DCE.I", "DCE.JM"] },
        { name: "exposure", cells: [-0.3, -0.2] },
        { name: "low", cells: [-0.5, -0.4] },
        { name: "high", cells: [-0.1, 0] },
      ],
      rowCount: 2,
    }),
    leadLag: async (source, target, asOfMs) => {
      const planted = PLANTED_LEAD_LAGS.find((each) => each.source === source && each.target === target);
      if (!planted) return undefined;
      const { lagDays, correlation } = planted;
      return { verdict: "lead-found", lagDays, correlation, p: 0.001, q: 0.007, studiedAtMs: asOfMs };
    },
  };

  readonly documents: NodeServices["documents"] = {
    file: async (name) => unreachable(`file ${name}`),
    query: async () => unreachable("SQL"),
  };
  readonly http: NodeServices["http"] = { request: async ({ url }) => unreachable(url) };

  readonly models: NodeServices["models"] = {
    predict: async (model) => unreachable(model),
    news: async (symbol, windowMs, asOfMs) =>
      (this.news.get(symbol) ?? []).filter(
        ({ publishedAtMs }) => publishedAtMs <= asOfMs && publishedAtMs > asOfMs - windowMs,
      ),
  };

  readonly broker: NodeServices["broker"] = {
    place: async (order, key) => this.#fill(order, key),
    cancel: async (orderId) => unreachable(orderId),
    close: async (order, key) => {
      const quantity = this.held.get(order.symbol)?.quantity ?? 0;
      if (quantity === 0) return this.#reports.get(key);
      return this.#fill({ ...order, side: "sell", quantity, kind: { kind: "market" } }, key);
    },
  };

  readonly records: NodeServices["records"] = {
    notify: async (notice) => void this.notices.push(notice),
    openIncident: async (notice) => void this.notices.push(notice),
    writeTable: async (_workflowId, name, table) => {
      this.tables.set(name, [...(this.tables.get(name) ?? []), table]);
      return table.rowCount;
    },
    remember: async (_workflowId, text) => void this.memories.push(text),
  };

  #quote(symbol: string, asOfMs: EpochMs): KnownQuote[] {
    const { close, volume, length, openedAtMs } = closedBy(this.market, symbol, asOfMs, 2);
    if (length === 0) return [];
    const last = { price: close[length - 1]!, reference: close[length - 2] ?? NaN, volume: volume[length - 1]! };
    return [{ symbol, ...last, currency: "VND", atMs: openedAtMs[length - 1]! as EpochMs }];
  }

  #fill(order: OrderRequest, key: string): OrderReport {
    const before = this.#reports.get(key);
    if (before) return before;
    const { symbol, side, quantity } = order;
    const fillPrice = this.#quote(symbol, order.requestedAtMs)[0]!.price;
    const sign = side === "buy" ? 1 : -1;
    const position = this.held.get(symbol)?.quantity ?? 0;
    this.cash -= sign * quantity * fillPrice;
    this.held.set(symbol, { quantity: position + sign * quantity, averagePrice: fillPrice });
    this.orders.push(order);
    const report: OrderReport = {
      orderId: `order-${this.orders.length}`,
      idempotencyKey: key,
      ...{ symbol, side, quantity, state: "filled", filledQuantity: quantity, fillPrice, currency: "VND" },
      atMs: order.requestedAtMs,
    };
    this.#reports.set(key, report);
    return report;
  }
}

function unreachable(what: string): never {
  throw new WorkbenchError("NOT_FOUND", `${what} is not part of the demo`);
}
