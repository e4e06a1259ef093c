import { WorkbenchError } from "../../engine/errors.js";
import type { Board } from "../../engine/live-market/board.js";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";
import { type DnsePayload, isPayload, numberFrom, present } from "../dnse/payload-fields.js";
import { SYMBOL_FIELDS } from "../dnse/read-tick.js";
import type { DnseOpenApiSettings } from "../feeds-settings.js";
import { createSignedRequests, type RequestDependencies } from "./signed-requests.js";

export const CANDLE_RESOLUTIONS = ["1", "3", "5", "15", "30", "1H", "1D", "1W"] as const;

export type CandleResolution = (typeof CANDLE_RESOLUTIONS)[number];

export interface CandleQuery {
  readonly symbol: InstrumentSymbol;
  readonly type: "STOCK" | "DERIVATIVE" | "INDEX";
  readonly resolution: CandleResolution;
  /** Both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly signal: AbortSignal;
}

export interface TradePageQuery {
  readonly symbol: InstrumentSymbol;
  readonly board: Board;
  readonly fromS: number;
  readonly toS: number;
  readonly pageToken: string | undefined;
  readonly signal: AbortSignal;
}

export interface TradePage {
  readonly rows: readonly unknown[];
  /** `undefined` after the last page. */
  readonly nextPageToken: string | undefined;
}

/** The broker's requests, with their replies as they come. @throws FEED_REFUSED, FEED_REQUEST_FAILED, CANCELLED */
export interface DnseRestClient {
  /** The definitions of one symbol, one a board. */
  definitions(symbol: InstrumentSymbol, signal: AbortSignal): Promise<readonly unknown[]>;
  tradePage(query: TradePageQuery): Promise<TradePage>;
  /** One reply of candles, with the time of the candle after them; 0 after the last. */
  candlePage(
    query: Omit<CandleQuery, "fromMs" | "toMs"> & { readonly fromS: number; readonly toS: number },
  ): Promise<{ readonly columns: DnsePayload; readonly nextTimeS: number }>;
  /** `YYYY-MM-DD`, as the broker gives them. */
  workingDates(signal: AbortSignal): Promise<readonly string[]>;
  instruments(signal: AbortSignal): Promise<readonly DnsePayload[]>;
  /** Symbols of shares, funds, warrants and derivatives among the instruments. */
  symbols(signal: AbortSignal): Promise<readonly InstrumentSymbol[]>;
}

const TRADES_PER_PAGE = 1_000;
const INSTRUMENTS_PER_PAGE = 100;
const MOST_INSTRUMENT_PAGES = 200;
const FOLLOWED_MARKETS = /(?:^|_)(?:STO|STX|UPX|DVX|[3678])$/;

export function createDnseRestClient(settings: DnseOpenApiSettings, dependencies: RequestDependencies): DnseRestClient {
  const send = createSignedRequests(settings.restUrl, settings, dependencies);

  async function instruments(signal: AbortSignal): Promise<readonly DnsePayload[]> {
    const found = new Map<string, DnsePayload>();
    for (let page = 1; page <= MOST_INSTRUMENT_PAGES; page++) {
      const query = { limit: INSTRUMENTS_PER_PAGE, page };
      const body = await send({ path: "/instruments", endpoint: "/instruments", query, signal });
      const rows = rowsOf(body, ["instruments", "data"]).filter(isPayload);
      const before = found.size;
      for (const row of rows) found.set(String(present(row, SYMBOL_FIELDS)), row);
      // A server that knows no pages gives the same rows again.
      if (rows.length < INSTRUMENTS_PER_PAGE || found.size === before) break;
    }
    return [...found.values()];
  }

  return {
    definitions: async (symbol, signal) => {
      const path = `/price/${encodeURIComponent(symbol)}/secdef`;
      const body = await send({ path, endpoint: "/price/{symbol}/secdef", query: { boardId: "G1" }, signal });
      return rowsOf(body, ["secdef", "securityDefinitions", "data"]);
    },
    tradePage: async ({ symbol, board, fromS, toS, pageToken, signal }) => {
      const path = `/price/${encodeURIComponent(symbol)}/trades`;
      const query = {
        boardId: board,
        from: fromS,
        to: toS,
        limit: TRADES_PER_PAGE,
        order: "ASC",
        nextPageToken: pageToken,
      };
      const body = await send({ path, endpoint: "/price/{symbol}/trades", query, signal });
      const token = isPayload(body) ? body.nextPageToken : undefined;
      return {
        rows: rowsOf(body, ["trades", "data"]),
        nextPageToken: typeof token === "string" && token !== "" ? token : undefined,
      };
    },
    candlePage: async ({ symbol, type, resolution, fromS, toS, signal }) => {
      const query = { symbol, type, resolution, from: fromS, to: toS };
      const body = await send({ path: "/price/ohlc", endpoint: "/price/ohlc", query, signal });
      const columns = isPayload(body) ? body : {};
      const next = numberFrom(columns.nextTime ?? 0);
      return { columns, nextTimeS: Number.isFinite(next) ? next : 0 };
    },
    workingDates: async (signal) => {
      const path = "/market/working-dates";
      const body = await send({ path, endpoint: path, signal });
      return rowsOf(body, ["workingDates", "data"]).map(String);
    },
    instruments,
    symbols: async (signal) => {
      const rows = await instruments(signal);
      const symbols = rows
        .filter((row) => row.marketId === undefined || FOLLOWED_MARKETS.test(String(row.marketId)))
        .map((row) => String(present(row, SYMBOL_FIELDS) ?? "").toUpperCase())
        .filter((symbol) => SYMBOL_PATTERN.test(symbol));
      if (symbols.length > 0) return symbols as InstrumentSymbol[];
      throw new WorkbenchError(
        "FEED_REQUEST_FAILED",
        "GET /instruments failed: the broker lists none (DNSE_SYMBOLS can name them)",
      );
    },
  };
}

/** The rows of a reply: a list, a list under one of some names, or a single row. */
function rowsOf(body: unknown, names: readonly string[]): readonly unknown[] {
  if (Array.isArray(body)) return body;
  if (!isPayload(body)) return [];
  for (const name of names) {
    const rows = body[name];
    if (Array.isArray(rows)) return rows;
    if (isPayload(rows)) return [rows];
    if (name in body) return [];
  }
  return present(body, SYMBOL_FIELDS) === undefined ? [] : [body];
}
