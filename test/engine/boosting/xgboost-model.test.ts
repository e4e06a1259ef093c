import { describe, expect, it } from "vitest";
import { predictBoostedTrees } from "../../../src/engine/boosting/boosted-trees.js";
import { trainBoostedTrees } from "../../../src/engine/boosting/train-boosted-trees.js";
import { modelToXgboostJson } from "../../../src/engine/boosting/xgboost-model.js";
import { modelFromXgboostJson } from "../../../src/engine/boosting/xgboost-model-reader.js";
import { largestGap } from "../../support/largest-gap.js";
import { NATIVE_CASES } from "./native-cases.js";
import { plantedFit } from "./planted-fit.js";
import { pythonPredictions, pythonUnavailable } from "./python-xgboost.js";

const pruned = NATIVE_CASES.get("pruned")!;

describe("modelFromXgboostJson(text)", () => {
  it("reads a pruned model of native XGBoost with missing values and predicts the same", () => {
    const predictions = predictBoostedTrees(modelFromXgboostJson(pruned.model!), pruned.test);
    expect(largestGap(predictions, pruned.testPredictions)).toBeLessThan(1e-6);
  });

  it("reads back every bit of what modelToXgboostJson writes", () => {
    const { model } = trainBoostedTrees(plantedFit({ rowCount: 300, parameters: { maxDepth: 5, baseScore: 0.1 } }).fit);
    expect(modelFromXgboostJson(modelToXgboostJson(model))).toEqual(model);
  });

  type Json = Record<string, unknown>;
  const { model } = trainBoostedTrees(plantedFit({ rowCount: 50, parameters: { rounds: 2 } }).fit);
  const broken = (change: (parts: { learner: Json; booster: Json; tree: Json }) => void) => {
    const parsed = JSON.parse(modelToXgboostJson(model));
    const { learner } = parsed;
    change({ learner, booster: learner.gradient_booster.model, tree: learner.gradient_booster.model.trees[1] });
    return JSON.stringify(parsed);
  };
  const TREE = "learner.gradient_booster.model.trees[1]";
  it.each<[string, string, string]>([
    ["what is no JSON", "not JSON", "invalid model: it is not JSON"],
    ["a list", "[]", "invalid model: [] (accepted: an object)"],
    ["no learner", "{}", "invalid model: {} (accepted: an object with learner)"],
    [
      "another objective",
      broken(({ learner }) => Object.assign(learner, { objective: { name: "binary:logistic" } })),
      'invalid learner.objective.name: "binary:logistic" (accepted: reg:squarederror or reg:linear)',
    ],
    [
      "a count of trees that is not theirs",
      broken(({ booster }) => (booster.trees = [booster.trees])),
      "invalid learner.gradient_booster.model.gbtree_model_param.num_trees",
    ],
    ["a short list", broken(({ tree }) => (tree.loss_changes = [1])), `invalid ${TREE}.loss_changes`],
    [
      "a threshold that is text",
      broken(({ tree }) => ((tree.split_conditions as unknown[])[3] = "0.5")),
      `invalid ${TREE}.split_conditions[3]: "0.5" (accepted: a finite number)`,
    ],
    [
      "a feature that is not there",
      broken(({ tree }) => ((tree.split_indices as unknown[])[0] = 4)),
      `invalid ${TREE}.split_indices[0]: 4 (accepted: an integer from 0 to 3)`,
    ],
    [
      "a circle",
      broken(({ tree }) => ((tree.left_children as unknown[])[1] = 0)),
      `(accepted: a tree, in which node 0 is reached once)`,
    ],
    [
      "half a pair of children",
      broken(({ tree }) => ((tree.right_children as unknown[])[0] = -1)),
      `invalid ${TREE}.right_children`,
    ],
    ["categories", broken(({ tree }) => (tree.categories_nodes = [0])), `invalid ${TREE}.categories_nodes`],
    ["a name too few", broken(({ learner }) => (learner.feature_names = ["x"])), "invalid learner.feature_names"],
  ])("refuses %s and names the field", (_case, text, message) => {
    expect(() => modelFromXgboostJson(text)).toThrow(
      expect.objectContaining({ code: "FEATURES_INVALID", message: expect.stringContaining(message) }),
    );
  });
});

describe.skipIf(pythonUnavailable !== undefined)("modelToXgboostJson(model)", () => {
  it.each([
    ["missing values", NATIVE_CASES.get("missing values")!],
    ["quantile bins", { ...plantedFit({ rowCount: 3_000, parameters: { maxDepth: 6, maxBins: 32 } }).fit }],
  ])("is read by XGBoost in Python, which predicts the same: %s", (_name, fit) => {
    const { model, trainPredictions } = trainBoostedTrees(fit);
    const theirs = pythonPredictions(modelToXgboostJson(model), fit.train);
    expect(largestGap(theirs, trainPredictions)).toBe(0);
  });
});
