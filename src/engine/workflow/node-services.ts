import type { SessionPhase } from "../live-market/session-phase.js";
import type { CandleSeries } from "../market-data/candle-columns.js";
import type { CandleInterval } from "../market-data/candle-interval.js";
import type { OrderReport, OrderRequest } from "../trading/order.js";
import type { EpochMs } from "../units/epoch-ms.js";
import type { JsonValue } from "./json-value.js";
import type { TableValue } from "./port-value.js";
import type { IdempotencyKey, WorkflowId } from "./workflow-ids.js";

/** What nodes may reach outside the graph. A run on the live market and a run over the past bring different ones. */
export interface NodeServices {
  readonly marketData: MarketDataSource;
  readonly portfolio: PortfolioSource;
  readonly studies: StudySource;
  readonly documents: DocumentSource;
  readonly http: HttpSource;
  readonly models: ModelSource;
  readonly broker: Broker;
  readonly records: RecordSink;
}

/** Prices and calendars, as they were known at an instant. */
export interface MarketDataSource {
  /** The last `count` candles that had closed by `asOfMs`, ascending. @throws SYMBOL_UNKNOWN */
  candles(request: CandleRequest, signal: AbortSignal): Promise<CandleSeries>;
  /** The last known quotes by `asOfMs`; symbols without one are left out. */
  quotes(symbols: readonly string[], asOfMs: EpochMs, signal: AbortSignal): Promise<readonly KnownQuote[]>;
  /** Symbols of `VN30`, of an exchange such as `HOSE`, or of a sector, alphabetically. @throws ARGUMENT_INVALID */
  universe(name: string, asOfMs: EpochMs, signal: AbortSignal): Promise<readonly string[]>;
  /** What the market of an exchange was doing. */
  phase(exchange: string, atMs: EpochMs): Promise<SessionPhase>;
}

export interface CandleRequest {
  readonly symbol: string;
  readonly interval: CandleInterval;
  readonly count: number;
  readonly asOfMs: EpochMs;
}

/** Prices in major units of the currency, volume in shares. */
export interface KnownQuote {
  readonly symbol: string;
  readonly price: number;
  /** The price that changes are measured from; `NaN` where unknown. */
  readonly reference: number;
  readonly volume: number;
  readonly currency: string;
  readonly atMs: EpochMs;
}

/** Positions of the account that workflows trade. */
export interface PortfolioSource {
  positions(asOfMs: EpochMs, signal: AbortSignal): Promise<PortfolioView>;
}

export interface PortfolioView {
  /** In minor units of `currency`. */
  readonly cashMinor: number;
  readonly currency: string;
  readonly positions: readonly HeldPosition[];
}

export interface HeldPosition {
  readonly symbol: string;
  /** Whole shares; below zero when short. */
  readonly quantity: number;
  /** Average price paid, in major units. */
  readonly averagePrice: number;
}

/** What the workbench has studied. */
export interface StudySource {
  /** What a symbol depends on in the value chain: `factor`, `exposure`, `low`, `high`. @throws ARGUMENT_INVALID */
  exposure(symbol: string, asOfMs: EpochMs, signal: AbortSignal): Promise<TableValue>;
  /** The latest stored study of a pair that was made by `asOfMs`, if there is one. */
  leadLag(source: string, target: string, asOfMs: EpochMs, signal: AbortSignal): Promise<LeadLagFinding | undefined>;
}

export interface LeadLagFinding {
  readonly verdict: string;
  /** Days by which the source leads; undefined when no lead was found. */
  readonly lagDays?: number;
  readonly correlation: number;
  readonly p: number;
  readonly q: number;
  readonly studiedAtMs: EpochMs;
}

/** Tables: files of the workbench's folder of inputs, and SQL over the data of the pages. */
export interface DocumentSource {
  /** A CSV, JSON, Arrow or Parquet file by its name within the folder of inputs. @throws FILE_NOT_FOUND */
  file(name: string, signal: AbortSignal): Promise<TableValue>;
  /** One statement that reads. @throws REQUEST_INVALID for any other */
  query(sql: string, asOfMs: EpochMs, signal: AbortSignal): Promise<TableValue>;
}

/** Requests to hosts that the configuration allows. @throws REQUEST_FORBIDDEN for any other */
export interface HttpSource {
  request(request: HttpCall, signal: AbortSignal): Promise<HttpAnswer>;
}

export interface HttpCall {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Predictions of registered models, and the tone of texts. */
export interface ModelSource {
  /** @throws NOT_FOUND for an unknown model, ARGUMENT_INVALID for features it was not trained on */
  predict(model: string, features: Readonly<Record<string, number>>, signal: AbortSignal): Promise<number>;
  /** Texts about a symbol that were published in a window that ends at `asOfMs`, newest first. */
  news(symbol: string, windowMs: number, asOfMs: EpochMs, signal: AbortSignal): Promise<readonly NewsItem[]>;
}

export interface NewsItem {
  readonly publishedAtMs: EpochMs;
  readonly title: string;
  readonly source: string;
}

/** Takes orders. The same key is the same order: it is answered with what became of the first. */
export interface Broker {
  place(order: OrderRequest, key: IdempotencyKey, signal: AbortSignal): Promise<OrderReport>;
  /** Cancels what is open. @throws NOT_FOUND */
  cancel(orderId: string, key: IdempotencyKey, signal: AbortSignal): Promise<OrderReport>;
  /** Sells what is held of a symbol, or buys back what is short; undefined when nothing is held. */
  close(
    order: Omit<OrderRequest, "side" | "quantity" | "kind">,
    key: IdempotencyKey,
    signal: AbortSignal,
  ): Promise<OrderReport | undefined>;
}

/** What workflows leave for people and for later. The same key is the same record. */
export interface RecordSink {
  notify(notice: Notice, key: IdempotencyKey): Promise<void>;
  openIncident(notice: Notice, key: IdempotencyKey): Promise<void>;
  /** Appends rows to a table of workflow results. Returns the rows that are new. */
  writeTable(workflowId: WorkflowId, name: string, table: TableValue, key: IdempotencyKey): Promise<number>;
  remember(
    workflowId: WorkflowId,
    text: string,
    facts: Readonly<Record<string, JsonValue>>,
    key: IdempotencyKey,
  ): Promise<void>;
}

export interface Notice {
  readonly workflowId: WorkflowId;
  readonly severity: "info" | "warning" | "critical";
  readonly title: string;
  readonly text: string;
  readonly atMs: EpochMs;
}
