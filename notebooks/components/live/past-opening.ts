import type { Dataset } from "../../engine/market-data/dataset.js";
import { type LiveState, marketTimeAt } from "./live-state.js";

/** On both sides of the opening: trades within it may come from the store, by the stream, or both. */
export const OVERLAP_MS = 10_000;
/** What was streamed just before a page listened is stored within this time, unless the server is in trouble. */
export const STORED_WITHIN_MS = 2_500;

/** The stretch before a page followed the stream, by event time. */
export interface PastStretch {
  readonly dataset: Dataset;
  readonly fromMs: number;
  /** The last trade before the opening, or the opening. */
  readonly lastMs: number;
  /** Not included; a little after the opening, so that nothing falls between the store and the stream. */
  readonly toMs: number;
}

/**
 * The last `lengthMs` with trades before a page follows the present; `undefined` while it does not, or has no trade to
 * end with. After the close it ends with the last trade.
 */
export function pastStretch(state: LiveState, lengthMs: number, nowMs: number): PastStretch | undefined {
  const { link, status, replay } = state;
  if (link.kind !== "open" || replay || !status || status.feed === "none" || status.state === "replaying") return;
  const marketTimeMs = marketTimeAt(state, nowMs);
  if (marketTimeMs === undefined || status.lastEventTimeMs === null) return;
  const lastMs = Math.min(marketTimeMs, status.lastEventTimeMs);
  return { dataset: status.dataset, fromMs: lastMs - lengthMs, lastMs, toMs: marketTimeMs + OVERLAP_MS };
}

/** Resolves after `delayMs`, or at once when `signal` aborts. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    const timer = setTimeout(resolve, delayMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
