import { LIVE_LIMITS } from "../../contracts/live-protocol.js";

/** What one hub grants its clients; `LIVE_LIMITS` are those that clients know of. */
export interface HubLimits extends Readonly<Record<keyof typeof LIVE_LIMITS, number>> {
  /** Least milliseconds between two frames of trades to one client. */
  readonly flushMs: number;
  /** The same for quotes, where the latest replaces those before. */
  readonly quotesMs: number;
  /** Share of the time that may be spent on sending: a flush that took long puts the next one off. */
  readonly busyShare: number;
  /** Bytes that may wait for one client before its updates are conflated. */
  readonly backlogBytes: number;
  /** The same for all clients together: with many, each may have less. */
  readonly totalBacklogBytes: number;
  /** Seconds after which a client that is still too slow is closed. */
  readonly slowSeconds: number;
  /** Snapshots of more bytes are deflated for clients that can read it. */
  readonly deflateAboveBytes: number;
  /** How long a client may take to answer the closing of the connection, in ms. */
  readonly closingMs: number;
}

export const HUB_LIMITS: HubLimits = {
  ...LIVE_LIMITS,
  flushMs: 5,
  quotesMs: 100,
  busyShare: 0.5,
  backlogBytes: 1 << 20,
  totalBacklogBytes: 256 << 20,
  slowSeconds: 30,
  deflateAboveBytes: 32_768,
  closingMs: 2_000,
};
