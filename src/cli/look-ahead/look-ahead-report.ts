import { WorkbenchError } from "../../engine/errors.js";
import { checkKnownTimes } from "../../engine/feature-table/check-known-times.js";
import { FEWEST_ROWS, findTargetCopies, type TargetCopy } from "../../engine/feature-table/find-target-copies.js";
import { type RowRange, rangesOfRows } from "../../engine/feature-table/row-range.js";
import { definedPairs } from "../../engine/statistics/correlation.js";
import type { FeatureFile } from "./feature-file.js";

/** Lines of a file, both included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** A column that tells the future, and where. */
export type Leak = { readonly lines: readonly LineRange[] } & (
  | TargetCopy
  | {
      readonly kind: "known-too-late";
      readonly column: string;
      readonly rows: number;
      /** The longest time from a row's until its value was known, and where that is. */
      readonly longestDelayMs: number;
      readonly worstLine: number;
    }
  /** Values of which the file does not say when they were known. */
  | { readonly kind: "known-time-missing"; readonly column: string; readonly rows: number }
);

export interface LookAheadReport {
  readonly target: string;
  readonly rows: number;
  readonly columns: number;
  readonly maxShift: number;
  readonly leaks: readonly Leak[];
  /** Columns that could not be held against the target, and why. */
  readonly notCompared: readonly { readonly column: string; readonly reason: string }[];
}

/** Everything in a table of features that a forecaster could not have known. @throws SERIES_TOO_SHORT, SERIES_CONSTANT */
export function lookAheadReport(
  file: FeatureFile,
  { target, maxShift }: { readonly target: string; readonly maxShift: number },
): LookAheadReport {
  requireTarget(file, target);
  const leaks = [...targetLeaks(file, maxShift), ...knownTimeLeaks(file)];
  return {
    target,
    rows: file.features.rowCount,
    columns: file.features.columns.length,
    maxShift,
    leaks,
    notCompared: notCompared(file).filter(({ column }) => !leaks.some((leak) => leak.column === column)),
  };
}

function targetLeaks(file: FeatureFile, maxShift: number): Leak[] {
  const { features, target } = file;
  return findTargetCopies(features, target, { maxShift }).map((copy) => {
    const values = features.columns[features.names.indexOf(copy.column)]!;
    const rows = Array.from(values.keys()).filter(
      (row) => !Number.isNaN(values[row]) && !Number.isNaN(target[row + copy.shift] ?? Number.NaN),
    );
    return { ...copy, lines: linesOf(file, rangesOfRows(rows)) };
  });
}

function knownTimeLeaks(file: FeatureFile): Leak[] {
  const { features, timesMs, knownAtMs, lines } = file;
  if (timesMs === undefined) return [];
  const names = features.names.filter((name) => knownAtMs.has(name));
  return checkKnownTimes({
    names,
    columns: names.map((name) => features.columns[features.names.indexOf(name)]!),
    rowCount: features.rowCount,
    decidedAt: timesMs,
    known: names.map((name) => ({ kind: "each", knownAt: knownAtMs.get(name)! })),
  }).map((problem) => {
    const { column } = problem;
    const rows = problem.rows.reduce((sum, { begin, end }) => sum + end - begin, 0);
    const where = { column, rows, lines: linesOf(file, problem.rows) };
    return problem.kind === "known-time-missing"
      ? { kind: problem.kind, ...where }
      : { kind: problem.kind, ...where, longestDelayMs: problem.longestDelay, worstLine: lines[problem.worstRow]! };
  });
}

function notCompared({ features, target }: FeatureFile): { column: string; reason: string }[] {
  return features.names.flatMap((column, i) => {
    const { x } = definedPairs(features.columns[i]!, target);
    if (x.length < FEWEST_ROWS) return [{ column, reason: `${x.length} rows with a target` }];
    return x.every((value) => value === x[0]) ? [{ column, reason: "does not vary" }] : [];
  });
}

function requireTarget({ label, target }: FeatureFile, name: string): void {
  const values = target.filter((value) => !Number.isNaN(value));
  if (values.length < FEWEST_ROWS) {
    throw new WorkbenchError(
      "SERIES_TOO_SHORT",
      `series too short: ${values.length} rows of ${label} have the target ${name} (accepted: at least ${FEWEST_ROWS})`,
      { details: { label, rows: values.length } },
    );
  }
  if (values.some((value) => value !== values[0])) return;
  throw new WorkbenchError(
    "SERIES_CONSTANT",
    `constant series: the target ${name} is ${values[0]} in every row of ${label} (accepted: values that vary)`,
    { details: { label, target: name } },
  );
}

function linesOf({ lines }: FeatureFile, ranges: readonly RowRange[]): LineRange[] {
  return ranges.map(({ begin, end }) => ({ first: lines[begin]!, last: lines[end - 1]! }));
}
