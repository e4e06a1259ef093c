import type { EpochMs } from "../../../engine/units/epoch-ms.js";
import type { WorkflowSettings } from "../../../engine/workflow/workflow-definition.js";
import { cronTimes } from "./cron-times.js";

/** A time that came while nobody watched, and is fired later than this, was missed; in ms. */
export const MISSED_AFTER_MS = 60_000;
/** Of missed times, so many of the latest are made up for under the policy `all`. */
export const MOST_MISSED_RUNS = 100;
/** A position further ahead of the clock than this was written under a wrong clock, in ms. */
const CLOCK_TOLERANCE_MS = 60_000;

export interface DueRuns {
  readonly times: readonly EpochMs[];
  /** Up to where the schedule has been dealt with. */
  readonly positionMs: number;
}

/**
 * What a schedule owes that was dealt with up to `positionMs`: times that have just come, and of those that were missed
 * what its policy makes up for. After the clock was set back, nothing is owed again; a position far ahead of the clock
 * begins anew at the present.
 */
export function dueRuns(
  schedule: string,
  {
    positionMs,
    nowMs,
    missedRuns,
    watchedSinceMs = nowMs,
  }: {
    readonly positionMs: number;
    readonly nowMs: number;
    readonly missedRuns: WorkflowSettings["missedRuns"];
    /** What came after it is due however late it is dealt with: this process watched, and was slow. */
    readonly watchedSinceMs?: number;
  },
): DueRuns {
  if (positionMs > nowMs + CLOCK_TOLERANCE_MS) return { times: [], positionMs: nowMs };
  const times = cronTimes(schedule, { afterMs: positionMs, untilMs: nowMs, limit: MOST_MISSED_RUNS + 2 });
  const missed = times.filter((timeMs) => timeMs <= watchedSinceMs && nowMs - timeMs > MISSED_AFTER_MS);
  const onTime = times.slice(missed.length);
  const keep = { skip: 0, latest: 1, all: MOST_MISSED_RUNS }[missedRuns];
  return {
    times: [...missed.slice(Math.max(0, missed.length - keep)), ...onTime],
    positionMs: Math.max(positionMs, times.at(-1) ?? positionMs),
  };
}
