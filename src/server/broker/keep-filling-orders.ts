import type { Logger } from "pino";
import type { RecordingBroker } from "./recording-broker.js";

const EVERY_MS = 15_000;

/** Looks now and then whether a later price reaches an open limit order. A look that fails is logged; the next follows. */
export function keepFillingOrders(
  broker: Pick<RecordingBroker, "fillReached">,
  logger: Pick<Logger, "warn">,
): { stop(): Promise<void> } {
  let look: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    look ??= broker
      .fillReached()
      .catch((error: unknown) => logger.warn({ err: error }, "open paper orders were not looked at"))
      .finally(() => {
        look = undefined;
      });
  }, EVERY_MS).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await look;
    },
  };
}
