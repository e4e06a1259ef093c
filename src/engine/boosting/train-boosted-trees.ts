import { seededRandom } from "../statistics/seeded-random.js";
import type { BoostedTrees } from "./boosted-trees.js";
import { binFeatures } from "./feature-bins.js";
import { requireFeatures, requireLabels, requireParameters, requireSameColumns } from "./fit-checks.js";
import type { BoostingParameters, FeatureColumns } from "./gradient-boosting.js";
import { addTree, type RegressionTree } from "./regression-tree.js";
import { sampleColumns, sampleRows } from "./sampling.js";
import { treeGrower } from "./tree-grower.js";

/** Rows that stop the training when they are predicted no better for `patience` rounds. */
export interface BoostingValidation {
  readonly features: FeatureColumns;
  readonly labels: Float64Array;
  /** Rounds without an improvement after which training ends. */
  readonly patience: number;
}

export interface BoostingTraining {
  /** Without the trees after the best round, if there was a validation. */
  readonly model: BoostedTrees;
  /** Predictions of the training rows by all trees that were grown. */
  readonly trainPredictions: Float32Array;
  /** Root-mean-square error of the validation rows after each round; empty without a validation. */
  readonly validationErrors: readonly number[];
}

export interface BoostingInput {
  readonly train: FeatureColumns;
  readonly labels: Float64Array;
  readonly parameters: BoostingParameters;
  readonly validation?: BoostingValidation | undefined;
}

/**
 * Gradient boosting of half the squared error by trees on binned features, as XGBoost's `hist` does it; with a bin
 * for each distinct value it grows the trees of XGBoost's `exact`. Missing values take at each split the side that
 * gains more. Predictions and leaf values are float32, sums are float64. Same input, same bits.
 * See Chen and Guestrin, "XGBoost: A Scalable Tree Boosting System" (2016).
 *
 * @throws FEATURES_INVALID for features or labels that cannot be trained on, ARGUMENT_INVALID for a parameter
 */
export function trainBoostedTrees(input: BoostingInput): BoostingTraining {
  const rounds = boostingRounds(input);
  for (;;) {
    const step = rounds.next();
    if (step.done) return step.value;
  }
}

/** {@link trainBoostedTrees} in steps of a round, for callers that have to do something in between. */
export function* boostingRounds({
  train,
  labels,
  parameters,
  validation,
}: BoostingInput): Generator<RegressionTree, BoostingTraining> {
  requireFeatures(train, "train");
  requireLabels(labels, train.rowCount);
  requireParameters(parameters);
  if (validation) {
    requireSameColumns(train.names, validation.features, "validation");
    requireLabels(validation.labels, validation.features.rowCount);
  }
  const { rowCount, columns } = train;
  const random = seededRandom(parameters.seed);
  const grower = treeGrower(binFeatures(train, parameters.maxBins), parameters);
  const targets = Float32Array.from(labels);
  const predictions = new Float32Array(rowCount).fill(parameters.baseScore);
  const gradients = new Float32Array(rowCount);
  const rowBuffer = new Uint32Array(rowCount);
  const stopping = validation && watchValidation(validation, parameters.baseScore);
  const trees: RegressionTree[] = [];

  for (let round = 0; round < parameters.rounds; round++) {
    for (let row = 0; row < rowCount; row++) gradients[row] = predictions[row]! - targets[row]!;
    const sample = sampleRows(rowBuffer, parameters.rowSample, random);
    const features = sampleColumns(columns.length, parameters.columnSample, random);
    const isWhole = sample.length === rowCount;
    const tree = grower.grow({ rows: sample, gradients, features, predictions: isWhole ? predictions : undefined });
    if (!isWhole) addTree(predictions, tree, columns);
    trees.push(tree);
    yield tree;
    if (stopping?.isOver(tree)) break;
  }
  return {
    model: {
      featureNames: train.names,
      baseScore: Math.fround(parameters.baseScore),
      trees: stopping ? trees.slice(0, stopping.bestRounds()) : trees,
    },
    trainPredictions: predictions,
    validationErrors: stopping?.errors ?? [],
  };
}

function watchValidation({ features, labels, patience }: BoostingValidation, baseScore: number) {
  const predictions = new Float32Array(features.rowCount).fill(baseScore);
  const errors: number[] = [];
  let best = 0;
  return {
    errors,
    bestRounds: () => best + 1,
    /** Takes the next tree; says whether the best round lies `patience` rounds back. */
    isOver(tree: RegressionTree): boolean {
      addTree(predictions, tree, features.columns);
      let squares = 0;
      for (let row = 0; row < labels.length; row++) squares += (predictions[row]! - labels[row]!) ** 2;
      errors.push(Math.sqrt(squares / labels.length));
      if (errors.at(-1)! < errors[best]!) best = errors.length - 1;
      return errors.length - 1 - best >= patience;
    },
  };
}
