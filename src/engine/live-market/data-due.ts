import { MS_PER_SECOND } from "../units/epoch-ms.js";
import { tradingDateOf, tradingDayNumberOf } from "../units/trading-date.js";
import { PRICE_FORMING_BOARDS } from "./board.js";
import type { SessionChange, Tick } from "./market-event.js";
import type { SessionPhase } from "./session-phase.js";
import { type Calendar, isDataDue, sessionPhaseAt } from "./session-schedule.js";

export interface DataDueOptions {
  /** Whose sessions say when data is due. */
  readonly exchange: string;
  readonly calendar: Calendar;
  /** Trades with event times further from the clock say nothing of the present. */
  readonly lateAfterMs: number;
}

/** Trades this far from the exchange's hours show that the schedule is wrong, and for how long each of them does. */
const OFF_SCHEDULE_MARGIN_MS = 120 * MS_PER_SECOND;
const OFF_SCHEDULE_MEMORY_MS = 60 * MS_PER_SECOND;

const CLOSED_REASONS: Readonly<Partial<Record<SessionPhase, string>>> = {
  "pre-open": "the session has not begun",
  lunch: "the exchange is at lunch",
  plo: "only trading at the closing price is left of the day",
  "put-through": "only put-through deals are left of the day",
  halt: "the exchange has halted trading",
};

/**
 * Whether a feed has to bring data at a market time: in the auctions and in continuous trading of the exchange, by the
 * schedule. Two things overrule it: a halt that the feed reported, until it reports another phase or the day ends; and
 * trades of the present time at least two minutes away from the hours of the exchange, for a minute, since the calendar
 * must be wrong then.
 */
export class DataDue {
  readonly #options: DataDueOptions;
  #sinceMs = -Infinity;
  #tradedOffScheduleAtMs = -Infinity;
  #haltedDay: number | undefined;

  constructor(options: DataDueOptions) {
    this.#options = options;
  }

  /** Since when data has been due; −∞ while it is not. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  look(nowMs: number): void {
    if (this.#haltedDay !== undefined && this.#haltedDay !== tradingDayNumberOf(nowMs)) this.#haltedDay = undefined;
    if (!this.#isDue(nowMs)) this.#sinceMs = -Infinity;
    else if (this.#sinceMs === -Infinity) this.#sinceMs = nowMs;
  }

  /** The clock was set: remembered instants move along. */
  moveInstants(byMs: number): void {
    this.#sinceMs += byMs;
    this.#tradedOffScheduleAtMs += byMs;
  }

  traded(tick: Tick, nowMs: number): void {
    if (!this.#isOffSchedule(tick, nowMs)) return;
    this.#tradedOffScheduleAtMs = nowMs;
    if (this.#sinceMs === -Infinity) this.#sinceMs = nowMs;
  }

  hear({ market, board, phase }: SessionChange, nowMs: number): void {
    if (market !== this.#options.exchange || (board !== undefined && board !== "G1")) return;
    this.#haltedDay = phase === "halt" ? tradingDayNumberOf(nowMs) : undefined;
  }

  /** Why no data is due, in words. */
  closedReason(nowMs: number): string {
    const phase = this.#haltedDay === undefined ? this.#scheduledPhase(nowMs) : "halt";
    const { exchange, calendar } = this.#options;
    const isTradingDay = calendar.isTradingDay(exchange, tradingDateOf(nowMs));
    return CLOSED_REASONS[phase] ?? (isTradingDay ? "the exchange is closed" : "no trading today");
  }

  #isDue(nowMs: number): boolean {
    if (this.#haltedDay !== undefined) return false;
    if (nowMs - this.#tradedOffScheduleAtMs <= OFF_SCHEDULE_MEMORY_MS) return true;
    return isDataDue(this.#scheduledPhase(nowMs));
  }

  #isOffSchedule({ board, eventTimeMs }: Tick, nowMs: number): boolean {
    if (!PRICE_FORMING_BOARDS.has(board) || Math.abs(nowMs - eventTimeMs) > this.#options.lateAfterMs) return false;
    return [-OFF_SCHEDULE_MARGIN_MS, 0, OFF_SCHEDULE_MARGIN_MS].every(
      (marginMs) => this.#scheduledPhase(nowMs + marginMs) === "closed",
    );
  }

  #scheduledPhase(instantMs: number): SessionPhase {
    return sessionPhaseAt(this.#options.exchange, instantMs, this.#options.calendar);
  }
}
