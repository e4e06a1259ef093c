import { Cron } from "croner";
import { WorkbenchError } from "../../../engine/errors.js";
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../../../engine/units/trading-date.js";

/** Exchange time has no daylight saving: an offset gives the same times as the zone, 17 times as fast. */
const UTC_OFFSET_MINUTES = TRADING_UTC_OFFSET_MS / MS_PER_MINUTE;

export interface CronRange {
  /** Not included. */
  readonly afterMs: number;
  /** Included. */
  readonly untilMs: number;
  /** So many of the latest. */
  readonly limit: number;
}

/**
 * When a schedule of five fields, in exchange time, fires within a range; ascending.
 * @throws ARGUMENT_INVALID for anything else
 */
export function cronTimes(schedule: string, { afterMs, untilMs, limit }: CronRange): readonly EpochMs[] {
  const cron = readSchedule(schedule);
  if (!(untilMs > afterMs) || limit <= 0) return [];
  const isDue = (time: Date) => time.getTime() > afterMs && time.getTime() <= untilMs;
  // Mostly nothing or one time is due, and looking ahead is cheap.
  const next = cron.nextRuns(2, new Date(afterMs)).filter(isDue);
  const due =
    next.length < 2
      ? next
      : cron
          .previousRuns(limit, new Date(untilMs + 1))
          .filter(isDue)
          .reverse();
  return due.map((time) => epochMs(time.getTime()));
}

function readSchedule(schedule: string): Cron {
  try {
    return new Cron(schedule, { utcOffset: UTC_OFFSET_MINUTES, mode: "5-part", paused: true });
  } catch (cause) {
    throw new WorkbenchError(
      "ARGUMENT_INVALID",
      `invalid schedule: ${schedule} (accepted: minute, hour, day of month, month and day of week, such as 45 14 * * 1-5)`,
      { cause, details: { schedule } },
    );
  }
}
