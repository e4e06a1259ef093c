import type { RequestHandler } from "express";
import { MARKET_API_LIMITS, type MarketFeedAnswer } from "../../contracts/market-api.js";
import { tradingDateOf } from "../../engine/units/trading-date.js";
import type { IngestionStatus } from "../../ingestion/ingestion-status.js";
import { countFeedGaps, listFeedGaps } from "../../store/queries/feed-gaps.js";
import { listIncidents } from "../../store/queries/feed-incidents.js";
import { listFeedStates } from "../../store/queries/feed-records.js";
import { sumFeedCounts } from "../../store/queries/market-api-feed.js";
import { feedQuery, requireQuery } from "./market-query.js";
import type { MarketRouteParts } from "./market-route-parts.js";

const NOTHING_STORED = { states: [], incidents: [], gaps: [], gapCounts: { found: 0, open: 0 }, counts: [] };

/** How the feed is doing. @param ingestion status of the ingester in this process, where there is one */
export function feedRoute(
  { database, store, followedStatus, marketTimeMs }: MarketRouteParts,
  ingestion: (() => IngestionStatus | undefined) | undefined,
): RequestHandler {
  return async (request, response) => {
    const query = requireQuery(feedQuery, request.query);
    const limit = query.limit ?? MARKET_API_LIMITS.feed.default;
    const date = query.date ?? tradingDateOf(marketTimeMs());
    const stored = await store.tryAsk(async () => ({
      states: await listFeedStates(database, { limit }),
      incidents: await listIncidents(database, { isOpen: true, limit }),
      gaps: await listFeedGaps(database, { tradingDate: date, order: "open-first", limit }),
      gapCounts: await countFeedGaps(database, date),
      counts: await sumFeedCounts(database, date),
    }));
    const { states, incidents, gaps, gapCounts, counts } = stored.isUp ? stored.value : NOTHING_STORED;
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
      gapCounts,
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
  };
}
