import type { WatchedTime } from "./cron-watch.js";

/** The clock and the time awake may part by so much, in ms, before the difference counts as a break. */
const BREAK_MS = 60_000;

/**
 * Tells at each call the time and since when this process has been awake without a break. `uptimeMs` stands still while
 * the machine sleeps: when the clock goes on without it, or is set forward, nobody watched what it passed over.
 */
export function unbrokenWatch({
  nowMs,
  uptimeMs,
}: {
  readonly nowMs: () => number;
  readonly uptimeMs: () => number;
}): () => WatchedTime {
  let watchedSinceMs = nowMs();
  let apartMs = watchedSinceMs - uptimeMs();
  return () => {
    const time = nowMs();
    const nowApartMs = time - uptimeMs();
    if (Math.abs(nowApartMs - apartMs) > BREAK_MS) {
      watchedSinceMs = time;
      apartMs = nowApartMs;
    }
    return { nowMs: time, watchedSinceMs };
  };
}
