import type { Logger } from "pino";
import { WorkbenchError } from "../../engine/errors.js";
import type { FeedEvent, FeedNotice, MarketEvent } from "../../engine/live-market/market-event.js";
import { factsCalendar, isDataDue, sessionPhaseAt } from "../../engine/live-market/session-schedule.js";
import { isWorkingDate, nextWorkingDate } from "../../engine/market-data/holiday-calendar.js";
import {
  dayReferences,
  FIRST_EVENT_MINUTE,
  LAST_EVENT_MINUTE,
  minuteEvents,
  SIMULATED_EXCHANGE,
} from "../../engine/simulated-market/simulate-day-ticks.js";
import { DEMO_SEED } from "../../engine/simulated-market/simulate-market.js";
import { type SimulatedDay, simulateDay } from "../../engine/simulated-market/simulated-day.js";
import { MS_PER_MINUTE } from "../../engine/units/epoch-ms.js";
import { type TradingDate, tradingDateOf, tradingDateToEpochMs } from "../../engine/units/trading-date.js";
import type { FeedClock, MarketFeed } from "../market-feed.js";
import { type Schedule, scheduleOnTimers, waitFor } from "../schedule.js";
import { DemoClock, type Pace } from "./demo-clock.js";
import { simulatedHistory } from "./simulated-history.js";

export interface SimulatedFeedOptions {
  /** A trading day of HOSE, of which nothing is stored as candles. */
  readonly liveDay: TradingDate;
  /** When a day on a clock of its own begins, `HH:MM` from 09:00 to 14:45 in Asia/Ho_Chi_Minh. */
  readonly startAt?: string;
  /** Market seconds a second on a clock of its own. */
  readonly speed?: number;
  /** Makes the lunch break, the closing auction and put-through trading pass in a minute each. */
  readonly skipBreaks?: boolean;
  readonly seed?: number;
}

export interface SimulatedFeedDependencies {
  readonly logger: Logger;
  readonly nowMs?: () => number;
  readonly schedule?: Schedule;
}

/** The largest number of events in a batch. */
const BATCH_EVENTS = 4_096;

/** Between two looks at what is due: at least so that trades come together, at most so that the clock goes on. */
const SHORTEST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 200;

/** Faster, and a day could not be generated as it passes. */
const FASTEST = 100;

/** After the close, before the day begins again. */
const REST_MINUTES = 1;

const LATEST_START_MINUTE = 14 * 60 + 45;

/** Lunch; the closing auction; put-through trading without the minute in which the closing prices come out. */
const BREAKS = [
  { fromMinute: 11 * 60 + 30, toMinute: 13 * 60 },
  { fromMinute: 14 * 60 + 30, toMinute: 14 * 60 + 45 },
  { fromMinute: 14 * 60 + 46, toMinute: 15 * 60 },
] as const;

/**
 * The demo market as a feed. While the machine's clock is in a session of `liveDay`, market time is the machine's.
 * Otherwise the day has a clock of its own: it begins at `startAt` and starts over a minute after its close, with the
 * notice `day-restarted`. Either way the first batches hold the day so far, its trades marked as backfilled and
 * without books but the latest.
 *
 * The same seed and day give the same trades in every run. On a clock of its own the market waits for a slow
 * consumer; what is due is generated as it is taken, so that nothing piles up.
 *
 * @throws ARGUMENT_INVALID
 */
