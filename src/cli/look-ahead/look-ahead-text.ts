import { sentenceOfTargetCopy } from "../../engine/feature-table/find-target-copies.js";
import type { Leak, LineRange, LookAheadReport } from "./look-ahead-report.js";

const MOST_RANGES = 3;
const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const MS_PER_DAY = 24 * MS_PER_HOUR;

/** A report for a person: a sentence for each leak, then what was looked at. */
export function lookAheadText({ target, rows, columns, maxShift, leaks, notCompared }: LookAheadReport): string {
  const leaking = new Set(leaks.map(({ column }) => column)).size;
  const verdict =
    leaking === 0
      ? `No look-ahead found in ${counted(columns, "column")}`
      : `${leaking} of ${counted(columns, "column")} ${leaking === 1 ? "looks" : "look"} ahead`;
  const reach = maxShift === 0 ? "of the same row" : `of the same row and ${maxShift} later`;
  return [
    ...leaks.map((leak) => `${sentenceOf(leak)}.`),
    ...(leaks.length > 0 ? [""] : []),
    `${verdict}: ${rows} rows, held against ${target} ${reach}.`,
    ...notCompared.map(({ column, reason }) => `Not held against ${target}: ${column} (${reason}).`),
    "",
  ].join("\n");
}

function sentenceOf(leak: Leak): string {
  const lines = textOfLines(leak.lines);
  switch (leak.kind) {
    case "equals-target":
    case "follows-target":
      return `${sentenceOfTargetCopy(leak)} (${lines})`;
    case "known-too-late":
      return `${leak.column} was not known yet in ${lines}; in line ${leak.worstLine} it was known ${textOfDelay(leak.longestDelayMs)} after the row's time`;
    case "known-time-missing":
      return `${leak.column} has values without a known time in ${lines}`;
  }
}

/** Such as `line 4` or `lines 2–9, 12, 15–16 and 3 more ranges`. */
function textOfLines(ranges: readonly LineRange[]): string {
  const texts = ranges
    .slice(0, MOST_RANGES)
    .map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`));
  const isSingle = ranges.length === 1 && ranges[0]!.first === ranges[0]!.last;
  const more = ranges.length - MOST_RANGES;
  return `${isSingle ? "line" : "lines"} ${texts.join(", ")}${more > 0 ? ` and ${counted(more, "more range")}` : ""}`;
}

function textOfDelay(delayMs: number): string {
  if (delayMs >= 2 * MS_PER_DAY) return `${rounded(delayMs / MS_PER_DAY)} days`;
  if (delayMs >= 2 * MS_PER_HOUR) return `${rounded(delayMs / MS_PER_HOUR)} hours`;
  if (delayMs >= 2 * MS_PER_MINUTE) return `${rounded(delayMs / MS_PER_MINUTE)} minutes`;
  return `${delayMs / 1000} s`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
