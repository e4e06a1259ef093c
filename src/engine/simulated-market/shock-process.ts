import { gaussianRandom, seededRandom } from "../statistics/seeded-random.js";

/** GARCH(1,1) weights of yesterday's squared shock and yesterday's variance; with a long-run variance of 1. */
const SHOCK_WEIGHT = 0.1;
const VARIANCE_WEIGHT = 0.88;
/** Keeps a cluster of wild days from feeding on itself for years. */
const LARGEST_VARIANCE = 9;
/** One day in twenty is drawn from a normal distribution twice as wide: kurtosis about 4.5 instead of 3. */
const WILD_DAY_PROBABILITY = 0.05;
const WILD_DAY_SCALE = 2;
const CALM_DAY_SCALE = Math.sqrt((1 - WILD_DAY_PROBABILITY * WILD_DAY_SCALE ** 2) / (1 - WILD_DAY_PROBABILITY));

/**
 * A sequence of uncorrelated daily shocks of variance 1 with volatility clusters (Bollerslev 1986) and fat
 * tails (a mixture of two normal distributions). Each call gives the next day.
 */
export function shockProcess(seed: number): () => number {
  const uniform = seededRandom(seed);
  // Box and Muller's pairs need a source of their own.
  const gaussian = gaussianRandom(seededRandom(seed ^ 0x5bd1e995));
  let variance = 1;
  return () => {
    const scale = uniform() < WILD_DAY_PROBABILITY ? WILD_DAY_SCALE : CALM_DAY_SCALE;
    const shock = Math.sqrt(variance) * scale * gaussian();
    const next = 1 - SHOCK_WEIGHT - VARIANCE_WEIGHT + SHOCK_WEIGHT * shock * shock + VARIANCE_WEIGHT * variance;
    variance = Math.min(next, LARGEST_VARIANCE);
    return shock;
  };
}

/** A seed of its own for each named stream, so that adding an instrument leaves all others as they were. */
export function streamSeed(seed: number, stream: string): number {
  let hash = (seed | 0) ^ 0x811c9dc5;
  for (let index = 0; index < stream.length; index++) {
    hash = Math.imul(hash ^ stream.charCodeAt(index), 0x01000193); // FNV-1a
  }
  return hash;
}
