import { LONGEST_RECONNECT_DELAY_MS, reconnectDelayMs } from "../reconnect-delay.js";

/**
 * Why a connection is over. `lost`: to be made again, later with every failure. `refused`: the server does not want these
 * credentials. `busy`: it has too much to do. `renewed`: nothing is wrong, but a new one is due. `asked`: the feed was told
 * to connect anew. `stopped`: nobody wants the feed any more.
 */
export interface ConnectionEnd {
  readonly kind: "lost" | "refused" | "busy" | "renewed" | "asked" | "stopped";
  readonly reason: string;
  /** Whether it ever came to work: data came in, or all subscriptions were answered. */
  readonly hasWorked: boolean;
  /** The server's clock minus the machine's, when that is why it refused. */
  readonly clockOffsetMs?: number | undefined;
}

/** What a busy server is given before it is asked again, at least. */
const BUSY_DELAY_MS = 15_000;
/** A connection that is renewed sooner than this is made anew with a delay, as after a failure. */
const SHORTEST_LIFE_MS = 10_000;

/**
 * How long to wait before the next connection; 0 when nothing is wrong. `failures` counts this end too, if it is one.
 * Refused credentials are tried at the slowest pace, unless the clock was the reason.
 */
export function delayAfter(
  end: ConnectionEnd,
  { livedMs, failures, random }: { readonly livedMs: number; readonly failures: number; readonly random: () => number },
): number {
  if (isNoFailure(end, livedMs)) return 0;
  const delayMs = reconnectDelayMs(failures, random);
  if (end.kind === "busy") return Math.max(delayMs, BUSY_DELAY_MS);
  return end.kind === "refused" && end.clockOffsetMs === undefined ? LONGEST_RECONNECT_DELAY_MS : delayMs;
}

/** Whether the next connection is due at once. */
export function isNoFailure({ kind }: ConnectionEnd, livedMs: number): boolean {
  return kind === "asked" || (kind === "renewed" && livedMs >= SHORTEST_LIFE_MS);
}
