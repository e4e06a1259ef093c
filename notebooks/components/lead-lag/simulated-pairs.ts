import { correlationWithin } from "../../engine/lead-lag/correlation-through-time.js";
import { gaussianRandom, seededRandom } from "../../engine/statistics/seeded-random.js";

/** What the sliders of the methods page choose. */
export interface SimulationSettings {
  /** Trading days of each pair. */
  readonly days: number;
  /** Correlation of the target's return with the source's return {@link PLANTED_LAG} days before, where pairs are related. */
  readonly correlation: number;
  readonly seed: number;
}

export interface SimulatedPair {
  readonly source: Float64Array;
  readonly target: Float64Array;
}

export const PLANTED_LAG = 5;
export const LAST_LAG = 30;
export const SIMULATED_PAIRS = 400;

/** Daily returns of unit variance, normal and independent but for the planted lag. */
export function simulatedPairs(
  count: number,
  { days, correlation, seed }: SimulationSettings,
): readonly SimulatedPair[] {
  const normal = gaussianRandom(seededRandom(seed));
  const draw = () => Float64Array.from({ length: days }, () => normal());
  const rest = Math.sqrt(1 - correlation ** 2);
  return Array.from({ length: count }, () => {
    const source = draw();
    const noise = draw();
    const target = noise.map((value, day) =>
      day < PLANTED_LAG ? value : correlation * (source[day - PLANTED_LAG] ?? 0) + rest * value,
    );
    return { source, target };
  });
}

/** Running sum: a price in logarithms, whose differences are the returns. */
export function priceOf(returns: Float64Array): Float64Array {
  let level = 0;
  return returns.map((value) => {
    level += value;
    return level;
  });
}

export interface ChosenLag {
  readonly lag: number;
  readonly correlation: number;
}

/** The lag from `firstLag` to {@link LAST_LAG} with the largest correlation, of either sign, on rows before `end`. */
export function strongestLag({ source, target }: SimulatedPair, firstLag: number, end: number): ChosenLag {
  let best: ChosenLag = { lag: firstLag, correlation: 0 };
  for (let lag = firstLag; lag <= LAST_LAG; lag++) {
    const correlation = correlationWithin(source, target, lag, lag, end);
    if (Math.abs(correlation) > Math.abs(best.correlation)) best = { lag, correlation };
  }
  return best;
}
