import { type CandleInterval, DAILY_SECONDS, INTERVAL_SECONDS } from "../../../engine/market-data/candle-interval.js";
import { closingOffsets } from "../../../engine/market-data/closing-offset.js";
import type { Instrument } from "../../../engine/market-data/instrument.js";
import { MS_PER_DAY, MS_PER_SECOND } from "../../../engine/units/epoch-ms.js";

/**
 * How long after its opening a candle is known, ms. A daily candle closes at the closing time of its instrument, the
 * later one where clocks change; without a known closing time at the end of its trading date.
 */
export function closesAfterMs(
  interval: CandleInterval,
  { closeTime, closeTimeZone }: Pick<Instrument, "closeTime" | "closeTimeZone">,
): number {
  const seconds = INTERVAL_SECONDS[interval];
  if (seconds < DAILY_SECONDS) return seconds * MS_PER_SECOND;
  if (closeTime === undefined || closeTimeZone === undefined) return MS_PER_DAY;
  return closingOffsets({ closeTime, closeTimeZone }).latestMs;
}
