import type { RunSummary } from "../../../contracts/workflow-api.js";
import type { PruneReason } from "../../../engine/workflow/run-event.js";
import type { StepView } from "./run-view.js";

const PRUNE_WORDS: Readonly<Record<PruneReason, string>> = {
  "condition-false": "condition false",
  "upstream-failed": "upstream failed",
  "upstream-pruned": "upstream pruned",
  disabled: "disabled",
};

export function pruneWords(reason: PruneReason | null): string {
  return reason === null ? "not run" : PRUNE_WORDS[reason];
}

/** Every state has a word and a sign of its own, so that no colour is needed to tell them apart. */
export const STEP_SIGNS: Readonly<Record<StepView["state"], string>> = {
  waiting: "○",
  running: "▶",
  retrying: "↻",
  succeeded: "✓",
  failed: "✕",
  pruned: "–",
};

export const RUN_WORDS: Readonly<Record<RunSummary["status"], string>> = {
  queued: "waiting",
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
  "timed-out": "out of time",
};

/** `12 ms`, `3.4 s`, `2 min 5 s`. */
export function durationWords(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1_000).toFixed(1)} s`;
  return `${Math.floor(durationMs / 60_000)} min ${Math.round((durationMs % 60_000) / 1_000)} s`;
}

const SAIGON_TIME = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Ho_Chi_Minh",
  dateStyle: "short",
  timeStyle: "medium",
});

/** `2026-11-20 14:30:05`, in Ho Chi Minh City. */
export function saigonTime(atMs: number): string {
  return SAIGON_TIME.format(atMs);
}
