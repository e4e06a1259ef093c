import { WorkbenchError } from "../errors.js";

/** Interval names and their length in seconds. */
export const INTERVAL_SECONDS = {
  "1m": 60,
  "5m": 300,
  "15m": 900,
  "30m": 1_800,
  "1h": 3_600,
  "1d": 86_400,
} as const;

export type CandleInterval = keyof typeof INTERVAL_SECONDS;

export const CANDLE_INTERVALS = Object.keys(INTERVAL_SECONDS) as readonly CandleInterval[];

export const DAILY_SECONDS = INTERVAL_SECONDS["1d"];

/** @throws INTERVAL_INVALID */
export function candleInterval(value: string): CandleInterval {
  if (Object.hasOwn(INTERVAL_SECONDS, value)) return value as CandleInterval;
  throw new WorkbenchError(
    "INTERVAL_INVALID",
    `invalid interval: ${value} (accepted: ${CANDLE_INTERVALS.join(", ")})`,
    { details: { value } },
  );
}
