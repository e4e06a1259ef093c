import type { FeatureBins } from "./feature-bins.js";
import type { GradientHistogram } from "./gradient-histogram.js";

/** Sum of gradients and number of rows of a node. */
export interface NodeSums {
  readonly gradient: number;
  readonly rows: number;
}

export interface Split {
  readonly feature: number;
  /** The last code that goes left. */
  readonly lastLeftCode: number;
  readonly isMissingLeft: boolean;
  /** Loss that the split saves: half of it is the fall of the objective. */
  readonly gain: number;
  /** Values below it go left. All values of the node's rows lie on the side of their code. */
  readonly threshold: number;
  readonly left: NodeSums;
  readonly right: NodeSums;
}

export interface SplitConditions {
  readonly lambda: number;
  readonly gamma: number;
  readonly minChildWeight: number;
}

/** XGBoost's kRtEps: no split for less, and the margin around the ends of a column. */
const LEAST_GAIN = 1e-6;

/** The state of a search, kept in one object so that a scan of a column allocates nothing. */
interface Best {
  score: number;
  feature: number;
  lastLeftCode: number;
  isMissingLeft: boolean;
  leftGradient: number;
  leftRows: number;
}

/**
 * The split of greatest gain G_L²/(H_L + λ) + G_R²/(H_R + λ) − G²/(H + λ), equation 7 of Chen and Guestrin (2016)
 * without its half, over the features given; `undefined` when none saves more than γ. Of equal gains the first
 * feature wins and, within it, the highest threshold, as in XGBoost's exact algorithm. Missing values are tried on
 * either side.
 */
export function bestSplit(
  histogram: GradientHistogram,
  bins: FeatureBins,
  features: Uint32Array,
  node: NodeSums,
  conditions: SplitConditions,
): Split | undefined {
  const { lambda, gamma } = conditions;
  const minRows = Math.max(conditions.minChildWeight, 1);
  if (node.rows < 2 * minRows) return undefined;
  const parentScore = (node.gradient * node.gradient) / (node.rows + lambda);
  const best: Best = {
    score: parentScore + LEAST_GAIN,
    feature: -1,
    lastLeftCode: 0,
    isMissingLeft: false,
    leftGradient: 0,
    leftRows: 0,
  };
  for (let i = 0; i < features.length; i++) {
    const feature = features[i]!;
    const first = bins.firstSlot[feature]!;
    const last = first + bins.binCount[feature]! - 1;
    if (bins.hasMissing[feature]) scanUp(histogram, feature, first, last, node, lambda, minRows, best);
    scanDown(histogram, feature, first, last, node, lambda, minRows, best);
  }
  const gain = best.score - parentScore;
  if (best.feature < 0 || gain < gamma) return undefined;
  const left = { gradient: best.leftGradient, rows: best.leftRows };
  return {
    feature: best.feature,
    lastLeftCode: best.lastLeftCode,
    isMissingLeft: best.isMissingLeft,
    gain,
    threshold: thresholdAfter(histogram, bins, best.feature, best.lastLeftCode),
    left,
    right: { gradient: node.gradient - left.gradient, rows: node.rows - left.rows },
  };
}

/** Cuts from the highest down, missing values (all that the right side has not) on the left. */
function scanDown(
  histogram: GradientHistogram,
  feature: number,
  first: number,
  last: number,
  node: NodeSums,
  lambda: number,
  minRows: number,
  best: Best,
): void {
  const { gradient, rows } = node;
  let rightGradient = 0;
  let rightRows = 0;
  let bestScore = best.score;
  let bestAt = -1;
  let bestGradient = 0;
  let bestRows = 0;
  for (let at = 2 * last; at > 2 * first; at -= 2) {
    rightGradient += histogram[at]!;
    rightRows += histogram[at + 1]!;
    if (rightRows < minRows) continue;
    const leftRows = rows - rightRows;
    if (leftRows < minRows) break;
    const leftGradient = gradient - rightGradient;
    const leftHessian = leftRows + lambda;
    const rightHessian = rightRows + lambda;
    const numerator = leftGradient * leftGradient * rightHessian + rightGradient * rightGradient * leftHessian;
    const denominator = leftHessian * rightHessian;
    // Divides only for a likely record: multiplying is cheaper, but too coarse to tell equal scores.
    if (numerator <= bestScore * denominator) continue;
    const score = numerator / denominator;
    if (score > bestScore) {
      bestScore = score;
      bestAt = at;
      bestGradient = leftGradient;
      bestRows = leftRows;
    }
  }
  if (bestAt < 0) return;
  best.score = bestScore;
  best.feature = feature;
  best.lastLeftCode = bestAt / 2 - 1 - first;
  best.isMissingLeft = true;
  best.leftGradient = bestGradient;
  best.leftRows = bestRows;
}

/** Cuts from the lowest up, missing values on the right; the last cut parts them from all others. */
function scanUp(
  histogram: GradientHistogram,
  feature: number,
  first: number,
  last: number,
  node: NodeSums,
  lambda: number,
  minRows: number,
  best: Best,
): void {
  const { gradient, rows } = node;
  let leftGradient = 0;
  let leftRows = 0;
  for (let slot = first; slot <= last; slot++) {
    leftGradient += histogram[2 * slot]!;
    leftRows += histogram[2 * slot + 1]!;
    if (leftRows < minRows) continue;
    const rightRows = rows - leftRows;
    if (rightRows < minRows) break;
    const rightGradient = gradient - leftGradient;
    const leftHessian = leftRows + lambda;
    const rightHessian = rightRows + lambda;
    const score =
      (leftGradient * leftGradient * rightHessian + rightGradient * rightGradient * leftHessian) /
      (leftHessian * rightHessian);
    if (score > best.score) {
      best.score = score;
      best.feature = feature;
      best.lastLeftCode = slot - first;
      best.isMissingLeft = false;
      best.leftGradient = leftGradient;
      best.leftRows = leftRows;
    }
  }
}

/**
 * Half-way, in float32, between the node's values on either side of the cut. When the cut parts missing values from all
 * others, it lies beyond the others by XGBoost's own distance.
 */
function thresholdAfter(
  histogram: GradientHistogram,
  { firstSlot, binCount, lowest, highest }: FeatureBins,
  feature: number,
  lastLeftCode: number,
): number {
  const first = firstSlot[feature]!;
  const end = first + binCount[feature]!;
  let below = first + lastLeftCode;
  let above = below + 1;
  while (below >= first && histogram[2 * below + 1] === 0) below--;
  while (above < end && histogram[2 * above + 1] === 0) above++;
  const lower = highest[below]!;
  const upper = lowest[above]!;
  if (above === end) return Math.fround(lower + Math.fround(Math.abs(lower) + LEAST_GAIN));
  if (below < first) return Math.fround(upper - Math.fround(Math.abs(upper) + LEAST_GAIN));
  const middle = Math.fround((lower + upper) / 2);
  return middle > lower ? middle : upper;
}
