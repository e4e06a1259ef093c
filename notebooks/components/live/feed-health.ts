import { element } from "../element.js";
import { formatNumber } from "../format/number-format.js";
import { formatAge, formatInstant, formatTime } from "../format/time-format.js";
import { showText } from "./flash.js";
import type { LiveMarket } from "./live.js";
import { followFace } from "./live-badge.js";
import { liveFace } from "./live-face.js";
import { isClockDetached, type LiveState, marketTimeAt } from "./live-state.js";

export const FEED_STATE_IN_WORDS = {
  connecting: "Connecting",
  live: "Live",
  stale: "Stale",
  gap: "Trades missing",
  replaying: "Replaying",
  "closed-market": "Market closed",
  down: "Down",
} as const;

/** The feed in six short facts, each with what it rests on. */
export function feedHealth(live: LiveMarket): HTMLElement {
  const names = ["Feed", "State", "Last data", "Trades a second", "Delay, half and 99%", "Connection"];
  const cells = names.map((name) => {
    const value = element("dd", { class: "number" }, "–");
    const detail = element("dd", { class: "statistics-detail" });
    return { node: element("div", {}, element("dt", {}, name), value, detail), value, detail };
  });
  const node = element(
    "dl",
    { class: "statistics feed-health" },
    cells.map((cell) => cell.node),
  );
  followFace(live, node, () => {
    const nowMs = Date.now();
    const face = liveFace(live.state.value, nowMs);
    if (face) node.setAttribute("data-live", face.badge);
    else node.removeAttribute("data-live");
    facts(live, nowMs).forEach(([value, detail], index) => {
      const cell = cells[index];
      if (!cell) return;
      if (index === 1 || index === 5) showText(cell.value, value);
      else cell.value.textContent = value;
      cell.detail.textContent = detail;
      cell.detail.title = detail;
    });
  });
  return node;
}

function facts(live: LiveMarket, nowMs: number): (readonly [string, string])[] {
  const state = live.state.value;
  const { status } = state;
  const delay = (share: number) => {
    const ms = live.latency.quantile(share);
    return Number.isFinite(ms) ? formatNumber(ms, 0) : "–";
  };
  return [
    [
      status?.feed ?? "–",
      status
        ? `${status.dataset === "simulated" ? "simulated market" : "market"}${isClockDetached(state) ? ", demo clock" : ""}`
        : "",
    ],
    stateFact(state),
    [
      formatAge(lastDataAge(state, nowMs)),
      status?.lastEventTimeMs ? `event time ${formatInstant(status.lastEventTimeMs)}` : "none yet",
    ],
    [formatNumber(live.tickRate.perSecond(nowMs), 1), "seen by this page, over ten seconds"],
    [`${delay(0.5)} · ${delay(0.99)} ms`, `${formatNumber(live.latency.total, 0)} trades, server to page`],
    connectionFact(state, nowMs),
  ];
}

/** How old the last data is; while nobody says what time it is on the market, by as much more as has passed here. */
export function lastDataAge(state: LiveState, nowMs: number): number {
  const { link, status, statusAtMs } = state;
  const unheardMs = link.kind === "open" ? 0 : Math.max(0, nowMs - statusAtMs);
  return (marketTimeAt(state, nowMs) ?? Number.NaN) + unheardMs - (status?.lastEventTimeMs ?? Number.NaN);
}

/** The feed's state and why, as far as the server can still be heard. */
export function stateFact({ link, status }: LiveState): readonly [string, string] {
  if (!status) return ["–", ""];
  const state = FEED_STATE_IN_WORDS[status.state];
  if (link.kind !== "open") return ["Offline", `the server does not answer; before that: ${state.toLowerCase()}`];
  return [state, `${status.reason}; since ${formatTime(status.sinceMs)}`];
}

function connectionFact({ link }: LiveState, nowMs: number): readonly [string, string] {
  switch (link.kind) {
    case "none":
      return ["None", "nothing moves on this page"];
    case "connecting":
      return ["Connecting", ""];
    case "open":
      return ["Open", `for ${formatAge(nowMs - link.sinceMs)}`];
    case "cut":
      return ["Cut", `for ${formatAge(nowMs - link.sinceMs)}; next try in ${formatAge(link.nextTryAtMs - nowMs)}`];
  }
}
