import type { RequestHandler } from "express";
import type { MarketSessions } from "../../contracts/market-api.js";
import {
  type Calendar,
  calendarFrom,
  nextSessionChange,
  sessionPhaseAt,
  sessionSegments,
} from "../../engine/live-market/session-schedule.js";
import { type TradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import { type CalendarAnswer, calendarAround } from "../../store/queries/market-api-calendar.js";
import { requireQuery, sessionsQuery } from "./market-query.js";
import type { MarketRouteParts } from "./market-route-parts.js";
import { REVALIDATE } from "./revalidation.js";

/** @param facts for days that neither the stored calendar nor candles of the index tell of */
export function sessionsRoute(
  { database, store, shown, marketTimeMs }: MarketRouteParts,
  facts: Calendar | undefined,
): RequestHandler {
  return async (request, response) => {
    const { exchange, date: asked, ...query } = requireQuery(sessionsQuery, request.query);
    const instantMs = marketTimeMs();
    const today = tradingDateOf(instantMs);
    const date = asked ?? today;
    const calendarOf = async (day: TradingDate): Promise<CalendarAnswer> => {
      const stored = await store.tryAsk(async () => {
        const dataset = query.dataset ?? (await shown.read());
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
  };
}

function timeOfDay(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
