import { WorkbenchError } from "../../engine/errors.js";
import {
  CANDLE_INTERVALS,
  type CandleInterval,
  DAILY_SECONDS,
  INTERVAL_SECONDS,
} from "../../engine/market-data/candle-interval.js";
import { MS_PER_DAY, MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import type { Guess } from "./guess.js";

const FEWEST_GAPS = 2;

/**
 * The interval of candles, from the most frequent gap between the distinct sampled times (epoch ms, `NaN` ignored).
 * Times that all fall on midnight of their day are daily, however far apart.
 * @throws MAPPING_INVALID for fewer than two gaps, or a gap that is no known interval.
 */
export function guessInterval(timesMs: readonly number[]): Guess<CandleInterval> {
  const times = [...new Set(timesMs.filter((time) => !Number.isNaN(time)))].sort((a, b) => a - b);
  if (times.length > 0 && times.every((time) => time % MS_PER_DAY === 0)) {
    return { value: "1d", because: "times carry a date and no time of day" };
  }
  const countByGap = new Map<number, number>();
  for (let i = 1; i < times.length; i++) {
    const gap = times[i]! - times[i - 1]!;
    countByGap.set(gap, (countByGap.get(gap) ?? 0) + 1);
  }
  const gaps = Math.max(0, times.length - 1);
  if (gaps < FEWEST_GAPS) throw invalidInterval(`${times.length} distinct times are too few to tell it`);
  const [[gapMs, count]] = [...countByGap].sort((a, b) => b[1] - a[1] || a[0] - b[0]) as [[number, number]];
  const seconds = gapMs / MS_PER_SECOND;
  const because = `${count} of ${gaps} sampled gaps between times are ${describeSeconds(seconds)}`;
  if (seconds >= DAILY_SECONDS) return { value: "1d", because };
  const interval = CANDLE_INTERVALS.find((candidate) => INTERVAL_SECONDS[candidate] === seconds);
  if (interval === undefined) throw invalidInterval(`${because}, which is no candle interval`);
  return { value: interval, because };
}

function describeSeconds(seconds: number): string {
  if (seconds % 60 !== 0) return `${seconds} s`;
  return seconds >= DAILY_SECONDS ? `${seconds / DAILY_SECONDS} days` : `${seconds / 60} min`;
}

function invalidInterval(problem: string): WorkbenchError {
  return new WorkbenchError(
    "MAPPING_INVALID",
    `invalid interval: ${problem} (accepted: --interval ${CANDLE_INTERVALS.join("|")})`,
    { details: { field: "interval" } },
  );
}
