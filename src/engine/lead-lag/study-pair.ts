import { STUDY_BOOSTING } from "../boosting/gradient-boosting.js";
import { neweyWestStandardError } from "../statistics/newey-west.js";
import { averageRanks } from "../statistics/ranks.js";
import { type EpochMs, MS_PER_DAY } from "../units/epoch-ms.js";
import { type AlignedReturns, alignReturns, type StudyInput } from "./aligned-returns.js";
import { type BoostingByLag, boostingByLag, type StudyRun } from "./boosting-by-lag.js";
import type { StudyWindow } from "./common-calendar.js";
import { type BlockCorrelation, correlationByBlock, correlationWithin } from "./correlation-through-time.js";
import { type GrangerTest, grangerTest } from "./granger-test.js";
import { type HeldOutTest, heldOutTest } from "./held-out.js";
import { bootstrapLag, type LagBootstrap } from "./lag-bootstrap.js";
import { type LagTest, testLags } from "./lag-test.js";
import { SOURCE_TRANSFORMS, transformSource, unitVariance } from "./source-transforms.js";
import { requireStudyOptions } from "./study-options.js";
import type { StudySeries } from "./study-series.js";
import { type LeadLagVerdict, verdictOf } from "./study-verdict.js";
import { type Innovations, innovationsOf } from "./whitening.js";

export interface StudyOptions extends StudyWindow {
  readonly maxLag: number;
  readonly surrogates: number;
  readonly resamples: number;
  readonly seed: number;
}

export const STUDY_DEFAULTS = { maxLag: 30, surrogates: 4000, resamples: 400, seed: 1 } as const;

/** Correlation of the raw returns and, where it was run, the forecasts of boosting at one lag. */
export interface StudyLag {
  readonly lag: number;
  readonly n: number;
  /** Pearson's correlation of log returns. */
  readonly pearson: number;
  /** Rank correlation of what is new on each side, freed from factors, own past and volatility. */
  readonly whitened: number;
  /** Out-of-sample IC and R² of boosted trees; `NaN` where they were not run. */
  readonly ic: number;
  readonly r2: number;
}

/** What a screen looks at: the test, and its confirmation on days kept apart. */
export interface PairTest {
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  readonly returns: number;
  readonly p: number;
  readonly heldOutIc: number;
  readonly detectableSize: number;
  readonly tests: number;
  readonly isLagZeroTradable: boolean;
  /** Share of the target's days left out because its price stood still. */
  readonly stillShare: number;
  readonly lags: readonly StudyLag[];
  readonly test: LagTest;
  readonly heldOut: HeldOutTest;
}

/** All that a study found about one pair. */
export interface PairStudy extends PairTest {
  readonly verdict: LeadLagVerdict;
  readonly bootstrap: LagBootstrap;
  /** Middle 95% of the correlation at the lead's lag by Newey and West's standard error. */
  readonly hacInterval: readonly [number, number];
  readonly blocks: readonly BlockCorrelation[];
  /** Share of the blocks in which the correlation has the sign of the whole. */
  readonly signStability: number;
  readonly granger: readonly GrangerTest[];
  readonly boosting: BoostingByLag | undefined;
}

const BLOCKS = 5;
const Z_95 = 1.959963984540054;

/** The part of a study that takes a fraction of a second: everything but boosting. @throws what alignReturns throws, LAG_INVALID */
export function studyPair(input: StudyInput, options: StudyOptions): PairStudy {
  return studyAligned(alignPair(input, options), options);
}

/** The whole study, with forecasts at every lag. @throws as studyPair, CANCELLED, and what the boosting engine throws */
export function studyPairWithBoosting(input: StudyInput, options: StudyOptions, run: StudyRun): Promise<PairStudy> {
  return withForecasts(studyPair(input, options), { input, options }, run);
}

/** A study of this input and these options, with the forecasts it still lacks. @throws as studyPairWithBoosting */
export async function withForecasts(
  study: PairStudy,
  { input, options }: { readonly input: StudyInput; readonly options: StudyOptions },
  run: StudyRun,
): Promise<PairStudy> {
  const boosting = await boostingByLag(
    alignReturns(input, options),
    { maxLag: options.maxLag, parameters: { ...STUDY_BOOSTING, seed: options.seed } },
    run,
  );
  return {
    ...study,
    boosting,
    lags: study.lags.map((row) => ({ ...row, ic: boosting.lags[row.lag]!.ic, r2: boosting.lags[row.lag]!.r2 })),
  };
}

interface AlignedPair {
  readonly returns: AlignedReturns;
  readonly isLagZeroTradable: boolean;
}

