export const FIRST_RECONNECT_DELAY_MS = 1_000;
export const LONGEST_RECONNECT_DELAY_MS = 60_000;
/** Share of a delay by which it may be shorter or longer, so that clients do not come back all at once. */
const JITTER = 0.2;

/**
 * How long to wait before the next try to connect, after `failures` tries in a row that failed: 1, 2, 4 … 60 seconds,
 * each with up to a fifth more or less, and never above 60. `random` gives numbers from 0 up to 1.
 */
export function reconnectDelayMs(failures: number, random: () => number): number {
  const doubled = FIRST_RECONNECT_DELAY_MS * 2 ** Math.min(Math.max(failures - 1, 0), 30);
  const delayMs = Math.min(doubled, LONGEST_RECONNECT_DELAY_MS);
  return Math.min(delayMs * (1 - JITTER + 2 * JITTER * random()), LONGEST_RECONNECT_DELAY_MS);
}
