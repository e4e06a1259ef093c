import { normalUpperTail } from "../statistics/normal-distribution.js";
import { averageRanks } from "../statistics/ranks.js";
import type { EpochMs } from "../units/epoch-ms.js";
import type { AlignedReturns } from "./aligned-returns.js";
import { chooseLead, type LagTestOptions, SIGNIFICANCE } from "./lag-test.js";
import { SOURCE_TRANSFORMS, type SourceTransform, transformSource, unitVariance } from "./source-transforms.js";
import { type Innovations, innovationsOf, WHITENING_ROWS } from "./whitening.js";

/** One test, on days that had no part in choosing what is tested. */
export interface HeldOutTest {
  readonly lag: number;
  readonly transform: SourceTransform;
  /** 1 when a rise of the shaped source went with a rise of the target on the first part, −1 when with a fall. */
  readonly direction: 1 | -1;
  /** Rank correlation of forecast and outcome on the held-out days; positive when the forecast works. */
  readonly ic: number;
  /** One-sided chance of an IC as high without any relation. */
  readonly p: number;
  readonly isConfirmed: boolean;
  readonly rows: number;
  readonly fromMs: EpochMs;
}

/** Share of the days on which lag, shape and direction are chosen. */
export const CHOOSING_SHARE = 0.7;

/**
 * Chooses lag, shape and direction on the first 70% of the days, then tests that one forecast on the rest. The
 * coefficients of the whitening come from the first part as well. A lag chosen for its strength looks stronger than
 * it is; this correlation does not.
 */
export function heldOutTest(
  returns: AlignedReturns,
  options: Pick<LagTestOptions, "maxLag" | "isLagZeroTradable">,
): HeldOutTest {
  const choosingReturns = Math.floor(CHOOSING_SHARE * returns.target.length);
  const innovations = innovationsOf(returns, choosingReturns);
  const split = choosingReturns - WHITENING_ROWS;
  const { lag, transform, direction } = chooseLead(firstRows(innovations, split), options);
  const outcomes = innovations.target.subarray(split);
  const forecasts = shapedFrom(innovations.source.subarray(split - lag), transform, outcomes.length);
  const ic = direction * correlationOfRanks(forecasts, outcomes);
  const p = normalUpperTail(ic * Math.sqrt(outcomes.length));
  return {
    lag,
    transform,
    direction,
    ic,
    p,
    isConfirmed: p <= SIGNIFICANCE,
    rows: outcomes.length,
    fromMs: innovations.openedAtMs[split]! as EpochMs,
  };
}

function firstRows({ openedAtMs, source, target, laterTarget }: Innovations, count: number): Innovations {
  return {
    openedAtMs: openedAtMs.subarray(0, count),
    source: source.subarray(0, count),
    target: target.subarray(0, count),
    laterTarget: laterTarget.subarray(0, count),
  };
}

function shapedFrom(source: Float64Array, transform: SourceTransform, count: number): Float64Array {
  return transformSource(source.subarray(0, count))[SOURCE_TRANSFORMS.indexOf(transform)]!;
}

function correlationOfRanks(forecasts: Float64Array, outcomes: Float64Array): number {
  const x = unitVariance(averageRanks(forecasts));
  const y = unitVariance(averageRanks(outcomes));
  let sum = 0;
  for (let row = 0; row < x.length; row++) sum += x[row]! * y[row]!;
  return sum / x.length;
}
