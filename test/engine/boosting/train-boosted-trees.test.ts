import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gainImportance, predictBoostedTrees } from "../../../src/engine/boosting/boosted-trees.js";
import { STUDY_BOOSTING } from "../../../src/engine/boosting/gradient-boosting.js";
import { NO_CHILD } from "../../../src/engine/boosting/regression-tree.js";
import { trainBoostedTrees } from "../../../src/engine/boosting/train-boosted-trees.js";
import { largestGap } from "../../support/largest-gap.js";
import { NATIVE_CASES } from "./native-cases.js";
import { plantedFit } from "./planted-fit.js";

describe("trainBoostedTrees({ train, labels, parameters, validation })", () => {
  // XGBoost's exact algorithm prunes by γ after growing; its hist algorithm and ours do not grow what γ forbids.
  const grownInFull = [...NATIVE_CASES].filter(([, { parameters }]) => parameters.gamma === 0);

  describe.each(grownInFull)("with a bin for each distinct value: %s", (_name, native) => {
    const { model, trainPredictions } = trainBoostedTrees(native);

    it("predicts the training rows as native XGBoost's exact algorithm does", () => {
      expect(largestGap(trainPredictions, native.trainPredictions)).toBeLessThan(1e-5);
    });

    it("predicts other rows as it does", () => {
      expect(largestGap(predictBoostedTrees(model, native.test), native.testPredictions)).toBeLessThan(1e-5);
    });

    it("finds its gain on every feature", () => {
      const { total } = gainImportance(model);
      expect(largestGap(total, native.totalGain)).toBeLessThan(1e-5 * Math.max(...native.totalGain));
    });
  });

  it("predicts the training rows from the model as it did while training", () => {
    const { fit } = plantedFit({ rowCount: 2_000, parameters: { maxBins: 16, maxDepth: 5 } });
    const { model, trainPredictions } = trainBoostedTrees(fit);
    expect(predictBoostedTrees(model, fit.train)).toEqual(Float64Array.from(trainPredictions));
  });

  it("does so when each tree sees a part of rows and columns", () => {
    const { fit } = plantedFit({ rowCount: 500, parameters: { rowSample: 0.6, columnSample: 0.5 } });
    const { model, trainPredictions } = trainBoostedTrees(fit);
    expect(predictBoostedTrees(model, fit.train)).toEqual(Float64Array.from(trainPredictions));
  });

  it("predicts the training rows as it trained on them, whatever the features", () => {
    const value = fc.oneof(fc.float({ noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }), fc.constant(NaN));
    const rows = fc.array(fc.tuple(value, value, value, fc.integer({ min: -9, max: 9 })), {
      minLength: 1,
      maxLength: 80,
    });
    const sample = fc.constantFrom(0.5, 1);
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 256 }), sample, (cells, maxBins, rowSample) => {
        const columns = [0, 1, 2].map((column) => Float64Array.from(cells, (row) => row[column]!));
        const train = { names: ["x", "y", "z"], columns, rowCount: cells.length };
        const labels = Float64Array.from(cells, (row) => row[3]);
        const parameters = { ...STUDY_BOOSTING, rounds: 5, maxDepth: 4, learningRate: 0.5, maxBins, rowSample };
        const { model, trainPredictions } = trainBoostedTrees({ train, labels, parameters });
        expect(predictBoostedTrees(model, train)).toEqual(Float64Array.from(trainPredictions));
      }),
    );
  });

  it("takes the first of two equal columns, so that a copy changes nothing", () => {
    const { fit } = plantedFit({ rowCount: 300 });
    const { names, columns, rowCount } = fit.train;
    const doubled = { names: [...names, "copy"], columns: [...columns, columns[0]!], rowCount };
    const { model, trainPredictions } = trainBoostedTrees({ ...fit, train: doubled });
    expect(trainPredictions).toEqual(trainBoostedTrees(fit).trainPredictions);
    expect(gainImportance(model).splits[4]).toBe(0);
  });

  it("gives each tree ⌊share · columns⌋ columns", () => {
    const { fit } = plantedFit({ rowCount: 300, parameters: { columnSample: 0.5 } });
    for (const { feature, leftChild } of trainBoostedTrees(fit).model.trees) {
      const used = new Set(feature.filter((_, node) => leftChild[node] !== NO_CHILD));
      expect(used.size).toBeLessThanOrEqual(2);
    }
  });

  it("draws other rows for another seed, and the same for the same", () => {
    const trained = (seed: number) =>
      trainBoostedTrees(plantedFit({ rowCount: 200, parameters: { rowSample: 0.5, seed } }).fit).trainPredictions;
    expect(trained(2)).toEqual(trained(2));
    expect(trained(2)).not.toEqual(trained(3));
  });

  it("grows no split that gains less than γ and none on fewer rows than the children must have", () => {
    const { fit } = plantedFit({ rowCount: 400, parameters: { gamma: 0.5, minChildWeight: 20, maxDepth: 6 } });
    for (const { gain, leftChild, cover } of trainBoostedTrees(fit).model.trees) {
      const innerGains = gain.filter((_, node) => leftChild[node] !== NO_CHILD);
      expect(Math.min(...innerGains)).toBeGreaterThanOrEqual(0.5);
      expect(Math.min(...cover)).toBeGreaterThanOrEqual(20);
    }
  });

  it("learns from missing values alone", () => {
    const isMissing = (row: number) => row % 3 === 0;
    const column = Float64Array.from({ length: 90 }, (_, row) => (isMissing(row) ? NaN : 7));
    const { fit } = plantedFit({ rowCount: 90, parameters: { learningRate: 1, rounds: 1, lambda: 0 } });
    const train = { names: ["x"], columns: [column], rowCount: 90 };
    const labels = column.map((_, row) => (isMissing(row) ? -2 : 5));
    const { model, trainPredictions } = trainBoostedTrees({ ...fit, train, labels });
    expect(trainPredictions).toEqual(Float32Array.from(labels));
    expect(Array.from(predictBoostedTrees(model, train))).toEqual(Array.from(labels));
  });

  it("splits nothing when no feature varies", () => {
    const { fit } = plantedFit({ rowCount: 30, parameters: { rounds: 1, learningRate: 1, lambda: 0 } });
    const train = { names: ["x"], columns: [new Float64Array(30).fill(1)], rowCount: 30 };
    const { model } = trainBoostedTrees({ ...fit, train, labels: new Float64Array(30).fill(2.5) });
    expect(model.trees[0]!.nodeCount).toBe(1);
    expect(predictBoostedTrees(model, train)[0]).toBe(2.5);
  });

  it("tells apart doubles only where float32 does", () => {
    const { fit } = plantedFit({ rowCount: 40, parameters: { rounds: 1, learningRate: 1, lambda: 0 } });
    const near = Float64Array.from({ length: 40 }, (_, row) => 1 + (row % 2) * 1e-9);
    const labels = near.map((_, row) => row % 2);
    const { model } = trainBoostedTrees({ ...fit, train: { names: ["x"], columns: [near], rowCount: 40 }, labels });
    expect(model.trees[0]!.nodeCount).toBe(1);
    const adjacent = near.map((_, row) => 1 + (row % 2) * 2 ** -23);
    const split = trainBoostedTrees({ ...fit, train: { names: ["x"], columns: [adjacent], rowCount: 40 }, labels });
    expect(Array.from(split.trainPredictions)).toEqual(Array.from(labels));
  });

  it("is best on a validation at the round it keeps, and stops `patience` rounds later", () => {
    const { fit, testLabels } = plantedFit({
      rowCount: 200,
      parameters: { rounds: 400, maxDepth: 5, learningRate: 0.3 },
    });
    const validation = { features: fit.test, labels: testLabels, patience: 10 };
    const { model, validationErrors } = trainBoostedTrees({ ...fit, validation });
    const best = validationErrors.indexOf(Math.min(...validationErrors));
    expect(model.trees).toHaveLength(best + 1);
    expect(validationErrors).toHaveLength(best + 1 + 10);
    const squares = predictBoostedTrees(model, fit.test).map((prediction, row) => (prediction - testLabels[row]!) ** 2);
    const error = Math.sqrt(squares.reduce((sum, square) => sum + square) / squares.length);
    expect(error).toBeCloseTo(validationErrors[best]!, 12);
  });
});