function alignPair(input: StudyInput, options: StudyOptions): AlignedPair {
  const returns = alignReturns(input, options);
  requireStudyOptions(options, returns.target.length);
  return { returns, isLagZeroTradable: isKnownBeforeSession(input) };
}

/**
 * Whether the source's value that meets a day of the target at lag 0 is known before that day's session begins, so
 * that lag 0 can be traded. False where clocks are not known.
 */
export function isKnownBeforeSession({ source, target }: { source: StudySeries; target: StudySeries }): boolean {
  if (source.closing === undefined || target.closing === undefined || target.sessionOpensAfterMs === undefined)
    return false;
  const lateness = source.closing.latestMs - target.closing.earliestMs;
  const rowsLater = Math.max(0, Math.ceil(lateness / MS_PER_DAY));
  return source.closing.latestMs - rowsLater * MS_PER_DAY <= target.sessionOpensAfterMs;
}

/** The test alone, and how to find out where the lag may lie: what a screen needs of each pair. */
export function testPair(
  input: StudyInput,
  options: StudyOptions,
): { readonly tested: PairTest; readonly locate: () => LagBootstrap } {
  const pair = alignPair(input, options);
  const innovations = innovationsOf(pair.returns);
  const tested = testAligned(pair, innovations, options);
  return { tested, locate: () => locateLag(tested, scoredSides(innovations, tested.test), options) };
}

function testAligned(
  { returns, isLagZeroTradable }: AlignedPair,
  innovations: Innovations,
  options: StudyOptions,
): PairTest {
  const test = testLags(innovations, { ...options, isLagZeroTradable });
  const heldOut = heldOutTest(returns, { ...options, isLagZeroTradable });
  return {
    fromMs: returns.openedAtMs[0]! as EpochMs,
    toMs: returns.openedAtMs.at(-1)! as EpochMs,
    returns: returns.target.length,
    p: test.lead.p,
    heldOutIc: heldOut.ic,
    detectableSize: test.detectableSize,
    tests: test.tests,
    isLagZeroTradable,
    stillShare: returns.stillShare,
    lags: Array.from({ length: options.maxLag + 1 }, (_, lag) => ({
      lag,
      n: returns.target.length - lag,
      pearson: correlationWithin(returns.source, returns.target, lag, lag, returns.target.length),
      whitened: test.correlations[lag]!,
      ic: NaN,
      r2: NaN,
    })),
    test,
    heldOut,
  };
}

function locateLag(
  { test, isLagZeroTradable }: PairTest,
  { shape, target }: ScoredSides,
  { maxLag, resamples, seed }: StudyOptions,
): LagBootstrap {
  const minLag = isLagZeroTradable ? 0 : 1;
  return bootstrapLag(shape, target, { maxLag, minLag, lag: test.lead.lag, resamples, seed });
}

function studyAligned(pair: AlignedPair, options: StudyOptions): PairStudy {
  const { returns } = pair;
  const innovations = innovationsOf(returns);
  const tested = testAligned(pair, innovations, options);
  const { lead } = tested.test;
  const sides = { openedAtMs: innovations.openedAtMs, ...scoredSides(innovations, tested.test) };
  const bootstrap = locateLag(tested, sides, options);
  const blocks = correlationByBlock(sides, lead.lag, BLOCKS);
  return {
    ...tested,
    verdict: verdictOf({ ...tested, q: tested.p, pairsTested: 1, lagInterval: bootstrap.lagInterval }),
    bootstrap,
    hacInterval: hacInterval(sides, tested.test),
    blocks,
    signStability: blocks.filter(({ correlation }) => correlation * lead.correlation > 0).length / blocks.length,
    granger: [...new Set([1, 5, options.maxLag])].map((lags) => grangerTest(returns.source, returns.target, lags)),
    boosting: undefined,
  };
}

export interface ScoredSides {
  readonly shape: Float64Array;
  readonly target: Float64Array;
}

/** The source in the shape of the lead, and the target's ranks, as the test saw them. */
export function scoredSides({ source, target }: Innovations, { lead }: LagTest): ScoredSides {
  return {
    shape: transformSource(source)[SOURCE_TRANSFORMS.indexOf(lead.transform)]!,
    target: unitVariance(averageRanks(target)),
  };
}

function hacInterval({ shape, target }: ScoredSides, { lead }: LagTest): [number, number] {
  const products = target.subarray(lead.lag).map((value, row) => value * shape[row]!);
  const half = Z_95 * neweyWestStandardError(products);
  return [lead.correlation - half, lead.correlation + half];
}
