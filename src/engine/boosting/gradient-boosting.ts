/** Engines that train gradient boosting: our histogram trainer, and XGBoost 0.7 in WebAssembly. */
export const BOOSTING_ENGINES = ["histogram", "ml-xgboost"] as const;

export type BoostingEngine = (typeof BOOSTING_ENGINES)[number];

/** Features by column, one value a row; `NaN` is a missing value. */
export interface FeatureColumns {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
  readonly rowCount: number;
}

/** Parameters of squared-error gradient boosting, in XGBoost's meaning of them. */
export interface BoostingParameters {
  readonly rounds: number;
  readonly maxDepth: number;
  /** Shrinkage of each tree, XGBoost's `eta`. */
  readonly learningRate: number;
  /** L2 penalty of leaf weights. */
  readonly lambda: number;
  /** Least gain of a split. */
  readonly gamma: number;
  readonly minChildWeight: number;
  /** Prediction before the first tree, in the unit of the labels; XGBoost 1.7 takes 0.5 when it is told nothing. */
  readonly baseScore: number;
  /** Share of the rows that each tree sees, and of the columns; 1 takes all and draws nothing. */
  readonly rowSample: number;
  readonly columnSample: number;
  /** Most bins of a feature, up to 256; engines that split exactly take no notice. */
  readonly maxBins: number;
  readonly seed: number;
}

export interface BoostingFit {
  readonly train: FeatureColumns;
  readonly labels: Float64Array;
  /** Rows to predict, with the same columns. */
  readonly test: FeatureColumns;
  readonly parameters: BoostingParameters;
}

export interface BoostingPredictions {
  /** One for each row of `test`. */
  readonly predictions: Float64Array;
  /** Total gain of the splits on each feature, in the order of the columns; `undefined` where the engine has none. */
  readonly gain: Float64Array | undefined;
}

/** Trains an ensemble of trees and predicts rows it has not seen. */
export interface GradientBoosting {
  readonly engine: BoostingEngine;
  /** Same fit, same predictions. @throws FEATURES_INVALID, ARGUMENT_INVALID, CANCELLED */
  trainAndPredict(fit: BoostingFit, signal?: AbortSignal): Promise<BoostingPredictions>;
}

/** A hundred shallow trees: what a study of daily returns can bear. Returns lie about 0, and so does the base score. */
export const STUDY_BOOSTING: BoostingParameters = {
  rounds: 100,
  maxDepth: 3,
  learningRate: 0.1,
  lambda: 1,
  gamma: 0,
  minChildWeight: 1,
  baseScore: 0,
  rowSample: 1,
  columnSample: 1,
  maxBins: 256,
  seed: 1,
};
