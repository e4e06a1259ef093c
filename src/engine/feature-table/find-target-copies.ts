import { requireFeatures } from "../boosting/fit-checks.js";
import type { FeatureColumns } from "../boosting/gradient-boosting.js";
import { WorkbenchError } from "../errors.js";
import { definedPairs, pearsonCorrelation } from "../statistics/correlation.js";
import { averageRanks } from "../statistics/ranks.js";

export interface TargetCopyOptions {
  /** Rows by which the target is looked for ahead of the feature, from 0 on. */
  readonly maxShift?: number;
  /** Least absolute correlation that is suspicious. */
  readonly correlation?: number;
}

/** A feature that says what the target is `shift` rows later. */
export type TargetCopy =
  | { readonly kind: "equals-target"; readonly column: string; readonly shift: number; readonly rows: number }
  | {
      readonly kind: "follows-target";
      readonly column: string;
      readonly shift: number;
      readonly rows: number;
      /** The absolute correlation of values or of ranks, whichever is larger; of levels or of changes, whichever is smaller. */
      readonly correlation: number;
    };

const DEFAULT_MAX_SHIFT = 5;
const DEFAULT_CORRELATION = 0.999;
/** Fewest rows with both a feature and a target that say anything. */
export const FEWEST_ROWS = 10;

/**
 * Columns that equal the target of the same or a later row, or correlate with it as no honest feature does, in values
 * or in ranks: a copy in another unit or under a monotone function is found too. The changes from row to row must
 * correlate as well: the level of a trend correlates with its next level in all honesty.
 * Of several shifts of a column the most telling is named. Columns that do not vary are left out, and so are shifts
 * with fewer than ten rows where both are defined.
 *
 * @throws FEATURES_INVALID, ARGUMENT_INVALID
 */
export function findTargetCopies(
  features: FeatureColumns,
  target: Float64Array,
  { maxShift = DEFAULT_MAX_SHIFT, correlation = DEFAULT_CORRELATION }: TargetCopyOptions = {},
): TargetCopy[] {
  requireFeatures(features);
  requireOptions(maxShift, correlation);
  if (target.length !== features.rowCount) {
    throw new WorkbenchError(
      "FEATURES_INVALID",
      `invalid features: ${target.length} targets for ${features.rowCount} rows`,
    );
  }
  return features.columns.flatMap((values, index) => {
    const column = features.names[index]!;
    let best: TargetCopy | undefined;
    for (let shift = 0; shift <= Math.min(maxShift, values.length - FEWEST_ROWS); shift++) {
      const copy = copyAt(column, values, target, shift, correlation);
      if (copy && strengthOf(copy) > strengthOf(best)) best = copy;
    }
    return best ? [best] : [];
  });
}

/** Such as `ret_5 equals the target 5 rows later`. */
export function sentenceOfTargetCopy(copy: TargetCopy): string {
  const place = copy.shift === 0 ? "of the same row" : `${copy.shift} ${copy.shift === 1 ? "row" : "rows"} later`;
  if (copy.kind === "equals-target") return `${copy.column} equals the target ${place} in all ${copy.rows} rows`;
  return `${copy.column} follows the target ${place} with a correlation of ${copy.correlation.toFixed(4)}`;
}

function copyAt(
  column: string,
  values: Float64Array,
  target: Float64Array,
  shift: number,
  suspicious: number,
): TargetCopy | undefined {
  const { x, y } = definedPairs(values.subarray(0, values.length - shift), target.subarray(shift));
  const rows = x.length;
  if (rows < FEWEST_ROWS || x.every((value) => value === x[0])) return undefined;
  if (x.every((value, row) => value === y[row])) return { kind: "equals-target", column, shift, rows };
  const correlation = Math.max(copyCorrelation(x, y), copyCorrelation(averageRanks(x), averageRanks(y)));
  return correlation >= suspicious ? { kind: "follows-target", column, shift, rows, correlation } : undefined;
}

/** The smaller of the absolute correlations of levels and of changes; 0 when either does not vary. */
function copyCorrelation(x: Float64Array, y: Float64Array): number {
  const levels = Math.abs(pearsonCorrelation(x, y));
  const changes = Math.abs(pearsonCorrelation(changesOf(x), changesOf(y)));
  return Math.min(levels || 0, changes || 0);
}

function changesOf(values: Float64Array): Float64Array {
  return values.subarray(1).map((value, i) => value - values[i]!);
}

function strengthOf(copy: TargetCopy | undefined): number {
  if (!copy) return 0;
  return copy.kind === "equals-target" ? 2 : copy.correlation;
}

function requireOptions(maxShift: number, correlation: number): void {
  if (!Number.isSafeInteger(maxShift) || maxShift < 0) {
    throw new WorkbenchError("ARGUMENT_INVALID", `invalid maxShift: ${maxShift} (accepted: an integer of at least 0)`);
  }
  if (!(correlation > 0 && correlation <= 1)) {
    throw new WorkbenchError("ARGUMENT_INVALID", `invalid correlation: ${correlation} (accepted: above 0, at most 1)`);
  }
}
