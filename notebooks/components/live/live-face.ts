import { formatAge, formatInstant, formatTime } from "../format/time-format.js";
import type { DataState } from "../frame/state-badge.js";
import { type LiveState, marketTimeAt } from "./live-state.js";

/** What a server says while no feed has come to it yet: the page stays the snapshot that it is. */
const NO_FEED = "none";

/** How the state of the stream is shown: a badge, and the words beside it. */
export interface LiveFace {
  readonly badge: DataState;
  /** As-of time and age; empty where there is none. */
  readonly detail: string;
  /** The age alone, or what stands in its place, for narrow places. */
  readonly short: string;
  /** The whole of it in a sentence, for the pointer and for readers who do not see. */
  readonly sentence: string;
  /** The state without anything that ages: it is spoken once, and stays for whoever reads it later. */
  readonly spoken: string;
}

/** What a page says about its numbers at an instant of its own clock. */
export function liveFace(state: LiveState, nowMs: number): LiveFace | undefined {
  const { link, status, replay } = state;
  if (link.kind === "none" || !status || status.feed === NO_FEED) return undefined;
  const asOfMs = status.lastEventTimeMs ?? Number.NaN;
  const age = (marketTimeAt(state, nowMs) ?? Number.NaN) - asOfMs;
  const asOf = Number.isFinite(asOfMs) ? `as of ${formatTime(asOfMs)}` : "no data yet";
  const short = Number.isFinite(age) ? formatAge(age) : "";
  const withAge = Number.isFinite(age) ? `${asOf} · ${formatAge(age)}` : asOf;
  if (link.kind !== "open") {
    const away = link.kind === "cut" ? nowMs - link.sinceMs : Number.NaN;
    const since = link.kind === "cut" ? `, out of reach for ${formatAge(away)}` : "";
    return {
      badge: "offline",
      detail: asOf,
      short: formatTime(asOfMs),
      sentence: `The server does not answer${since}; the numbers are ${asOf}.`,
      spoken: `The server does not answer; the numbers are ${asOf}.`,
    };
  }
  if (replay) {
    const pace = replay.state === "running" ? `${replay.speed}×` : replay.state;
    return {
      badge: "replaying",
      detail: `${formatInstant(replay.asOfMs)} · ${pace}`,
      short: formatTime(replay.asOfMs),
      sentence: `The market as it was on ${formatInstant(replay.asOfMs)}, ${pace}.`,
      spoken: "A stretch of the past is replayed.",
    };
  }
  const sentence = `${status.reason} (${withAge})`;
  const spoken = status.reason;
  switch (status.state) {
    case "live":
      return { badge: "live", detail: withAge, short, sentence, spoken };
    case "stale":
      return { badge: "stale", detail: withAge, short, sentence, spoken };
    case "gap":
      return { badge: "stale", detail: `trades missing · ${withAge}`, short: "trades missing", sentence, spoken };
    case "replaying":
      return {
        badge: "replaying",
        detail: Number.isFinite(asOfMs) ? formatInstant(asOfMs) : "",
        short: formatTime(asOfMs),
        sentence,
        spoken,
      };
    case "closed-market":
      return { badge: "closed", detail: asOf, short: formatTime(asOfMs), sentence, spoken };
    case "connecting":
      return { badge: "stale", detail: "feed connecting", short: "feed connecting", sentence, spoken };
    case "down":
      return { badge: "offline", detail: `feed down · ${asOf}`, short: "feed down", sentence, spoken };
  }
}
