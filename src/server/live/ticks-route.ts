import type { RequestHandler } from "express";
import { z } from "zod";
import type { FeedStatusMessage } from "../../contracts/live-protocol.js";
import { MARKET_API_LIMITS, type MarketTicks } from "../../contracts/market-api.js";
import { BOARDS } from "../../engine/live-market/board.js";
import type { Tick } from "../../engine/live-market/market-event.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";
import { tradingDateOf, tradingDateToEpochMs } from "../../engine/units/trading-date.js";
import { lastTickTime } from "../../store/queries/market-api-feed.js";
import { readTicks, type TickPosition } from "../../store/queries/tick-queries.js";
import { type CursorPosition, readCursor, writeCursor } from "./market-cursor.js";
import { LAST_MS, requireOrder, requireQuery, requireStartOfAll, ticksQuery, untilOf } from "./market-query.js";
import type { MarketRouteParts } from "./market-route-parts.js";
import { linkNext } from "./next-page.js";
import { isUnchanged, REVALIDATE } from "./revalidation.js";
import { requireInstrument } from "./unknown-symbol.js";

const tickTime = z.number().min(-8.64e15).max(LAST_MS);
const tickPosition = z.tuple([tickTime, z.enum(BOARDS), z.number()]);
/** Where a page of all symbols ended. */
const marketTickPosition = z.tuple([tickTime, z.string().regex(SYMBOL_PATTERN), z.enum(BOARDS), z.number()]);

/** Trades of one symbol, or of all, page by page. */
export function ticksRoute({ database, shown, followedStatus }: MarketRouteParts): RequestHandler {
  return async (request, response) => {
    const query = requireQuery(ticksQuery, request.query);
    requireStartOfAll(query);
    requireOrder(query.from, query.to);
    const dataset = query.dataset ?? (await shown.read());
    const { symbol, limit = MARKET_API_LIMITS.ticks.default } = query;
    const stored = { dataset, until: untilOf(query.to), variant: "ticks" };
    const playedUntilMs = query.to === undefined ? playedUntil(followedStatus(), dataset) : undefined;
    if (playedUntilMs !== undefined) response.set("Cache-Control", REVALIDATE);
    else if (await isUnchanged(database, stored, request, response)) return;
    const question = ["ticks", symbol, dataset, query.from?.startMs, query.to?.endMs];
    const after = query.cursor === undefined ? undefined : readTickCursor(query.cursor, question, symbol);
    const startOfLastDay = async () => {
      const lastMs = await lastTickTime(database, { symbol: symbol!, dataset });
      return tradingDateToEpochMs(tradingDateOf(Math.min(lastMs ?? 0, playedUntilMs ?? LAST_MS)));
    };
    const ticks = await readTicks(database, {
      dataset,
      symbols: symbol && [symbol],
      fromMs: after?.eventTimeMs ?? query.from?.startMs ?? (await startOfLastDay()),
      // Up to the last microsecond before the end.
      toMs: playedUntilMs ?? (query.to?.endMs ?? LAST_MS) - 0.001,
      after,
      limit: limit + 1,
    });
    if (ticks.length === 0 && symbol !== undefined) {
      const isTraded = (await lastTickTime(database, { symbol, dataset })) !== undefined;
      if (!isTraded) await requireInstrument(database, { symbol, dataset });
    }
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
  };
}

/** The time of the tape while one of this dataset is played: what is stored behind it is its future. */
function playedUntil(status: FeedStatusMessage | undefined, dataset: Dataset): number | undefined {
  return status?.feed === "replay" && status.dataset === dataset ? status.marketTimeMs : undefined;
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
