/**
 * What a feed's data is worth, by the age of the data against the session, not by the socket:
 * `connecting` until the first data; `live`; `stale` when a session is on and nothing came for too long; `gap` while
 * trades are known to be missing; `replaying` for a past tape; `closed-market` when nothing is due; `down` when the
 * connection is lost and was not regained.
 */
export const FEED_STATES = ["connecting", "live", "stale", "gap", "replaying", "closed-market", "down"] as const;

export type FeedState = (typeof FEED_STATES)[number];

export interface FeedStatus {
  readonly state: FeedState;
  /** Since when, on the feed's clock. */
  readonly sinceMs: number;
  /** In words, for a person. */
  readonly reason: string;
  /** When data last came in and the latest event time it carried; `undefined` before the first. */
  readonly lastReceivedAtMs: number | undefined;
  readonly lastEventTimeMs: number | undefined;
}
