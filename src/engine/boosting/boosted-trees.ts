import { requireSameColumns } from "./fit-checks.js";
import type { FeatureColumns } from "./gradient-boosting.js";
import { addTree, NO_CHILD, type RegressionTree } from "./regression-tree.js";

/** A trained ensemble: the prediction is the base score and what each tree adds, in float32. */
export interface BoostedTrees {
  readonly featureNames: readonly string[];
  readonly baseScore: number;
  readonly trees: readonly RegressionTree[];
}

/** Predicts every row, in the unit of the labels; missing values go the way training found best. @throws FEATURES_INVALID */
export function predictBoostedTrees(model: BoostedTrees, features: FeatureColumns): Float64Array {
  requireSameColumns(model.featureNames, features, "features");
  const predictions = new Float32Array(features.rowCount).fill(model.baseScore);
  for (const tree of model.trees) addTree(predictions, tree, features.columns);
  return Float64Array.from(predictions);
}

/** How much each feature served, in the order of the model's features. */
export interface GainImportance {
  /** Splits on the feature. */
  readonly splits: Int32Array;
  /** Gain of all of them, XGBoost's `total_gain`. */
  readonly total: Float64Array;
  /** Mean gain of a split, XGBoost's `gain`; 0 without a split. */
  readonly average: Float64Array;
}

export function gainImportance({ featureNames, trees }: BoostedTrees): GainImportance {
  const splits = new Int32Array(featureNames.length);
  const total = new Float64Array(featureNames.length);
  for (const { nodeCount, leftChild, feature, gain } of trees) {
    for (let node = 0; node < nodeCount; node++) {
      if (leftChild[node] === NO_CHILD) continue;
      splits[feature[node]!]!++;
      total[feature[node]!]! += gain[node]!;
    }
  }
  return { splits, total, average: total.map((sum, feature) => sum / Math.max(1, splits[feature]!)) };
}
