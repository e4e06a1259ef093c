import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import { pino } from "pino";
import type { FeedStatusMessage } from "../../../src/contracts/live-protocol.js";
import { MarketBoard } from "../../../src/engine/live-market/market-board.js";
import type { Tick } from "../../../src/engine/live-market/market-event.js";
import type { CandleColumns } from "../../../src/engine/market-data/candle-columns.js";
import type { Dataset } from "../../../src/engine/market-data/dataset.js";
import type { Instrument } from "../../../src/engine/market-data/instrument.js";
import { inferInstrumentConventions } from "../../../src/engine/market-data/instrument-conventions.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { epochMs } from "../../../src/engine/units/epoch-ms.js";
import { answerError, answerNotFound } from "../../../src/server/error-response.js";
import { closeServer, listenOnLoopback } from "../../../src/server/listen.js";
import type { LiveMarketView } from "../../../src/server/live/live-market-view.js";
import { type MarketRoutesDependencies, marketRoutes } from "../../../src/server/live/market.routes.js";
import { MemoryRateLimiter } from "../../../src/shared-state/memory-rate-limiter.js";
import { MemorySnapshotCache } from "../../../src/shared-state/memory-snapshot-cache.js";
import { openEmbeddedDatabase } from "../../../src/store/adapters/embedded-database.js";
import { writeCandles } from "../../../src/store/candle-writer.js";
import type { Database } from "../../../src/store/database.js";
import { migrate } from "../../../src/store/migrate.js";
import { ensureWeeklyPartitions } from "../../../src/store/partitions.js";
import { raiseDataVersion } from "../../../src/store/queries/data-version.js";
import { startImportBatch } from "../../../src/store/queries/import-batch-queries.js";
import { upsertInstruments } from "../../../src/store/queries/instrument-queries.js";
import { markRollupsDirty, refreshDirtyRollups } from "../../../src/store/rollups.js";
import { tickOf } from "../../shared-state/market-messages.js";
import { type CandleRow, candlesOf } from "../../store/candle-series.js";
import { placeCluster } from "../../support/embedded-cluster.js";
import { type HttpAnswer, httpGet } from "../../support/http-exchange.js";

/** 10:00 on a Monday in Ho Chi Minh City. */
export const NOW_MS = Date.parse("2026-03-09T03:00:00Z");

export function instrumentOf(symbol: string, changes: Partial<Instrument> = {}): Instrument {
  return {
    ...inferInstrumentConventions(instrumentSymbol(symbol)),
    symbol: instrumentSymbol(symbol),
    name: symbol,
    sector: undefined,
    industry: undefined,
    marketCap: undefined,
    marketCapDate: undefined,
    ...changes,
  };
}

/** Three shares and an index over three days: HPG rises, FPT falls, VCB stays. */
const DAILY: readonly CandleRow[] = [
  ["FPT", "2026-03-04", 100_000, 101_000, 99_000, 100_000, 500],
  ["FPT", "2026-03-05", 100_000, 100_000, 98_000, 98_000, 600],
  ["HPG", "2026-03-04", 25_000, 25_500, 24_900, 25_000, 1_000],
  ["HPG", "2026-03-05", 25_000, 26_000, Number.NaN, 26_000, 2_000],
  ["HPG", "2026-03-06", 26_000, 27_000, 25_800, 26_520, 3_000],
  ["VCB", "2026-03-05", 60_000, 60_000, 60_000, 60_000, 10],
  ["VCB", "2026-03-06", 60_000, 60_000, 60_000, 60_000, 20],
  ["VNINDEX", "2026-03-05", 1_250, 1_260, 1_240, 1_250, 1e6],
  ["VNINDEX", "2026-03-06", 1_250, 1_280, 1_250, 1_275, 2e6],
];

/** 200 minutes of HPG from 09:15 on Friday 2026-03-06, the lunch hour left out; prices that need all their digits. */
export function minuteRows(count = 200): CandleRow[] {
  const opensAtMs = Date.parse("2026-03-06T02:15:00Z");
  return Array.from({ length: count }, (_, at) => {
    const lunchMs = at >= 135 ? 90 * 60_000 : 0;
    const price = 26_000 + at / 3;
    return [
      "HPG",
      new Date(opensAtMs + at * 60_000 + lunchMs).toISOString(),
      price,
      price + 0.1,
      price - 0.1,
      at % 7 === 0 ? price : price + 0.05,
      at * 10,
    ];
  });
}

export interface MarketStore {
  readonly database: Database;
  dispose(): Promise<void>;
}

