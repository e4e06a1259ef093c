import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";

export interface RepeatOptions {
  readonly everyMs: number;
  /** After long work comes a longer pause: so many times as long. */
  readonly rest?: number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Does `work` every so often until `signal` aborts; a failure is logged and the next turn comes as usual. */
export async function repeat(
  { everyMs, rest = 0, signal, logger }: RepeatOptions,
  work: () => Promise<void>,
): Promise<void> {
  let restMs = everyMs;
  while (!signal.aborted) {
    await delay(restMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const startedAt = performance.now();
    await work().catch((error: unknown) => {
      logger.debug({ error: (error as Error).message }, "to be tried again");
    });
    restMs = Math.max(everyMs, rest * (performance.now() - startedAt));
  }
}
