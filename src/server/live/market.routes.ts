import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Logger } from "pino";
import { z } from "zod";
import {
  MARKET_API_LIMITS,
  type MarketFeedAnswer,
  type MarketIndexes,
  type MarketInstruments,
  type MarketSessions,
  type MarketTicks,
} from "../../contracts/market-api.js";
import { WorkbenchError } from "../../engine/errors.js";
import { BOARDS } from "../../engine/live-market/board.js";
import type { Tick } from "../../engine/live-market/market-event.js";
import {
  type Calendar,
  calendarFrom,
  nextSessionChange,
  sessionPhaseAt,
  sessionSegments,
} from "../../engine/live-market/session-schedule.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { Instrument } from "../../engine/market-data/instrument.js";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { type TradingDate, tradingDateOf, tradingDateToEpochMs } from "../../engine/units/trading-date.js";
import type { IngestionStatus } from "../../ingestion/ingestion-status.js";
import type { RateLimit, RateLimiter } from "../../shared-state/rate-limiter.js";
import type { SnapshotCache } from "../../shared-state/snapshot-cache.js";
import type { Database } from "../../store/database.js";
import { activeDataset, readDataVersion } from "../../store/queries/data-version.js";
import { listFeedGaps } from "../../store/queries/feed-gaps.js";
import { listIncidents } from "../../store/queries/feed-incidents.js";
import { listFeedStates } from "../../store/queries/feed-records.js";
import { listInstruments } from "../../store/queries/instrument-queries.js";
import { type CalendarAnswer, calendarAround } from "../../store/queries/market-api-calendar.js";
import {
  hasCandles,
  isKnownInstrument,
  isSettledUntil,
  lastTickTime,
  sumFeedCounts,
} from "../../store/queries/market-api-feed.js";
import { readTicks, type TickPosition } from "../../store/queries/tick-queries.js";
import { answerCandles, candleFormatOf, nextAddress } from "./candles-route.js";
import type { LiveMarketView } from "./live-market-view.js";
import { type CursorPosition, readCursor, writeCursor } from "./market-cursor.js";
import {
  candlesQuery,
  feedQuery,
  indexesQuery,
  instrumentsQuery,
  requireOrder,
  requireQuery,
  requireStartOfAll,
  sessionsQuery,
  snapshotQuery,
  ticksQuery,
} from "./market-query.js";
import { bySymbol, MarketRowsSource } from "./market-rows.js";
import { rateLimit } from "./rate-limit.js";
import { SnapshotService } from "./snapshot-service.js";
import { StoreReach } from "./store-reach.js";

export interface MarketRoutesDependencies {
  readonly database: Database;
  /** Without one, everything is answered from the store. */
  readonly market?: LiveMarketView | undefined;
  readonly snapshots: SnapshotCache;
  readonly rateLimiter: RateLimiter;
  /** `MARKET_API_RATE` unless given. */
  readonly rate?: RateLimit | undefined;
  /** Of the ingester in this process, where there is one. */
  readonly ingestion?: (() => IngestionStatus | undefined) | undefined;
  /** For days that neither the stored calendar nor candles of the index tell of; the shipped holidays unless given. */
  readonly calendar?: Calendar | undefined;
  readonly logger: Logger;
  /** How long answers that can do without the store wait for it; `STORE_PATIENCE_MS` unless given. */
  readonly storePatienceMs?: number | undefined;
  /** The machine's clock unless given. */
  readonly nowMs?: () => number;
}

/** Revalidated with its ETag each time: what is stored can be corrected. */
const REVALIDATE = "private, no-cache";
/** The end of the last year that dates of four digits can name. */
const FOREVER_MS = Date.UTC(9999, 11, 30);
const LAST_DATE = "9999-12-31" as TradingDate;

const NOTHING_STORED = { states: [], incidents: [], gaps: [], counts: [] };

const instrumentPosition = z.tuple([z.string().regex(SYMBOL_PATTERN)]);
const tickTime = z.number().min(-8.64e15).max(FOREVER_MS);
const tickPosition = z.tuple([tickTime, z.enum(BOARDS), z.number()]);
/** Where a page of all symbols ended. */
const marketTickPosition = z.tuple([tickTime, z.string().regex(SYMBOL_PATTERN), z.enum(BOARDS), z.number()]);