/** A store of its own, with the schema and nothing else. */
export async function openEmptyStore(): Promise<MarketStore> {
  const folder = mkdtempSync(join(tmpdir(), "quantflow-market-api-"));
  await placeCluster(folder);
  const database = await openEmbeddedDatabase(folder, { purpose: "test" });
  await migrate(database);
  return {
    database,
    dispose: async () => {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function openMarketStore(): Promise<MarketStore> {
  const store = await openEmptyStore();
  const instruments = [
    instrumentOf("HPG", { name: "Hòa Phát Group", exchange: "HOSE", sector: "Materials", marketCap: 2e14 }),
    instrumentOf("FPT", { name: "FPT Corporation", exchange: "HOSE", sector: "Technology" }),
    instrumentOf("VCB", { name: "Vietcombank", exchange: "HOSE", sector: "Financials" }),
    instrumentOf("VNINDEX", { name: "VN-Index" }),
    instrumentOf("BRENT"),
  ];
  await upsertInstruments(store.database, instruments, { dataset: "market", described: true });
  await storeCandles(store.database, candlesOf(DAILY), 86_400);
  await storeCandles(store.database, candlesOf(minuteRows()), 60);
  return store;
}

export async function storeCandles(
  database: Database,
  candles: CandleColumns,
  intervalSeconds: number,
  dataset: Dataset = "market",
): Promise<void> {
  await database.transaction(async (session) => {
    const batchId = await startImportBatch(session, {
      kind: "prices",
      dataset,
      fileName: "prices.csv",
      fileSha256: "",
      source: "an exchange",
      mapping: {},
      intervalSeconds,
    });
    await writeCandles(session, candles, { dataset, intervalSeconds, batchId });
    if (intervalSeconds < 86_400) {
      const [fromMs, toMs] = [epochMs(candles.openedAtMs.at(0)!), epochMs(candles.openedAtMs.at(-1)!)];
      await markRollupsDirty(
        session,
        candles.symbols.map((symbol) => ({ symbol, fromMs, toMs })),
      );
    }
    await raiseDataVersion(session);
  });
  await refreshDirtyRollups(database);
}

export async function storeTicks(
  database: Database,
  ticks: readonly Tick[],
  dataset: Dataset = "market",
): Promise<void> {
  await ensureWeeklyPartitions(
    database,
    "market_ticks",
    Float64Array.from(ticks, ({ eventTimeMs }) => eventTimeMs),
  );
  for (const tick of ticks) {
    await database.query(
      `INSERT INTO market_ticks (symbol, simulated, board, event_time, cumulative_volume, received_at, price, quantity, side,
                                 session, source, backfilled)
       VALUES ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, to_timestamp($6::float8 / 1000), $7, $8, $9, $10, $11, $12)`,
      [
        tick.symbol,
        dataset === "simulated",
        tick.board,
        tick.eventTimeMs,
        tick.cumulativeVolume,
        tick.receivedAtMs,
        tick.price,
        tick.quantity,
        tick.side,
        tick.session,
        tick.source,
        tick.isBackfill,
      ],
    );
  }
}

export function statusOf(changes: Partial<FeedStatusMessage> = {}): FeedStatusMessage {
  return {
    feed: "dnse",
    dataset: "market",
    state: "live",
    reason: "trades are coming in",
    sinceMs: NOW_MS - 60_000,
    lastReceivedAtMs: NOW_MS - 100,
    lastEventTimeMs: NOW_MS - 200,
    marketTimeMs: NOW_MS,
    atMs: NOW_MS,
    ...changes,
  };
}

/** A market in which HPG trades at 27,000 over a reference price of 26,520 and VNINDEX stands at 1,300. */
export function liveMarket(changes: Partial<FeedStatusMessage> = {}): LiveMarketView & { readonly board: MarketBoard } {
  const board = new MarketBoard();
  const receivedAtMs = NOW_MS - 100;
  board.seedReference({
    kind: "reference",
    symbol: instrumentSymbol("HPG"),
    tradingDate: "2026-03-09" as never,
    reference: 26_520,
    ceiling: 28_350,
    floor: 24_700,
    isHalted: false,
    source: "dnse",
    receivedAtMs,
  });
  board.apply(tickOf({ eventTimeMs: NOW_MS - 200, receivedAtMs, price: 27_000, quantity: 300, cumulativeVolume: 300 }));
  board.apply({
    kind: "index",
    symbol: instrumentSymbol("VNINDEX"),
    eventTimeMs: NOW_MS - 300,
    receivedAtMs,
    value: 1_300,
    priorValue: 1_275,
    cumulativeVolume: 5e6,
    cumulativeValue: 1e11,
    advances: 200,
    declines: 100,
    unchanged: 50,
    atCeiling: 3,
    atFloor: Number.NaN,
    source: "dnse",
  });
  return { board, status: () => statusOf(changes) };
}

/** The same database, with a call for every COPY out of it. */
export function watchedCopies(database: Database, onCopy: (sql: string) => void): Database {
  return {
    kind: database.kind,
    location: database.location,
    query: (sql, parameters) => database.query(sql, parameters),
    execute: (sql) => database.execute(sql),
    copyIn: (sql, chunks) => database.copyIn(sql, chunks),
    copyOut: (sql, sink) => {
      onCopy(sql);
      return database.copyOut(sql, sink);
    },
    transaction: (work) => database.transaction(work),
    close: () => database.close(),
  };
}

export interface MarketApi {
  readonly url: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** The body of an answer that must be a success. */
  json<T = Record<string, unknown>>(path: string): Promise<T>;
  close(): Promise<void>;
}

/** The routes as the server mounts them, over memory adapters. */
export async function serveMarket(
  database: Database,
  changes: Partial<MarketRoutesDependencies> = {},
): Promise<MarketApi> {
  const app = express();
  const routes = marketRoutes({
    database,
    snapshots: new MemorySnapshotCache(),
    rateLimiter: new MemoryRateLimiter(),
    rate: { capacity: 1e6, refillPerSecond: 1e6 },
    logger: pino({ level: "silent" }),
    // A busy machine is no store that is away.
    storePatienceMs: 60_000,
    nowMs: () => NOW_MS,
    ...changes,
  });
  app.use((request, _response, next) => {
    Object.assign(request, { id: "test", log: pino({ level: "silent" }) });
    next();
  });
  app.use("/api/market", routes);
  app.use(answerNotFound, answerError);
  const server: Server = createServer(app);
  const url = await listenOnLoopback(server, 0);
  const get = (path: string, headers?: Readonly<Record<string, string>>) =>
    httpGet(`${url}api/market/${path}`, headers);
  return {
    url,
    get,
    json: async (path) => {
      const answer = await get(path);
      if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.body}`);
      return JSON.parse(answer.body.toString());
    },
    close: () => closeServer(server),
  };
}
