import type { Tick } from "../../engine/live-market/market-event.js";
import { FIRST_EVENT_MINUTE, LAST_EVENT_MINUTE, shareTicks } from "../../engine/simulated-market/simulate-day-ticks.js";
import type { SimulatedDay } from "../../engine/simulated-market/simulated-day.js";
import { tradingDaysBetween } from "../../engine/simulated-market/trading-days.js";
import { MS_PER_DAY, MS_PER_MINUTE } from "../../engine/units/epoch-ms.js";
import { tradingDateOf } from "../../engine/units/trading-date.js";
import type { FeedClock, TradeHistory, TradeQuery } from "../market-feed.js";

/** How far the announced trading days reach to both sides of the simulated one. */
const ANNOUNCED_DAYS = 31;

/** The trades of a simulated day up to the present of its clock, under the keys that they have in the stream. */
export function simulatedHistory(simulatedDay: () => SimulatedDay, clock: FeedClock): TradeHistory {
  async function* trades({ symbol, board, fromMs, toMs, signal }: TradeQuery): AsyncGenerator<readonly Tick[]> {
    const day = simulatedDay();
    const share = day.shares.find((candidate) => candidate.symbol === symbol);
    if (share === undefined) return;
    const nowMs = clock.nowMs();
    const lastMs = Math.min(toMs, nowMs);
    const minuteOf = (instantMs: number) => Math.floor((instantMs - day.startsAtMs) / MS_PER_MINUTE);
    const firstMinute = Math.max(FIRST_EVENT_MINUTE, minuteOf(fromMs));
    const lastMinute = Math.min(LAST_EVENT_MINUTE, minuteOf(lastMs));
    for (let minute = firstMinute; minute <= lastMinute; minute++) {
      if (signal.aborted) return;
      const batch = shareTicks(day, share, minute)
        .filter((tick) => tick.board === board && tick.eventTimeMs >= fromMs && tick.eventTimeMs <= lastMs)
        .map((tick) => ({ ...tick, receivedAtMs: nowMs, isBackfill: true }));
      if (batch.length > 0) yield batch;
    }
  }

  return {
    trades,
    workingDates: async () => {
      const { startsAtMs } = simulatedDay();
      const reachMs = ANNOUNCED_DAYS * MS_PER_DAY;
      const days = tradingDaysBetween("hose", tradingDateOf(startsAtMs - reachMs), tradingDateOf(startsAtMs + reachMs));
      return Array.from(days, tradingDateOf);
    },
  };
}