/** To be mounted at `/api/market`: the market as stored and as it moves. docs/market-api.md describes each route. */
export function marketRoutes(dependencies: MarketRoutesDependencies): Router {
  const {
    database,
    market,
    snapshots,
    rateLimiter,
    rate,
    ingestion,
    calendar: facts,
    logger,
    storePatienceMs,
    nowMs = Date.now,
  } = dependencies;
  const store = new StoreReach({ logger, patienceMs: storePatienceMs });
  const rows = new MarketRowsSource(database, market, store);
  const snapshotService = new SnapshotService({ rows, snapshots, nowMs });
  const router = Router();
  router.use(rateLimit({ limiter: rateLimiter, limit: rate }));

  /** What the workbench shows: the market's candles, else the demo market or what the feed brings. */
  const shownDataset = async (): Promise<Dataset> => {
    const active = await activeDataset(database);
    const followed = followedStatus()?.dataset;
    const isActive = followed === undefined || followed === active || (await hasCandles(database, active));
    lastShown = isActive ? active : followed;
    return lastShown;
  };
  let lastShown: Dataset | undefined;
  /** While the store is away: what was shown last, else what the feed brings. */
  const shownDatasetAnyhow = async (): Promise<Dataset> => {
    const answer = await store.tryAsk(shownDataset);
    if (answer.isUp) return answer.value;
    const known = lastShown ?? followedStatus()?.dataset;
    if (known === undefined) throw answer.error;
    return known;
  };
  const followedStatus = () => {
    const status = market?.status();
    return status === undefined || status.feed === "none" ? undefined : status;
  };
  const marketTimeMs = () => followedStatus()?.marketTimeMs ?? nowMs();

  /**
   * Sets the ETag of an answer that follows from stored data alone, and answers 304 when the client has it: true then.
   * Data that a feed is still adding to is tagged by its body instead.
   */
  const isUnchanged = async (
    request: Request,
    response: Response,
    { dataset, until, variant }: { dataset: Dataset; until: TradingDate; variant: string },
  ): Promise<boolean> => {
    response.set("Cache-Control", REVALIDATE);
    if (!(await isSettledUntil(database, dataset, until))) return false;
    const { watermark } = await readDataVersion(database);
    response.set("ETag", `"${watermark}/${dataset}/${variant}/${digestOfAddress(request)}"`);
    if (!request.fresh) return false;
    response.status(304).end();
    return true;
  };

  const get = (path: string, answer: (request: Request, response: Response) => Promise<void>) => {
    const handler: RequestHandler = (request, response) => answer(request, response);
    router.get(`/${path}`, handler);
  };

  get("snapshot", async (request, response) => {
    const query = requireQuery(snapshotQuery, request.query);
    const shown = await shownDatasetAnyhow();
    const dataset = query.dataset ?? shown;
    const { madeAtMs, body } = await snapshotService.read(query.type, dataset, dataset === shown);
    const status = followedStatus() ?? null;
    const tag = `${query.type}/${dataset}/${madeAtMs}/${status?.state ?? "none"}/${status?.sinceMs ?? 0}`;
    response.set("Cache-Control", REVALIDATE).set("ETag", `W/"${tag}"`);
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    const ageSeconds = Math.max(0, nowMs() - madeAtMs) / MS_PER_SECOND;
    const changing = JSON.stringify({ ageSeconds, feed: status });
    response.type("application/json").send(`${changing.slice(0, -1)},${body.slice(1)}`);
  });

  get("instruments", async (request, response) => {
    const query = requireQuery(instrumentsQuery, request.query);
    const dataset = query.dataset ?? (await shownDataset());
    const { limit = MARKET_API_LIMITS.instruments.default, cursor, ...filter } = query;
    const question = ["instruments", dataset, filter];
    const after = cursor === undefined ? "" : readCursor(cursor, question, instrumentPosition)[0];
    const matching = (await listInstruments(database, dataset)).filter(matches(filter)).sort(bySymbol);
    const following = matching.filter(({ symbol }) => symbol > after);
    const page = following.slice(0, limit);
    const nextCursor = following.length > limit ? writeCursor(question, [page.at(-1)!.symbol]) : null;
    const answer: MarketInstruments = {
      dataset,
      instruments: page.map(instrumentAnswer),
      total: matching.length,
      nextCursor,
    };
    linkNext(request, response, nextCursor);
    response.set("Cache-Control", REVALIDATE).json(answer);
  });

  get("candles", async (request, response) => {
    const query = requireQuery(candlesQuery, request.query);
    requireOrder(query.from, query.to);
    const dataset = query.dataset ?? (await shownDataset());
    const format = candleFormatOf(request, query.format);
    response.vary("Accept");
    const until = query.to === undefined ? LAST_DATE : tradingDateOf(query.to.endMs - 1);
    if (await isUnchanged(request, response, { dataset, until, variant: format })) return;
    await answerCandles({ session: database, logger }, { query, dataset, format }, request, response);
  });

  get("ticks", async (request, response) => {
    const query = requireQuery(ticksQuery, request.query);
    requireStartOfAll(query);
    requireOrder(query.from, query.to);
    const dataset = query.dataset ?? (await shownDataset());
    const { symbol, limit = MARKET_API_LIMITS.ticks.default } = query;
    const until = query.to === undefined ? LAST_DATE : tradingDateOf(query.to.endMs - 1);
    if (await isUnchanged(request, response, { dataset, until, variant: "ticks" })) return;
    const question = ["ticks", symbol, dataset, query.from?.startMs, query.to?.endMs];
    const after = query.cursor === undefined ? undefined : readTickCursor(query.cursor, question, symbol);
    const ticks = await readTicks(database, {
      dataset,
      symbols: symbol && [symbol],
      fromMs: after?.eventTimeMs ?? query.from?.startMs ?? (await startOfLastDay(symbol!, dataset)),
      // Up to the last microsecond before the end.
      toMs: (query.to?.endMs ?? FOREVER_MS) - 0.001,
      after,
      limit: limit + 1,
    });
    if (ticks.length === 0 && symbol !== undefined) await requireInstrument(symbol, dataset);
    const page = ticks.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = ticks.length > limit ? writeCursor(question, tickPositionOf(last!, symbol)) : null;
    const answer: MarketTicks = {
      symbol: symbol ?? null,
      dataset,
      ticks: page.map(({ kind: _, symbol: traded, ...tick }) =>
        symbol === undefined ? { symbol: traded, ...tick } : tick,
      ),
      nextCursor,
    };
    linkNext(request, response, nextCursor);
    response.json(answer);
  });

  const startOfLastDay = async (symbol: InstrumentSymbol, dataset: Dataset): Promise<number> => {
    const lastMs = await lastTickTime(database, { symbol, dataset });
    return tradingDateToEpochMs(tradingDateOf(lastMs ?? 0));
  };

  const requireInstrument = async (symbol: InstrumentSymbol, dataset: Dataset): Promise<void> => {
    if (await isKnownInstrument(database, { symbol, dataset })) return;
    if ((await lastTickTime(database, { symbol, dataset })) !== undefined) return;
    throw new WorkbenchError("SYMBOL_UNKNOWN", `unknown symbol: ${symbol} (accepted: one of /api/market/instruments)`, {
      details: { fields: ["symbol"] },
    });
  };

  get("indexes", async (request, response) => {
    const query = requireQuery(indexesQuery, request.query);
    const dataset = query.dataset ?? (await shownDatasetAnyhow());
    const { origin, indexes } = await rows.readOrLast(dataset);
    const answer: MarketIndexes = { dataset, origin, feed: followedStatus() ?? null, indexes: [...indexes] };
    response.set("Cache-Control", REVALIDATE).json(answer);
  });

  get("sessions", async (request, response) => {
    const { exchange, date: asked, ...query } = requireQuery(sessionsQuery, request.query);
    const instantMs = marketTimeMs();
    const today = tradingDateOf(instantMs);
    const date = asked ?? today;
    const calendarOf = async (day: TradingDate): Promise<CalendarAnswer> => {
      const stored = await store.tryAsk(async () => {
        const dataset = query.dataset ?? (await shownDataset());
        return calendarAround(database, { exchange, date: day, dataset, facts });
      });
      return stored.isUp ? stored.value : { calendar: calendarFrom({ facts }), source: "facts", note: "" };
    };
    const { calendar, source, note } = await calendarOf(date);
    const present = date === today ? calendar : (await calendarOf(today)).calendar;
    const isTradingDay = calendar.isTradingDay(exchange, date);
    const next = nextSessionChange(exchange, instantMs, present);
    const answer: MarketSessions = {
      exchange,
      date,
      isTradingDay,
      calendarSource: source,
      note,
      segments: isTradingDay
        ? sessionSegments(exchange).map(({ phase, fromMinute, toMinute }) => ({
            phase,
            from: timeOfDay(fromMinute),
            to: timeOfDay(toMinute),
          }))
        : [],
      now: {
        at: new Date(instantMs).toISOString(),
        phase: sessionPhaseAt(exchange, instantMs, present),
        nextPhase: Number.isFinite(next.atMs) ? next.phase : null,
        nextAt: Number.isFinite(next.atMs) ? new Date(next.atMs).toISOString() : null,
      },
    };
    response.set("Cache-Control", REVALIDATE).json(answer);
  });

  get("feed", async (request, response) => {
    const query = requireQuery(feedQuery, request.query);
    const limit = query.limit ?? MARKET_API_LIMITS.feed.default;
    const date = query.date ?? tradingDateOf(marketTimeMs());
    const stored = await store.tryAsk(async () => ({
      states: await listFeedStates(database, { limit }),
      incidents: await listIncidents(database, { isOpen: true, limit }),
      gaps: await listFeedGaps(database, { tradingDate: date, limit }),
      counts: await sumFeedCounts(database, date),
    }));
    const { states, incidents, gaps, counts } = stored.isUp ? stored.value : NOTHING_STORED;
    const answer: MarketFeedAnswer = {
      status: followedStatus() ?? null,
      ingestion: ingestion?.() ?? null,
      store: { isUp: stored.isUp, reason: stored.isUp ? "" : stored.reason },
      date,
      counts,
      states: states.map((state) => ({
        feed: state.feed,
        state: state.state,
        reason: state.reason,
        since: new Date(state.sinceMs).toISOString(),
        recordedAt: new Date(state.recordedAtMs).toISOString(),
      })),
      openIncidents: incidents.map(({ id, kind, severity, subject, message, openedAtMs }) => ({
        id,
        kind,
        severity,
        subject,
        message,
        openedAt: new Date(openedAtMs).toISOString(),
      })),
      gaps: gaps.map((gap) => ({
        id: gap.id,
        feed: gap.feed,
        symbol: gap.symbol,
        board: gap.board,
        cause: gap.cause,
        from: new Date(gap.fromMs).toISOString(),
        to: new Date(gap.toMs).toISOString(),
        missingVolume: gap.missingVolume,
        filledVolume: gap.filledVolume,
        filledAt: gap.filledAtMs === undefined ? null : new Date(gap.filledAtMs).toISOString(),
        note: gap.note,
      })),
    };
    response.set("Cache-Control", "no-store").json(answer);
  });

  return router;
}

