const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/**
 * Milliseconds to wait before try number `attempt` (from 0) to connect again: doubling from half a second to half a
 * minute, of which half is left to chance, so that the pages of one server that restarts do not all come at once.
 */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 16));
  return ceiling * (0.5 + 0.5 * random());
}
