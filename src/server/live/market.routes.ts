import { type RequestHandler, Router } from "express";
import type { Logger } from "pino";
import type { MarketIndexes } from "../../contracts/market-api.js";
import type { Calendar } from "../../engine/live-market/session-schedule.js";
import type { IngestionStatus } from "../../ingestion/ingestion-status.js";
import type { RateLimit, RateLimiter } from "../../shared-state/rate-limiter.js";
import type { SnapshotCache } from "../../shared-state/snapshot-cache.js";
import type { Database } from "../../store/database.js";
import { READ_LIMITS, withDeadline } from "../../store/deadline.js";
import { laneOf } from "../../store/lane.js";
import { candlesRoute } from "./candles-route.js";
import { feedRoute } from "./feed-route.js";
import { instrumentsRoute } from "./instruments-route.js";
import type { LiveMarketView } from "./live-market-view.js";
import { indexesQuery, requireQuery } from "./market-query.js";
import type { MarketRouteParts } from "./market-route-parts.js";
import { MarketRowsSource } from "./market-rows.js";
import { rateLimit } from "./rate-limit.js";
import { REVALIDATE } from "./revalidation.js";
import { sessionsRoute } from "./sessions-route.js";
import { followedStatusOf, ShownDataset } from "./shown-dataset.js";
import { snapshotRoute } from "./snapshot-route.js";
import { StoreReach } from "./store-reach.js";
import { ticksRoute } from "./ticks-route.js";

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

/** Connections of those who read trades, and of those who read the board; the other routes share what is left. */
const LANES = { ticks: 3, board: 2 } as const;

/** To be mounted at `/api/market`: the market as stored and as it moves. docs/market-api.md describes each route. */
export function marketRoutes(dependencies: MarketRoutesDependencies): Router {
  const { market, logger, storePatienceMs, nowMs = Date.now } = dependencies;
  const database = withDeadline(dependencies.database, READ_LIMITS);
  const laneFor = (connections: number, of: string) =>
    laneOf(dependencies.database, { connections, limits: READ_LIMITS, of });
  const store = new StoreReach({ logger, patienceMs: storePatienceMs });
  const followedStatus = () => followedStatusOf(market);
  const parts: MarketRouteParts = {
    database,
    store,
    shown: new ShownDataset(database, market, store),
    rows: new MarketRowsSource(laneFor(LANES.board, "reads of the board"), market, store),
    followedStatus,
    marketTimeMs: () => followedStatus()?.marketTimeMs ?? nowMs(),
    nowMs,
    logger,
  };
  const router = Router();
  router.use(rateLimit({ limiter: dependencies.rateLimiter, limit: dependencies.rate }));
  router.get("/snapshot", snapshotRoute(parts, dependencies.snapshots));
  router.get("/instruments", instrumentsRoute(parts));
  router.get("/candles", candlesRoute(parts));
  router.get("/ticks", ticksRoute({ ...parts, database: laneFor(LANES.ticks, "reads of trades") }));
  router.get("/indexes", indexesRoute(parts));
  router.get("/sessions", sessionsRoute(parts, dependencies.calendar));
  router.get("/feed", feedRoute(parts, dependencies.ingestion));
  return router;
}

function indexesRoute({ rows, shown, followedStatus }: MarketRouteParts): RequestHandler {
  return async (request, response) => {
    const query = requireQuery(indexesQuery, request.query);
    const dataset = query.dataset ?? (await shown.readAnyhow());
    const { origin, indexes } = await rows.readOrLast(dataset);
    const answer: MarketIndexes = { dataset, origin, feed: followedStatus() ?? null, indexes: [...indexes] };
    response.set("Cache-Control", REVALIDATE).json(answer);
  };
}
