import { WorkbenchError } from "../errors.js";
import { MS_PER_DAY } from "../units/epoch-ms.js";
import { rowsWithin, type StudyWindow } from "./common-calendar.js";
import { LEAST_SPREAD, logLevels, type StudySeries } from "./study-series.js";

/** Returns of several series on the target's trading calendar, without gaps; all columns have the same length. */
export interface AlignedReturns {
  /** Opening time of the row of the target in which each return ends. */
  readonly openedAtMs: Float64Array;
  readonly source: Float64Array;
  readonly target: Float64Array;
  readonly factors: readonly Float64Array[];
  /** Share of the target's days that were left out because its price stood still; 0 for a price that moves as a rule. */
  readonly stillShare: number;
}

export interface StudyInput {
  readonly source: StudySeries;
  readonly target: StudySeries;
  /** What both are freed from before they are compared, such as the market's index. */
  readonly factors?: readonly StudySeries[];
}

/** Fewest returns on the common calendar from which a study is made: a year of trading days. */
export const FEWEST_RETURNS = 250;

/**
 * A return over more calendar days than this is not the return of one trading day: the row is left out. The longest
 * closure of the Vietnamese market, at the lunar new year, is eleven days.
 */
const LONGEST_GAP_DAYS = 15;

/**
 * A target that stands still on more than this share of its days counts as not traded on them: its price on the next
 * day that it moves would otherwise follow, a day late, whatever moved in the meantime.
 */
const LARGEST_STILL_SHARE = 1 / 3;

/**
 * Logarithmic returns on the target's calendar: each series enters with its last level known when the target closed,
 * and is differenced after that. Rows before every series has begun or after one has ended are left out.
 *
 * @throws SERIES_MISALIGNED, SERIES_INVALID, SERIES_CONSTANT, RANGE_INVALID; SERIES_IDENTICAL when two of the series
 * are the same; SERIES_TOO_SHORT for fewer than {@link FEWEST_RETURNS} common returns
 */
export function alignReturns({ source, target, factors = [] }: StudyInput, window: StudyWindow = {}): AlignedReturns {
  requireDistinct([source, target, ...factors]);
  const { begin, end } = rowsWithin(target.openedAtMs, window);
  const moving = movingLevels(logLevels(target), begin, end);
  const known = [moving.levels, ...[source, ...factors].map((series) => knownAtCloses(series, target))];
  const steps = completeSteps(known, target.openedAtMs, begin, end);
  if (steps.to.length < FEWEST_RETURNS) throw tooShort(source.name, target.name, steps.to.length, moving.stillShare);
  const [targetReturns, sourceReturns, ...factorReturns] = known.map((levels) => changesOver(levels, steps));
  requireVariation([target, source, ...factors], [targetReturns!, sourceReturns!, ...factorReturns]);
  return {
    openedAtMs: Float64Array.from(steps.to, (row) => target.openedAtMs[row]!),
    source: sourceReturns!,
    target: targetReturns!,
    factors: factorReturns,
    stillShare: moving.stillShare,
  };
}

/** Levels without the days on which they stood still, when those are many. */
function movingLevels(
  levels: Float64Array,
  begin: number,
  end: number,
): { readonly levels: Float64Array; readonly stillShare: number } {
  const moving = levels.slice();
  let still = 0;
  let days = 0;
  let previous = NaN;
  for (let row = begin; row < end; row++) {
    const level = levels[row]!;
    if (Number.isNaN(level)) continue;
    days++;
    if (level === previous) {
      moving[row] = NaN;
      still++;
    }
    previous = level;
  }
  const stillShare = days > 0 ? still / days : 0;
  return stillShare > LARGEST_STILL_SHARE ? { levels: moving, stillShare } : { levels, stillShare: 0 };
}

/** Last level of a series known at each close of the target; `NaN` before its first and after its last row. */
function knownAtCloses(series: StudySeries, target: StudySeries): Float64Array {
  const levels = logLevels(series);
  const hasClocks = series.closing !== undefined && target.closing !== undefined;
  const lateness = hasClocks ? series.closing.latestMs - target.closing.earliestMs : 0;
  const lastRow = levels.findLastIndex((level) => !Number.isNaN(level));
  const known = new Float64Array(target.openedAtMs.length).fill(NaN);
  let next = 0;
  let level = NaN;
  for (let row = 0; row < known.length; row++) {
    while (next < levels.length && series.openedAtMs[next]! + lateness <= target.openedAtMs[row]!) {
      if (!Number.isNaN(levels[next]!)) level = levels[next]!;
      next++;
    }
    const hasEnded = next > lastRow && target.openedAtMs[row]! > series.openedAtMs[lastRow]! + lateness + MS_PER_DAY;
    known[row] = hasEnded ? NaN : level;
  }
  return known;
}

/** Pairs of consecutive rows in which every series has a level, no farther apart than {@link LONGEST_GAP_DAYS}. */
function completeSteps(
  known: readonly Float64Array[],
  openedAtMs: Float64Array,
  begin: number,
  end: number,
): { readonly from: number[]; readonly to: number[] } {
  const from: number[] = [];
  const to: number[] = [];
  let previous = -1;
  for (let row = begin; row < end; row++) {
    if (known.some((levels) => Number.isNaN(levels[row]!))) continue;
    if (previous !== -1 && openedAtMs[row]! - openedAtMs[previous]! <= LONGEST_GAP_DAYS * MS_PER_DAY) {
      from.push(previous);
      to.push(row);
    }
    previous = row;
  }
  return { from, to };
}

function changesOver(
  levels: Float64Array,
  { from, to }: { from: readonly number[]; to: readonly number[] },
): Float64Array {
  const changes = new Float64Array(to.length);
  for (let step = 0; step < to.length; step++) changes[step] = levels[to[step]!]! - levels[from[step]!]!;
  return changes;
}

function requireDistinct(series: readonly StudySeries[]): void {
  const names = series.map(({ name }) => name);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated === undefined) return;
  throw new WorkbenchError(
    "SERIES_IDENTICAL",
    `same series twice: ${repeated} (accepted: a source, a target and factors that all differ)`,
    { details: { name: repeated } },
  );
}

/** What varies over all its history may still stand still, or repeat another series, on the days of a study. */
function requireVariation(series: readonly StudySeries[], returns: readonly Float64Array[]): void {
  returns.forEach((column, i) => {
    const { name } = series[i]!;
    if (column.every((value) => Math.abs(value - column[0]!) <= LEAST_SPREAD)) {
      throw new WorkbenchError(
        "SERIES_CONSTANT",
        `constant series: ${name} has the same return on all ${column.length} common days (accepted: returns that vary)`,
        { details: { name } },
      );
    }
    const twin = returns.findIndex(
      (other, j) => j < i && other.every((value, row) => Math.abs(value - column[row]!) <= LEAST_SPREAD),
    );
    if (twin === -1) return;
    throw new WorkbenchError(
      "SERIES_IDENTICAL",
      `same series twice: ${series[twin]!.name} and ${name} have the same returns on every common day (accepted: series that differ)`,
      { details: { name, twin: series[twin]!.name } },
    );
  });
}

function tooShort(source: string, target: string, count: number, stillShare: number): WorkbenchError {
  const still = stillShare > 0 ? `, since ${target} stood still on ${Math.round(100 * stillShare)}% of its days` : "";
  return new WorkbenchError(
    "SERIES_TOO_SHORT",
    `series too short: ${source} and ${target} have ${count} common returns${still} (accepted: at least ${FEWEST_RETURNS})`,
    { details: { source, target, count } },
  );
}
