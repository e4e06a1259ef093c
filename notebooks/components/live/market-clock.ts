import type { SessionPhase } from "../../engine/live-market/session-phase.js";
import {
  type Calendar,
  factsCalendar,
  nextSessionChange,
  sessionPhaseAt,
  sessionSegments,
} from "../../engine/live-market/session-schedule.js";
import { element } from "../element.js";
import { formatDayInWords } from "../format/date-format.js";
import { formatAge, formatTime } from "../format/time-format.js";
import { formatMinute, minuteOfDay } from "../market/session-clock.js";
import type { LiveMarket } from "./live.js";
import { followFace } from "./live-badge.js";
import { liveDayMs } from "./live-price.js";
import { isClockDetached, marketTimeAt } from "./live-state.js";

export const PHASE_IN_WORDS: Readonly<Record<SessionPhase, string>> = {
  "pre-open": "before the opening",
  ato: "opening auction",
  continuous: "continuous",
  lunch: "lunch",
  atc: "closing auction",
  plo: "trading at the close",
  "put-through": "put-through only",
  halt: "halted",
  closed: "closed",
};

const EXCHANGES = [
  { exchange: "HOSE", label: "HOSE" },
  { exchange: "HNX", label: "HNX" },
  { exchange: "UPCOM", label: "UPCOM" },
  { exchange: "HNX_DER", label: "Derivatives" },
] as const;
const DAY = { begin: 8 * 60 + 30, end: 15 * 60 + 15 } as const;

/** Market time, and what each exchange is doing: its day as a track, with the present on it. */
export function marketClock(live: LiveMarket): HTMLElement {
  const calendar = factsCalendar();
  const time = element("span", { class: "market-clock-time number" }, "–");
  const day = element("span", { class: "muted" });
  const note = element("span", { class: "market-clock-note" });
  const rows = EXCHANGES.map(({ exchange, label }) => exchangeRow(exchange, label, calendar));
  const node = element(
    "figure",
    { class: "figure market-clock", "aria-label": "Market time and sessions" },
    element("h2", { class: "figure-title" }, "Market time"),
    element("p", { class: "figure-subtitle" }, "sessions of round lots, hours of Asia/Ho_Chi_Minh"),
    element("div", { class: "market-clock-head" }, time, day, note),
    rows.map(({ node: row }) => row),
    hourMarks(),
  );
  followFace(live, node, () => {
    const state = live.state.value;
    const nowMs = marketTimeAt(state, Date.now());
    if (nowMs === undefined) return;
    time.textContent = formatTime(nowMs);
    day.textContent = formatDayInWords(liveDayMs(nowMs));
    if (state.replay) note.textContent = "a past day, replayed";
    else note.textContent = isClockDetached(state) ? "demo clock: not the time of this machine" : "";
    for (const row of rows) row.show(nowMs);
  });
  return node;
}

function exchangeRow(exchange: string, label: string, calendar: Calendar) {
  const phaseText = element("span", { class: "market-clock-phase" });
  const marker = element("i", { class: "market-clock-now", hidden: true });
  const track = element(
    "span",
    { class: "market-clock-track", "aria-hidden": "true" },
    sessionSegments(exchange)
      .filter(({ phase }) => phase !== "pre-open" && phase !== "lunch")
      .map(({ phase, fromMinute, toMinute }) =>
        element("span", {
          class: `phase phase-${phase}`,
          style: `left:${place(fromMinute)}%;width:${place(toMinute) - place(fromMinute)}%`,
          title: `${PHASE_IN_WORDS[phase]} ${formatMinute(fromMinute)} to ${formatMinute(toMinute)}`,
        }),
      ),
    marker,
  );
  const node = element("div", { class: "market-clock-row" }, element("b", {}, label), track, phaseText);
  return {
    node,
    show(nowMs: number): void {
      const phase = sessionPhaseAt(exchange, nowMs, calendar);
      const next = nextSessionChange(exchange, nowMs, calendar);
      const until = Number.isFinite(next.atMs)
        ? ` · ${PHASE_IN_WORDS[next.phase]} in ${formatAge(next.atMs - nowMs)}`
        : "";
      phaseText.textContent = PHASE_IN_WORDS[phase] + until;
      const minute = minuteOfDay(nowMs);
      marker.hidden = minute < DAY.begin || minute > DAY.end;
      marker.style.left = `${place(minute)}%`;
    },
  };
}

function hourMarks(): HTMLElement {
  const hours = [9, 10, 11, 12, 13, 14, 15];
  return element(
    "div",
    { class: "market-clock-row market-clock-hours", "aria-hidden": "true" },
    element("b", {}),
    element(
      "span",
      { class: "market-clock-track" },
      hours.map((hour) => element("span", { class: "number", style: `left:${place(hour * 60)}%` }, String(hour))),
    ),
    element("span", {}),
  );
}

function place(minute: number): number {
  return (100 * (Math.min(Math.max(minute, DAY.begin), DAY.end) - DAY.begin)) / (DAY.end - DAY.begin);
}
