import type { Alignment } from "../../engine/lead-lag/common-calendar.js";
import { type StudyPair, sourceClosesLater } from "./lead-lag-study.js";

export const ALIGNMENT_SEGMENTS = [
  { value: "inner", label: "Common days" },
  { value: "as-of", label: "As-of" },
] as const;

/** What the chosen alignment does, and what must be kept in mind with it. */
export function alignmentNote(align: Alignment, pair: StudyPair): string {
  const { source, target, closingOffsets } = pair;
  if (align === "inner") {
    return `Days on which both ${source} and ${target} have a close; returns between consecutive common days.`;
  }
  const known = `${target}'s calendar, each day with the last close of ${source} known when ${target} closed.`;
  if (closingOffsets === undefined) {
    return `${known} A closing time is not known, so closes of the same day count as known: lag 0 may look ahead.`;
  }
  return sourceClosesLater(pair)
    ? `${known} ${source} closes later in the day, so its close enters one day later.`
    : known;
}
