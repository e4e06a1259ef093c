import { logarithm } from "../statistics/portable-functions.js";
import { averageRanks } from "../statistics/ranks.js";

/**
 * The shapes in which a source may act, declared before any data is seen: in proportion, only when it moves much,
 * and by the size of the move whatever its direction.
 */
export const SOURCE_TRANSFORMS = ["linear", "large-moves", "size"] as const;

export type SourceTransform = (typeof SOURCE_TRANSFORMS)[number];

/**
 * What the statistic of each shape counts for: a relation in proportion is likelier than the others, so it gets more
 * of the significance level. Fixed in advance, like the shapes.
 */
export const SHAPE_WEIGHTS: readonly number[] = [1, 0.93, 0.93];

/** Score above which a move is large: about one day in seven. */
const LARGE = 1.6;

/** The source in each shape, of mean 0 and variance 1, in the order of {@link SOURCE_TRANSFORMS}. */
export function transformSource(innovations: Float64Array): readonly Float64Array[] {
  const scores = scored(averageRanks(innovations), tailedScore);
  return [
    unitVariance(scores),
    unitVariance(scores.map((score) => (Math.abs(score) > LARGE ? score : 0))),
    unitVariance(scored(averageRanks(innovations.map(Math.abs)), exponentialScore)),
  ];
}

/**
 * Quantile of Student's t with four degrees of freedom: the source gets the tails of a daily return, whatever its own,
 * so large moves keep the weight they have in a linear relation. With s = t / √(4 + t²) the distribution is
 * ½ + ¾ s − ¼ s³ (Shaw 2006), which is inverted by bisection: arithmetic alone, the same bits everywhere.
 */
function tailedScore(probability: number): number {
  const upper = Math.max(probability, 1 - probability);
  let low = 0;
  let high = 1;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (0.5 + middle * (0.75 - 0.25 * middle * middle) < upper) low = middle;
    else high = middle;
  }
  const size = (2 * low) / Math.sqrt(1 - low * low);
  return probability < 0.5 ? -size : size;
}

const BISECTIONS = 50;

/** Quantile of the exponential distribution, the usual shape of the sizes of moves. */
function exponentialScore(probability: number): number {
  return -logarithm(1 - probability);
}

/** Quantiles at (rank − ½) / n. Ranks are whole or half, so each quantile is computed once for a sample size. */
function scored(ranks: Float64Array, quantile: (probability: number) => number): Float64Array {
  const ofSize = SCORES.get(quantile) ?? new Map<number, Float64Array>();
  SCORES.set(quantile, ofSize);
  const n = ranks.length;
  let scores = ofSize.get(n);
  if (scores === undefined) {
    scores = Float64Array.from({ length: 2 * n + 1 }, (_, twiceRank) => quantile((twiceRank / 2 - 0.5) / n));
    if (ofSize.size >= REMEMBERED_SIZES) ofSize.clear();
    ofSize.set(n, scores);
  }
  const table = scores;
  return ranks.map((rank) => table[2 * rank]!);
}

const REMEMBERED_SIZES = 64;
const SCORES = new Map<(probability: number) => number, Map<number, Float64Array>>();

/** Values less their mean, over their standard deviation; all 0 when they do not vary. */
export function unitVariance(values: Float64Array): Float64Array {
  const n = values.length;
  let sum = 0;
  for (let row = 0; row < n; row++) sum += values[row]!;
  const mean = sum / n;
  let squares = 0;
  for (let row = 0; row < n; row++) squares += (values[row]! - mean) * (values[row]! - mean);
  const scale = squares > 0 ? 1 / Math.sqrt(squares / n) : 0;
  const scaled = new Float64Array(n);
  for (let row = 0; row < n; row++) scaled[row] = (values[row]! - mean) * scale;
  return scaled;
}
