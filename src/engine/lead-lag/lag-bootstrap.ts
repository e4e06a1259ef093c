import { quantiles } from "../statistics/quantiles.js";
import { seededRandom } from "../statistics/seeded-random.js";

export interface LagBootstrapOptions {
  readonly maxLag: number;
  /** First lag that counts. */
  readonly minLag: number;
  /** Lag whose correlation gets an interval. */
  readonly lag: number;
  readonly resamples: number;
  readonly seed: number;
}

export interface LagBootstrap {
  /** Lags that were strongest in a resample, most frequent first, with their share of the resamples. */
  readonly lags: readonly { readonly lag: number; readonly share: number }[];
  /** From the smallest to the largest lag of the smallest set that holds 95% of the resamples. */
  readonly lagInterval: readonly [number, number];
  /** Middle 95% of the correlations at the given lag. */
  readonly correlationInterval: readonly [number, number];
}

const COVERAGE = 0.95;

/** Mean length of the blocks, in days: what is left of dependence after whitening is short. */
const MEAN_BLOCK = 10;

/**
 * How sure the strongest lag and its correlation are, by Politis and Romano's (1994) stationary bootstrap of days:
 * a day keeps its target and the source's whole past, so resampling does not disturb the lags.
 */
export function bootstrapLag(shape: Float64Array, target: Float64Array, options: LagBootstrapOptions): LagBootstrap {
  const { maxLag, minLag, lag, resamples, seed } = options;
  const random = seededRandom(seed);
  const first = maxLag;
  const count = target.length - first;
  const weights = new Float64Array(count);
  const weighted = new Float64Array(count);
  const strongest = new Map<number, number>();
  const correlations = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    drawStationaryWeights(weights, random);
    for (let row = 0; row < count; row++) weighted[row] = weights[row]! * target[first + row]!;
    let best = minLag;
    let most = -1;
    for (let k = minLag; k <= maxLag; k++) {
      const size = Math.abs(product(shape, weighted, first - k));
      if (size > most) {
        most = size;
        best = k;
      }
    }
    strongest.set(best, (strongest.get(best) ?? 0) + 1);
    correlations[i] = product(shape, weighted, first - lag) / count;
  }
  const lags = [...strongest]
    .map(([k, times]) => ({ lag: k, share: times / resamples }))
    .sort((a, b) => b.share - a.share || a.lag - b.lag);
  const [low, high] = quantiles(correlations, [(1 - COVERAGE) / 2, 1 - (1 - COVERAGE) / 2]);
  return {
    lags,
    lagInterval: hullOf(lags),
    correlationInterval: [low!, high!],
  };
}

/** How often each day is drawn, in blocks of geometric length that wrap around the end. */
function drawStationaryWeights(weights: Float64Array, random: () => number): void {
  weights.fill(0);
  const count = weights.length;
  let day = 0;
  for (let drawn = 0; drawn < count; drawn++) {
    day = drawn === 0 || random() < 1 / MEAN_BLOCK ? Math.floor(random() * count) : (day + 1) % count;
    weights[day]!++;
  }
}

function product(shape: Float64Array, weighted: Float64Array, begin: number): number {
  let sum = 0;
  for (let row = 0; row < weighted.length; row++) sum += shape[begin + row]! * weighted[row]!;
  return sum;
}

function hullOf(lags: LagBootstrap["lags"]): [number, number] {
  let covered = 0;
  let least = Infinity;
  let most = -Infinity;
  for (const { lag, share } of lags) {
    least = Math.min(least, lag);
    most = Math.max(most, lag);
    covered += share;
    if (covered >= COVERAGE - 1e-9) break;
  }
  return [least, most];
}
