import { type FeatureColumns, STUDY_BOOSTING } from "../../engine/boosting/gradient-boosting.js";
import { trainAndPredictNow } from "../../engine/boosting/histogram-boosting.js";
import { purgedWalkForward } from "../../engine/feature-table/purged-walk-forward.js";
import { correlationWithin } from "../../engine/lead-lag/correlation-through-time.js";
import { CHOOSING_SHARE } from "../../engine/lead-lag/held-out.js";
import { pearsonCorrelation } from "../../engine/statistics/correlation.js";
import { simultaneousBand } from "../../engine/statistics/simultaneous-band.js";
import {
  LAST_LAG,
  PLANTED_LAG,
  priceOf,
  SIMULATED_PAIRS,
  type SimulatedPair,
  type SimulationSettings,
  simulatedPairs,
  strongestLag,
} from "./simulated-pairs.js";

/** Correlations of prices and of returns of unrelated pairs, and the pair whose prices look most alike. */
export interface PriceLevels {
  readonly levels: Float64Array;
  readonly returns: Float64Array;
  readonly example: { readonly source: Float64Array; readonly target: Float64Array };
}

export function correlatedLevels(settings: SimulationSettings): PriceLevels {
  const pairs = simulatedPairs(SIMULATED_PAIRS, { ...settings, correlation: 0 });
  const prices = pairs.map(({ source, target }) => ({ source: priceOf(source), target: priceOf(target) }));
  const levels = Float64Array.from(prices, ({ source, target }) => pearsonCorrelation(source, target));
  const mostAlike = levels.indexOf(Math.max(...levels));
  return {
    levels,
    returns: Float64Array.from(pairs, ({ source, target }) => pearsonCorrelation(source, target)),
    example: prices[mostAlike] ?? { source: new Float64Array(), target: new Float64Array() },
  };
}

/** The largest of the correlations of unrelated pairs at lags 0 to 30, and how often each band is left. */
export interface BestLags {
  readonly largest: Float64Array;
  readonly oneLagBand: number;
  readonly allLagsBand: number;
  readonly beyondOneLag: number;
  readonly beyondAllLags: number;
}

export function bestLagsOfNoise(settings: SimulationSettings): BestLags {
  const { days } = settings;
  const pairs = simulatedPairs(SIMULATED_PAIRS, { ...settings, correlation: 0 });
  const largest = Float64Array.from(pairs, (pair) => Math.abs(strongestLag(pair, 0, days).correlation));
  const oneLagBand = simultaneousBand({ n: days, tests: 1 });
  const allLagsBand = simultaneousBand({ n: days, tests: LAST_LAG + 1 });
  const shareBeyond = (band: number) => largest.filter((size) => size > band).length / largest.length;
  return {
    largest,
    oneLagBand,
    allLagsBand,
    beyondOneLag: shareBeyond(oneLagBand),
    beyondAllLags: shareBeyond(allLagsBand),
  };
}

/** Correlation at the lag chosen for its size, and at that lag on the days after. */
export interface ChosenAndTested {
  readonly isRelated: boolean;
  readonly inSample: number;
  readonly heldOut: number;
}

export function winnersCurse(settings: SimulationSettings): readonly ChosenAndTested[] {
  const end = Math.floor(CHOOSING_SHARE * settings.days);
  return [0, settings.correlation].flatMap((correlation, which) =>
    simulatedPairs(SIMULATED_PAIRS / 2, { ...settings, correlation, seed: settings.seed + which }).map((pair) => {
      const chosen = strongestLag(pair, 1, end);
      const direction = Math.sign(chosen.correlation);
      return {
        isRelated: which === 1,
        inSample: Math.abs(chosen.correlation),
        heldOut: direction * correlationWithin(pair.source, pair.target, chosen.lag, end, settings.days),
      };
    }),
  );
}

/** R² of boosted trees on prices in sample, and on returns out of sample, both at the planted lag. */
export interface TreeScores {
  readonly isRelated: boolean;
  readonly levelsInSample: number;
  readonly returnsOutOfSample: number;
}

/** Pairs of each kind for which trees are trained: six models each. */
export const TREE_PAIRS = 20;

export function* treeScores(settings: SimulationSettings): Generator<TreeScores> {
  for (const [which, correlation] of [0, settings.correlation].entries()) {
    for (const pair of simulatedPairs(TREE_PAIRS, { ...settings, correlation, seed: settings.seed + 2 + which })) {
      yield {
        isRelated: which === 1,
        levelsInSample: levelsInSample(pair),
        returnsOutOfSample: returnsOutOfSample(pair),
      };
    }
  }
}

function levelsInSample({ source, target }: SimulatedPair): number {
  const [feature, labels] = lagged(priceOf(source), priceOf(target));
  const features = single(feature);
  const { predictions } = trainAndPredictNow({ train: features, labels, test: features, parameters: STUDY_BOOSTING });
  return rSquared(predictions, labels, meanOf(labels));
}

function returnsOutOfSample({ source, target }: SimulatedPair): number {
  const [feature, labels] = lagged(source, target);
  const folds = purgedWalkForward({
    rowCount: labels.length,
    folds: 5,
    purge: PLANTED_LAG,
    embargo: 0,
    minTrainRows: Math.floor(labels.length / 6),
  });
  let error = 0;
  let spread = 0;
  for (const { train, test } of folds) {
    const known = labels.subarray(train.begin, train.end);
    const outcomes = labels.subarray(test.begin, test.end);
    const { predictions } = trainAndPredictNow({
      train: single(feature.subarray(train.begin, train.end)),
      labels: known,
      test: single(feature.subarray(test.begin, test.end)),
      parameters: STUDY_BOOSTING,
    });
    error += squaredError(predictions, outcomes);
    spread += squaredError(new Float64Array(outcomes.length).fill(meanOf(known)), outcomes);
  }
  return 1 - error / spread;
}

function lagged(source: Float64Array, target: Float64Array): [Float64Array, Float64Array] {
  return [source.subarray(0, source.length - PLANTED_LAG), target.subarray(PLANTED_LAG)];
}

function single(column: Float64Array): FeatureColumns {
  return { names: ["source"], columns: [column], rowCount: column.length };
}

function rSquared(predictions: Float64Array, outcomes: Float64Array, mean: number): number {
  return 1 - squaredError(predictions, outcomes) / squaredError(new Float64Array(outcomes.length).fill(mean), outcomes);
}

function squaredError(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + (value - (b[i] ?? Number.NaN)) ** 2, 0);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
