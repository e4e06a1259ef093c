import type { WorkbenchError } from "../../engine/errors.js";
import type { FeedNotice } from "../../engine/live-market/market-event.js";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { reconnectDelayMs } from "../reconnect-delay.js";

/** Wrong passwords count as so many failures more, and are tried slowly: an account may be locked after a few. */
const REFUSAL_FAILURES = 3;
const LONGEST_THROTTLE_MS = 600 * MS_PER_SECOND;

/** What to say of a failure to connect, and when to try again. */
export function afterFailure(
  { code, details }: WorkbenchError,
  failures: number,
  random: () => number,
): { notice: FeedNotice["notice"]; waitMs: number } {
  switch (code) {
    case "FEED_REFUSED": {
      const isLogin = "status" in details;
      return { notice: "refused", waitMs: reconnectDelayMs(failures + (isLogin ? REFUSAL_FAILURES : 0), random) };
    }
    case "RATE_LIMITED": {
      const askedMs = typeof details.retryAfterMs === "number" ? details.retryAfterMs : 0;
      const waitMs = Math.min(LONGEST_THROTTLE_MS, Math.max(reconnectDelayMs(failures, random), askedMs));
      return { notice: "throttled", waitMs };
    }
    default:
      return { notice: "disconnected", waitMs: reconnectDelayMs(failures, random) };
  }
}

export function nextTryText(waitMs: number): string {
  return waitMs === 0 ? "trying again now" : `next try in ${(waitMs / MS_PER_SECOND).toFixed(1)} s`;
}
