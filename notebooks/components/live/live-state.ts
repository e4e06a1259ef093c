import type { FeedStatusMessage } from "../../contracts/live-protocol.js";

/** The connection between the page and the server. */
export type LiveLink =
  /** Nothing moves here: a file host, a server without a feed, or a stream of the other dataset. */
  | { readonly kind: "none"; readonly reason: "file-host" | "no-stream" | "other-dataset" | "asking" }
  | { readonly kind: "connecting" }
  | { readonly kind: "open"; readonly sinceMs: number }
  | { readonly kind: "cut"; readonly sinceMs: number; readonly nextTryAtMs: number; readonly reason: string };

/** A replay that this page has asked for. */
export interface ReplayStatus {
  readonly state: "running" | "paused" | "ended";
  readonly asOfMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly speed: number;
}

export interface LiveState {
  readonly link: LiveLink;
  readonly status: FeedStatusMessage | undefined;
  /** The page's clock when `status` came, to know market time between two of them. */
  readonly statusAtMs: number;
  readonly replay: ReplayStatus | undefined;
  /** What went wrong with the last request, in words. */
  readonly complaint: string | undefined;
}

export const NOT_LIVE: LiveState = {
  link: { kind: "none", reason: "asking" },
  status: undefined,
  statusAtMs: 0,
  replay: undefined,
  complaint: undefined,
};

/** Market time at an instant of the page's clock; `undefined` before the first status. */
export function marketTimeAt({ status, statusAtMs, replay, link }: LiveState, nowMs: number): number | undefined {
  if (replay) return replay.asOfMs;
  if (!status) return undefined;
  return link.kind === "open" ? status.marketTimeMs + Math.max(0, nowMs - statusAtMs) : status.marketTimeMs;
}

/** True while the market's clock is not the machine's, as in a demo day or a replayed tape. */
export function isClockDetached({ status }: LiveState): boolean {
  return status !== undefined && Math.abs(status.marketTimeMs - status.atMs) > 60_000;
}
