import type { JobsAnswer, RunJobMessage } from "../../contracts/jobs-api.js";
import { formatAge, formatTime } from "../format/time-format.js";
import type { JobState } from "./jobs-client.js";

export const STATE_FILTERS = [
  { value: "all", label: "All" },
  { value: "working", label: "At work" },
  { value: "waiting", label: "Waiting" },
  { value: "retrying", label: "Failed" },
  { value: "dead", label: "Dead" },
] as const satisfies readonly { value: JobState | "all"; label: string }[];

export type StateFilter = (typeof STATE_FILTERS)[number]["value"];

/** Each state with a mark of its own, so that colour is not all there is. */
export const STATE_WORDS: Readonly<
  Record<JobState, { readonly mark: string; readonly word: string; readonly badge: string }>
> = {
  working: { mark: "▶", word: "at work", badge: "live" },
  waiting: { mark: "○", word: "waiting", badge: "snapshot" },
  retrying: { mark: "△", word: "failed", badge: "severity-warning" },
  dead: { mark: "✕", word: "dead", badge: "severity-error" },
};

/** What the queue says in one line. */
export function queueWords({ working, waiting, retrying, dead }: JobsAnswer["counts"]): string {
  const all = working + waiting + retrying + dead;
  if (all === 0) return "The queue is empty";
  const parts = [
    `${count(working)} at work`,
    `${count(waiting)} waiting`,
    ...(retrying > 0 ? [`${count(retrying)} to be tried again`] : []),
    ...(dead > 0 ? [`${count(dead)} dead`] : []),
  ];
  return parts.join(" · ");
}

/** Since when, until when, or why not. */
export function whenWords(
  { state, queuedAtMs, startedAtMs, dueAtMs, endedAtMs }: RunJobMessage,
  nowMs: number,
): string {
  switch (state) {
    case "working":
      return `for ${formatAge(nowMs - (startedAtMs ?? nowMs))}`;
    case "waiting":
      return `since ${formatAge(nowMs - queuedAtMs)}`;
    case "retrying":
      return dueAtMs !== null && dueAtMs > nowMs ? `again in ${formatAge(dueAtMs - nowMs)}` : "again now";
    case "dead":
      return `at ${formatTime(endedAtMs ?? queuedAtMs)}`;
  }
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
