import { FEED_STATES, type FeedState } from "../../engine/live-market/feed-status.js";
import { element } from "../element.js";
import { formatAge, formatInstant } from "../format/time-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { findCompanion } from "./companion.js";
import { FEED_STATE_IN_WORDS } from "./feed-health.js";
import type { LiveMarket } from "./live.js";
import { followFace } from "./live-badge.js";
import { type LiveState, marketTimeAt } from "./live-state.js";
import { whileShown } from "./shown-element.js";

const HISTORY_ADDRESS = "/api/market/feed";
const MOST_ENTRIES = 100;

export interface FeedStateEntry {
  readonly state: FeedState;
  readonly sinceMs: number;
  readonly reason: string;
}

/**
 * The states of the feed that is followed, newest first, from a server's answer; entries that cannot be read are left
 * out.
 */
export function readFeedHistory(answer: unknown): FeedStateEntry[] {
  const states = field(answer, "states");
  const feed = field(field(answer, "status"), "feed");
  if (!Array.isArray(states)) return [];
  return states
    .filter((entry) => feed === undefined || field(entry, "feed") === feed)
    .flatMap((entry): FeedStateEntry[] => {
      const state = FEED_STATES.find((each) => each === field(entry, "state"));
      const sinceMs = Date.parse(String(field(entry, "since")));
      return state && Number.isFinite(sinceMs)
        ? [{ state, sinceMs, reason: String(field(entry, "reason") ?? "") }]
        : [];
    })
    .sort((a, b) => b.sinceMs - a.sinceMs)
    .slice(0, MOST_ENTRIES);
}

/** The list with a state in front of it, unless it stands there already. */
export function withPresentState(history: readonly FeedStateEntry[], present: FeedStateEntry): FeedStateEntry[] {
  const last = history[0];
  if (last && last.state === present.state && last.sinceMs >= present.sinceMs) return [...history];
  return [present, ...history.filter(({ sinceMs }) => sinceMs !== present.sinceMs)].slice(0, MOST_ENTRIES);
}

/** When the feed was in which state, and why: newest first, with how long each lasted. */
export function feedHistory(live: LiveMarket): HTMLElement {
  let history: FeedStateEntry[] = [];
  const troubles = element("p", { class: "feed-troubles muted" });
  const list = element("ol", {
    class: "feed-history",
    tabindex: "0",
    "aria-label": "States of the feed, newest first",
  });
  const figure = figureFrame({
    title: "States of the feed",
    subtitle: "judged by the age of the data against the session, not by the connection; feed's clock",
    body: element("div", {}, list, troubles),
    provenance: { source: "kept by the server", asOf: "", rows: Number.NaN, dataset: "market", excluded: "" },
    fileName: "feed-states",
    hasPicture: false,
    data: () => ({
      state: history.map(({ state }) => state),
      since: history.map(({ sinceMs }) => new Date(sinceMs).toISOString()),
      reason: history.map(({ reason }) => reason),
    }),
  });
  const refresh = async () => {
    const answer = await askHistory();
    if (answer === undefined) return;
    history = readFeedHistory(answer);
    troubles.textContent = readFeedTroubles(answer);
    take(live.state.value);
  };
  void refresh();
  let state: FeedState | undefined;
  whileShown<LiveState>(
    figure,
    (listener) => live.state.follow(listener),
    (next) => {
      take(next);
      if (state !== undefined && next.status && next.status.state !== state) void refresh();
      state = next.status?.state;
    },
  );
  followFace(live, figure, showLengths);
  return figure;

  function take({ status }: LiveState): void {
    if (status && status.feed !== "none") {
      history = withPresentState(history, { state: status.state, sinceMs: status.sinceMs, reason: status.reason });
    }
    if (
      history.length === list.children.length &&
      list.firstElementChild?.getAttribute("data-since") === String(history[0]?.sinceMs)
    )
      return;
    list.replaceChildren(...history.map(historyItem));
    if (history.length === 0) list.append(element("li", { class: "muted" }, "No state is known yet."));
    showLengths();
  }

  function showLengths(): void {
    history.forEach(({ sinceMs }, index) => {
      const until = index === 0 ? marketTimeAt(live.state.value, Date.now()) : history[index - 1]?.sinceMs;
      const length = list.children[index]?.querySelector(".feed-history-length");
      if (length) length.textContent = formatAge((until ?? Number.NaN) - sinceMs);
    });
  }
}

function historyItem({ state, sinceMs, reason }: FeedStateEntry): HTMLElement {
  return element(
    "li",
    { "data-since": sinceMs },
    element("span", { class: `feed-state feed-state-${state}` }, FEED_STATE_IN_WORDS[state]),
    element("span", { class: "number muted" }, formatInstant(sinceMs)),
    element("span", { class: "number feed-history-length" }),
    element("span", { class: "feed-history-reason" }, reason),
  );
}

/** What went wrong on the day and is known: incidents that are open, gaps and how many of them were filled. */
export function readFeedTroubles(answer: unknown): string {
  const incidents = field(answer, "openIncidents");
  const gapCounts = field(answer, "gapCounts");
  const messages = Array.isArray(incidents) ? incidents.map((incident) => String(field(incident, "message"))) : [];
  const found = count(field(gapCounts, "found"));
  const filled = found - count(field(gapCounts, "open"));
  const ofGaps =
    found === 0
      ? "No gap was found in the day's trades"
      : `${found} ${found === 1 ? "gap" : "gaps"} in the day's trades, ${filled} filled`;
  return [ofGaps, ...messages.map((message) => `Open: ${message}`)].join(". ");
}

async function askHistory(): Promise<unknown> {
  if ((await findCompanion()) !== "stream") return undefined;
  try {
    const answer = await fetch(HISTORY_ADDRESS);
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
