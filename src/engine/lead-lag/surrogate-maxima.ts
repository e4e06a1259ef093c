import { averageRanks } from "../statistics/ranks.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { lagStatistics } from "./lag-statistics.js";
import { SHAPE_WEIGHTS, transformSource, unitVariance } from "./source-transforms.js";

/** How large the largest statistic of a pair without any relation gets, from surrogates. */
export interface SurrogateMaxima {
  /** Ascending: over all lags, and over the lags from 1 on. */
  readonly fromLag0: Float64Array;
  readonly fromLag1: Float64Array;
}

export interface SurrogateOptions {
  readonly rows: number;
  readonly maxLag: number;
  readonly surrogates: number;
  readonly seed: number;
}

/**
 * Distribution of max |statistic| under the hypothesis that target and source are unrelated, by random permutation
 * of the target's days. Statistics are made of ranks, so the distribution depends on the number of rows and lags
 * alone and not on the series: one set of surrogates serves every pair of the same length (ties change it little).
 */
export function surrogateMaxima({ rows, maxLag, surrogates, seed }: SurrogateOptions): SurrogateMaxima {
  const random = seededRandom(seed);
  const anyOrder = Float64Array.from({ length: rows }, () => random());
  const shapes = transformSource(anyOrder);
  const target = unitVariance(averageRanks(anyOrder));
  shuffle(target, random);
  const statistics = new Float64Array((maxLag + 1) * shapes.length);
  const fromLag0 = new Float64Array(surrogates);
  const fromLag1 = new Float64Array(surrogates);
  for (let i = 0; i < surrogates; i++) {
    shuffle(target, random);
    lagStatistics(shapes, target, maxLag, statistics);
    fromLag1[i] = largest(statistics, shapes.length);
    fromLag0[i] = Math.max(fromLag1[i]!, largest(statistics.subarray(0, shapes.length), 0));
  }
  return { fromLag0: fromLag0.sort(), fromLag1: fromLag1.sort() };
}

/** Fisher and Yates' shuffle. */
function shuffle(values: Float64Array, random: () => number): void {
  for (let last = values.length - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1));
    const value = values[last]!;
    values[last] = values[chosen]!;
    values[chosen] = value;
  }
}

function largest(statistics: Float64Array, from: number): number {
  let most = 0;
  for (let i = from; i < statistics.length; i++) {
    const size = Math.abs(statistics[i]!) * SHAPE_WEIGHTS[i % SHAPE_WEIGHTS.length]!;
    if (size > most) most = size;
  }
  return most;
}