/** @throws REQUEST_INVALID */
function readTickCursor(cursor: string, question: unknown, symbol: InstrumentSymbol | undefined): TickPosition {
  const [eventTimeMs, traded, board, cumulativeVolume] =
    symbol === undefined
      ? readCursor(cursor, question, marketTickPosition)
      : withSymbol(readCursor(cursor, question, tickPosition), symbol);
  return { eventTimeMs, symbol: traded as InstrumentSymbol, board, cumulativeVolume };
}

function withSymbol([eventTimeMs, board, cumulativeVolume]: z.infer<typeof tickPosition>, symbol: InstrumentSymbol) {
  return [eventTimeMs, symbol, board, cumulativeVolume] as const;
}

function tickPositionOf(tick: Tick, symbol: InstrumentSymbol | undefined): CursorPosition {
  const { eventTimeMs, board, cumulativeVolume } = tick;
  return symbol === undefined
    ? [eventTimeMs, tick.symbol, board, cumulativeVolume]
    : [eventTimeMs, board, cumulativeVolume];
}

type InstrumentFilter = Pick<
  z.infer<typeof instrumentsQuery>,
  "exchange" | "assetClass" | "sector" | "industry" | "search"
>;

function matches(filter: InstrumentFilter): (instrument: Instrument) => boolean {
  const search = filter.search?.toLowerCase();
  const isWanted = (asked: string | undefined, value: string | undefined) => asked === undefined || asked === value;
  return ({ exchange, assetClass, sector, industry, symbol, name }) =>
    isWanted(filter.exchange, exchange) &&
    isWanted(filter.assetClass, assetClass) &&
    isWanted(filter.sector, sector) &&
    isWanted(filter.industry, industry) &&
    (search === undefined || symbol.toLowerCase().includes(search) || name.toLowerCase().includes(search));
}

function instrumentAnswer(instrument: Instrument): MarketInstruments["instruments"][number] {
  return {
    symbol: instrument.symbol,
    name: instrument.name,
    exchange: instrument.exchange ?? null,
    sector: instrument.sector ?? null,
    industry: instrument.industry ?? null,
    assetClass: instrument.assetClass,
    currency: instrument.currency,
    lotSize: instrument.lotSize ?? null,
    tickRule: instrument.tickRule,
    marketCap: instrument.marketCap ?? null,
    marketCapDate: instrument.marketCapDate ?? null,
  };
}

function linkNext(request: Request, response: Response, cursor: string | null): void {
  if (cursor !== null) response.set("Link", `<${nextAddress(request, cursor)}>; rel="next"`);
}

/** The question as it stands in the address, fit for an ETag. */
function digestOfAddress(request: Request): string {
  return encodeURIComponent(new URL(request.originalUrl, "http://localhost").search);
}

function timeOfDay(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
