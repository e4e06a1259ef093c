import { normalQuantile } from "./normal-quantile.js";

/**
 * Half-width of the band around zero that the correlations of `tests` pairs of independent series all stay inside
 * with at least the given confidence: the normal approximation z/√n with Bonferroni's correction. With one test it
 * is the usual band of a correlogram. `NaN` when `n` is not positive.
 */
export function simultaneousBand({
  n,
  tests,
  confidence = 0.95,
}: {
  n: number;
  tests: number;
  confidence?: number;
}): number {
  return n > 0 ? normalQuantile(1 - (1 - confidence) / (2 * tests)) / Math.sqrt(n) : Number.NaN;
}
