import { type HolidayCalendar, isWorkingDate } from "../market-data/holiday-calendar.js";
import { MS_PER_DAY, MS_PER_MINUTE } from "../units/epoch-ms.js";
import {
  TRADING_UTC_OFFSET_MS,
  type TradingDate,
  tradingDateOf,
  tradingDayNumberOf,
  tradingDayToEpochMs,
} from "../units/trading-date.js";
import type { SessionPhase } from "./session-phase.js";

/** Which days an exchange trades. */
export interface Calendar {
  isTradingDay(exchange: string, date: TradingDate): boolean;
}

/** Dates on which Vietnamese exchanges trade, as a source lists them from one date to another, both included. */
export interface ListedDates {
  readonly dates: ReadonlySet<TradingDate>;
  readonly from: TradingDate;
  readonly to: TradingDate;
}

export interface CalendarSources {
  /** What the broker announces. */
  readonly broker?: ListedDates | undefined;
  /** Dates with candles of an index: they tell of the past only. */
  readonly indexBars?: ListedDates | undefined;
  readonly facts?: Calendar | undefined;
}

/** A stretch of a trading day, in minutes from 00:00 Asia/Ho_Chi_Minh; `toMinute` is not part of it. */
export interface SessionSegment {
  readonly phase: SessionPhase;
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface NextSessionChange {
  /** `Infinity` when no change is in sight. */
  readonly atMs: number;
  readonly phase: SessionPhase;
}

/** From the hour at which the day's reference prices are given out. */
const PRE_OPEN = "08:00";

/**
 * Sessions of the Vietnamese markets since the trading system of May 2025, for round lots. The opening auction of
 * HOSE is matched at 09:15, the closing auctions at 14:45; odd lots follow the same hours without auctions of their
 * own, and put-through deals run beside the sessions until 15:00.
 */
const SEGMENTS: Readonly<Record<string, readonly SessionSegment[]>> = {
  HOSE: segments("pre-open 09:00 ato 09:15 continuous 11:30 lunch 13:00 continuous 14:30 atc 14:45 put-through 15:00"),
  HNX: segments("pre-open 09:00 continuous 11:30 lunch 13:00 continuous 14:30 atc 14:45 plo 15:00"),
  UPCOM: segments("pre-open 09:00 continuous 11:30 lunch 13:00 continuous 15:00"),
  HNX_DER: segments("pre-open 08:45 ato 09:00 continuous 11:30 lunch 13:00 continuous 14:30 atc 14:45"),
};

/** A venue without a schedule here trades around the clock, as those of crypto currencies do. */
const AROUND_THE_CLOCK: readonly SessionSegment[] = [{ phase: "continuous", fromMinute: 0, toMinute: 1_440 }];

const HOLIDAY_CALENDARS: Readonly<Record<string, HolidayCalendar>> = {
  HOSE: "hose",
  HNX: "hose",
  UPCOM: "hose",
  HNX_DER: "hose",
  DCE: "chinese-futures",
  SHFE: "chinese-futures",
  INE: "chinese-futures",
  CZCE: "chinese-futures",
};

/** More than the longest holiday. */
const LONGEST_BREAK_DAYS = 30;

/** Sessions of an exchange in ascending order, without the closed hours before and after them. */
export function sessionSegments(exchange: string): readonly SessionSegment[] {
  return Object.hasOwn(SEGMENTS, exchange) ? SEGMENTS[exchange]! : AROUND_THE_CLOCK;
}

/** The shipped holidays, and weekdays without the yearly holidays in years that are not announced yet. */
export function factsCalendar(): Calendar {
  return {
    isTradingDay: (exchange, date) => {
      const holidays = Object.hasOwn(HOLIDAY_CALENDARS, exchange) ? HOLIDAY_CALENDARS[exchange] : undefined;
      return holidays === undefined || isWorkingDate(holidays, date);
    },
  };
}

/**
 * The best source decides for each date: the broker's list if it covers the date, else the dates of index candles,
 * else the facts. Listed dates are of the Vietnamese exchanges; for all others the facts decide.
 */
export function calendarFrom({ broker, indexBars, facts = factsCalendar() }: CalendarSources): Calendar {
  return {
    isTradingDay: (exchange, date) => {
      if (HOLIDAY_CALENDARS[exchange] === "hose") {
        for (const listed of [broker, indexBars]) {
          if (listed !== undefined && date >= listed.from && date <= listed.to) return listed.dates.has(date);
        }
      }
      return facts.isTradingDay(exchange, date);
    },
  };
}

/** What the exchange is doing at an instant, by its schedule. */
export function sessionPhaseAt(exchange: string, instantMs: number, calendar: Calendar): SessionPhase {
  const minute = minuteOfDay(instantMs);
  const segment = sessionSegments(exchange).find(
    ({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute,
  );
  return segment !== undefined && calendar.isTradingDay(exchange, tradingDateOf(instantMs)) ? segment.phase : "closed";
}

/** The first instant after `instantMs` at which the phase is another one, and that phase. */
export function nextSessionChange(exchange: string, instantMs: number, calendar: Calendar): NextSessionChange {
  const present = sessionPhaseAt(exchange, instantMs, calendar);
  const today = tradingDayNumberOf(instantMs);
  for (let day = today; day <= today + LONGEST_BREAK_DAYS; day++) {
    const dayMs = tradingDayToEpochMs(day);
    for (const minute of boundaries(sessionSegments(exchange))) {
      const atMs = dayMs + minute * MS_PER_MINUTE;
      if (atMs <= instantMs) continue;
      const phase = sessionPhaseAt(exchange, atMs, calendar);
      if (phase !== present) return { atMs, phase };
    }
  }
  return { atMs: Infinity, phase: present };
}

/** Whether trades or orders of round lots are to be expected in a phase. */
export function isDataDue(phase: SessionPhase): boolean {
  return phase === "ato" || phase === "continuous" || phase === "atc";
}

function boundaries(all: readonly SessionSegment[]): number[] {
  return [...all.map(({ fromMinute }) => fromMinute), ...all.slice(-1).map(({ toMinute }) => toMinute)];
}

function minuteOfDay(instantMs: number): number {
  const sinceMidnightMs = (((instantMs + TRADING_UTC_OFFSET_MS) % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
  return sinceMidnightMs / MS_PER_MINUTE;
}

/** Reads `phase HH:MM phase HH:MM …`: each phase with the time at which it ends; the first begins at `PRE_OPEN`. */
function segments(description: string): SessionSegment[] {
  const words = description.split(" ");
  return Array.from({ length: words.length / 2 }, (_, index) => ({
    phase: words[2 * index] as SessionPhase,
    fromMinute: minutesOf(index === 0 ? PRE_OPEN : words[2 * index - 1]!),
    toMinute: minutesOf(words[2 * index + 1]!),
  }));
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
