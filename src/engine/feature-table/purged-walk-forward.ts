import { WorkbenchError } from "../errors.js";
import type { RowRange } from "./row-range.js";

export interface WalkForwardOptions {
  readonly rowCount: number;
  /** How often a model is trained. */
  readonly folds: number;
  /** Rows before a test whose labels reach into it: one less than the rows that a label spans, or more. */
  readonly purge: number;
  /** Further rows left out before a test, for what its features share with the rows before it. */
  readonly embargo: number;
  /** Fewest rows of the first training. */
  readonly minTrainRows: number;
}

/** Rows to train on, and later rows to test on. */
export interface WalkForwardFold {
  readonly train: RowRange;
  readonly test: RowRange;
}

/**
 * Expanding folds: every training begins at row 0 and ends `purge + embargo` rows before its test. The tests are
 * consecutive, differ by at most one row in length and run to the last row, so each row after the first training and
 * its gap is tested once. Purging and embargo as in López de Prado, "Advances in Financial Machine Learning" (2018),
 * chapter 7; no training lies after a test here, so the embargo falls before it.
 *
 * @throws ARGUMENT_INVALID; SERIES_TOO_SHORT when the rows after the first training and its gap are fewer than the folds
 */
export function purgedWalkForward(options: WalkForwardOptions): WalkForwardFold[] {
  const { rowCount, folds, purge, embargo, minTrainRows } = options;
  requireAtLeast(1, { rowCount, folds, minTrainRows });
  requireAtLeast(0, { purge, embargo });
  const gap = purge + embargo;
  const firstTest = minTrainRows + gap;
  const testRows = rowCount - firstTest;
  if (testRows < folds) throw tooShort(options, firstTest);
  const boundary = (fold: number) => firstTest + Math.floor((testRows * fold) / folds);
  return Array.from({ length: folds }, (_, fold) => ({
    train: { begin: 0, end: boundary(fold) - gap },
    test: { begin: boundary(fold), end: boundary(fold + 1) },
  }));
}

function requireAtLeast(min: number, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isSafeInteger(count) && count >= min) continue;
    throw new WorkbenchError(
      "ARGUMENT_INVALID",
      `invalid ${name}: ${count} (accepted: an integer of at least ${min})`,
      {
        details: { name, count },
      },
    );
  }
}

function tooShort({ rowCount, folds }: WalkForwardOptions, firstTest: number): WorkbenchError {
  return new WorkbenchError(
    "SERIES_TOO_SHORT",
    `series too short: ${rowCount} rows, of which the first ${firstTest} are training and gap (accepted: at least ${firstTest + folds})`,
    { details: { rowCount, folds, firstTest } },
  );
}
