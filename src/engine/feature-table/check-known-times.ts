import type { FeatureColumns } from "../boosting/gradient-boosting.js";
import { WorkbenchError } from "../errors.js";
import { type RowRange, rangesOfRows, textOfRanges } from "./row-range.js";

/** When the values of a column became known: each at its own time, or all of them as long after the row's decision. */
export type KnownTimes =
  | { readonly kind: "each"; readonly knownAt: Float64Array }
  | { readonly kind: "after-decision"; readonly delay: number };

/** Features with the times of decisions and of knowledge, all in one unit. */
export interface TimedFeatures extends FeatureColumns {
  readonly decidedAt: Float64Array;
  /** One for each column. */
  readonly known: readonly KnownTimes[];
}

export type KnownTimeProblem =
  | {
      readonly kind: "known-too-late";
      readonly column: string;
      readonly rows: readonly RowRange[];
      /** The longest wait from a decision until the value was known, and its row. */
      readonly longestDelay: number;
      readonly worstRow: number;
    }
  /** Values that are there although nobody knows since when. */
  | { readonly kind: "known-time-missing"; readonly column: string; readonly rows: readonly RowRange[] };

/**
 * The columns and rows whose value was not known yet when the row's decision was taken; a value known at that very
 * time counts as known, and a `NaN` needs no time. @throws FEATURES_INVALID for unequal lengths
 */
export function checkKnownTimes({ names, columns, rowCount, decidedAt, known }: TimedFeatures): KnownTimeProblem[] {
  requireLength("decidedAt", decidedAt.length, rowCount);
  requireLength("known", known.length, columns.length);
  return columns.flatMap((values, index) => {
    const column = names[index]!;
    const times = known[index]!;
    if (times.kind === "each") requireLength(`known times of ${column}`, times.knownAt.length, rowCount);
    const delayOf = (row: number) => (times.kind === "each" ? times.knownAt[row]! - decidedAt[row]! : times.delay);
    const late: number[] = [];
    const missing: number[] = [];
    let worstRow = -1;
    for (let row = 0; row < rowCount; row++) {
      if (Number.isNaN(values[row])) continue;
      const delay = delayOf(row);
      if (Number.isNaN(delay)) missing.push(row);
      if (!(delay > 0)) continue;
      late.push(row);
      if (worstRow < 0 || delay > delayOf(worstRow)) worstRow = row;
    }
    const problems: KnownTimeProblem[] = [];
    if (worstRow >= 0) {
      const longestDelay = delayOf(worstRow);
      problems.push({ kind: "known-too-late", column, rows: rangesOfRows(late), longestDelay, worstRow });
    }
    if (missing.length > 0) problems.push({ kind: "known-time-missing", column, rows: rangesOfRows(missing) });
    return problems;
  });
}

/** Such as `close was not known yet in rows 3–9; in row 5 it was known 14 h after the decision`. */
export function sentenceOfKnownTime(problem: KnownTimeProblem, textOfDelay: (delay: number) => string): string {
  const rows = textOfRanges(problem.rows);
  if (problem.kind === "known-time-missing")
    return `${problem.column} has values in ${rows} that were known at no time`;
  return `${problem.column} was not known yet in ${rows}; in row ${problem.worstRow} it was known ${textOfDelay(problem.longestDelay)} after the decision`;
}

function requireLength(what: string, length: number, expected: number): void {
  if (length === expected) return;
  throw new WorkbenchError(
    "FEATURES_INVALID",
    `invalid features: ${what} has ${length} entries (accepted: ${expected})`,
    {
      details: { what, length, expected },
    },
  );
}