export function createSimulatedFeed(
  { liveDay, startAt = "10:00", speed = 1, skipBreaks = true, seed = DEMO_SEED }: SimulatedFeedOptions,
  { logger, nowMs = Date.now, schedule = scheduleOnTimers }: SimulatedFeedDependencies,
): MarketFeed {
  const startMinute = minuteOfStart(startAt);
  if (!isWorkingDate("hose", liveDay)) throw invalid("liveDay", liveDay, "a trading day of HOSE");
  if (!(speed > 0 && speed <= FASTEST)) throw invalid("speed", speed, `a number above 0 up to ${FASTEST}`);
  const dayMs = tradingDateToEpochMs(liveDay);
  const atMinute = (minute: number) => dayMs + minute * MS_PER_MINUTE;

  const followsMachine =
    tradingDateOf(nowMs()) === liveDay && isDataDue(sessionPhaseAt(SIMULATED_EXCHANGE, nowMs(), factsCalendar()));
  const demoClock = followsMachine
    ? undefined
    : new DemoClock(atMinute(startMinute), pacesOfDay(atMinute, { speed, skipBreaks }), nowMs);
  const clock: FeedClock = demoClock ?? { nowMs, isDetached: false };
  const present = () => demoClock?.attend() ?? nowMs();
  const waitMs = (marketTimeMs: number) => demoClock?.waitMs(marketTimeMs) ?? marketTimeMs - nowMs();

  let preparedDay: SimulatedDay | undefined;
  const day = () => {
    preparedDay ??= simulateDay({ seed, date: liveDay });
    return preparedDay;
  };
  let hasConsumer = false;
  let reconnectReason: string | undefined;

  function notice(kind: FeedNotice["notice"], message: string): FeedNotice {
    return { kind: "notice", notice: kind, atMs: clock.nowMs(), message };
  }

  async function* events(signal: AbortSignal): AsyncGenerator<readonly FeedEvent[], void> {
    if (signal.aborted) return;
    if (hasConsumer) throw new WorkbenchError("INTERNAL", "invalid consumer: the simulated feed has one already");
    hasConsumer = true;
    try {
      yield [notice("connected", `the demo market of ${liveDay} is simulated`)];
      while (!signal.aborted) {
        yield* playDay(signal);
        if (demoClock === undefined) yield* waitUntil(Infinity, signal);
        if (signal.aborted) return;
        demoClock?.restart();
        logger.info({ liveDay }, "the simulated day starts over");
        yield [notice("day-restarted", `${liveDay} begins again at ${startAt}`)];
      }
    } finally {
      hasConsumer = false;
    }
  }

  async function* playDay(signal: AbortSignal): AsyncGenerator<readonly FeedEvent[], void> {
    const pastUntilMs = present();
    const lastBooksMs = pastUntilMs - MS_PER_MINUTE;
    yield dayReferences(day()).map((reference) => ({ ...reference, receivedAtMs: pastUntilMs }));
    for (let minute = FIRST_EVENT_MINUTE; minute <= LAST_EVENT_MINUTE; minute++) {
      if (signal.aborted) return;
      const all = minuteEvents(day(), minute);
      const firstDue = all.findIndex((event) => eventTimeOf(event) > pastUntilMs);
      const past = (firstDue === -1 ? all : all.slice(0, firstDue))
        .filter((event) => event.kind !== "book" || event.eventTimeMs > lastBooksMs)
        .map((event) => asPast(event, pastUntilMs));
      if (past.length > 0) yield past;
      if (firstDue !== -1) yield* playEvents(all.slice(firstDue), signal);
    }
    yield* waitUntil(atMinute(LAST_EVENT_MINUTE + REST_MINUTES), signal);
  }

  /** Ascending events, each as soon as market time reaches it. */
  async function* playEvents(
    ascending: readonly MarketEvent[],
    signal: AbortSignal,
  ): AsyncGenerator<readonly FeedEvent[], void> {
    let next = 0;
    while (next < ascending.length) {
      yield* waitUntil(eventTimeOf(ascending[next]!), signal);
      if (signal.aborted) return;
      const receivedAtMs = present();
      const first = next;
      while (next < ascending.length && next - first < BATCH_EVENTS && eventTimeOf(ascending[next]!) <= receivedAtMs) {
        next++;
      }
      if (next > first) yield ascending.slice(first, next).map((event) => ({ ...event, receivedAtMs }));
    }
  }

  /** Waits for a market time; what is yielded meanwhile tells of the connection. */
  async function* waitUntil(marketTimeMs: number, signal: AbortSignal): AsyncGenerator<readonly FeedNotice[], void> {
    while (!signal.aborted) {
      if (reconnectReason !== undefined) {
        const reason = reconnectReason;
        reconnectReason = undefined;
        yield [
          notice("disconnected", reason),
          notice("connecting", "at once"),
          notice("connected", `after: ${reason}`),
        ];
      }
      if (present() >= marketTimeMs) return;
      const untilNextLookMs = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, waitMs(marketTimeMs)));
      await waitFor(untilNextLookMs, schedule, signal);
    }
  }

  return {
    name: "simulated",
    dataset: "simulated",
    symbols: [],
    clock,
    events,
    reconnect: (reason) => {
      reconnectReason = reason;
    },
    history: simulatedHistory(day, clock),
  };
}

/**
 * The day that the demo market lives through: the first trading day of HOSE after the last one of its stored candles
 * whose hours are not over yet. On a Sunday it is Monday, in the future of the machine's clock.
 */
export function liveDemoDay(lastCompleted: TradingDate, nowMs: number): TradingDate {
  const isOver = (date: TradingDate) => tradingDateToEpochMs(date) + LAST_EVENT_MINUTE * MS_PER_MINUTE <= nowMs;
  let date = nextWorkingDate("hose", lastCompleted);
  while (isOver(date)) date = nextWorkingDate("hose", date);
  return date;
}

function minuteOfStart(startAt: string): number {
  const match = /^(\d{2}):([0-5]\d)$/.exec(startAt);
  const minute = match === null ? NaN : Number(match[1]) * 60 + Number(match[2]);
  if (minute >= FIRST_EVENT_MINUTE && minute <= LATEST_START_MINUTE) return minute;
  throw invalid("startAt", startAt, "a time as HH:MM from 09:00 to 14:45");
}

function pacesOfDay(
  atMinute: (minute: number) => number,
  { speed, skipBreaks }: { readonly speed: number; readonly skipBreaks: boolean },
): Pace[] {
  const endMs = atMinute(LAST_EVENT_MINUTE + REST_MINUTES);
  if (!skipBreaks) return [{ untilMs: endMs, rate: speed }];
  const paces = BREAKS.flatMap(({ fromMinute, toMinute }) => [
    { untilMs: atMinute(fromMinute), rate: speed },
    { untilMs: atMinute(toMinute), rate: speed * (toMinute - fromMinute) },
  ]);
  return [...paces, { untilMs: endMs, rate: speed }];
}

function asPast(event: MarketEvent, receivedAtMs: number): MarketEvent {
  return event.kind === "tick" ? { ...event, receivedAtMs, isBackfill: true } : { ...event, receivedAtMs };
}

function eventTimeOf(event: MarketEvent): number {
  return event.kind === "reference" ? event.receivedAtMs : event.eventTimeMs;
}

function invalid(field: string, value: unknown, accepted: string): WorkbenchError {
  return new WorkbenchError("ARGUMENT_INVALID", `invalid ${field}: ${value} (accepted: ${accepted})`, {
    details: { [field]: value },
  });
}
