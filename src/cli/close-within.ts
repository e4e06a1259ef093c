import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";

/**
 * Waits for an end, but not for ever: what hangs in a lost connection must not keep a process that was told to stop.
 * What is stored is safe by then, since nothing counts as done before it is stored. False when it was left.
 */
export async function closeWithin(
  timeoutMs: number,
  what: string,
  close: () => Promise<void>,
  logger: Pick<Logger, "error">,
): Promise<boolean> {
  const waiting = new AbortController();
  const isOver = await Promise.race([
    close().then(() => true),
    delay(timeoutMs, false, { signal: waiting.signal }).catch(() => true),
  ]).finally(() => waiting.abort());
  if (!isOver) logger.error({ what, timeoutMs }, "it does not end, and is left");
  return isOver;
}
