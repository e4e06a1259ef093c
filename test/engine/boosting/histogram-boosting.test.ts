import { describe, expect, it } from "vitest";
import { type BoostingFit, STUDY_BOOSTING } from "../../../src/engine/boosting/gradient-boosting.js";
import { histogramBoosting, trainAndPredictNow } from "../../../src/engine/boosting/histogram-boosting.js";
import { plantedFit } from "./planted-fit.js";

describe("histogramBoosting.trainAndPredict({ train, labels, test, parameters }, signal)", () => {
  it("predicts rows it has not seen better than their mean does", async () => {
    const { fit, testLabels } = plantedFit({ rowCount: 600 });
    const { predictions } = await histogramBoosting.trainAndPredict(fit);
    const squares = (of: (row: number) => number) =>
      testLabels.reduce((sum, label, row) => sum + (label - of(row)) ** 2, 0);
    expect(squares((row) => predictions[row]!)).toBeLessThan(0.5 * squares(() => 0));
  });

  it("gives the bits of the form that does not pause", async () => {
    const { fit } = plantedFit({ rowCount: 300 });
    expect(await histogramBoosting.trainAndPredict(fit)).toEqual(trainAndPredictNow(fit));
  });

  it("finds the most gain on the columns that the labels were made of", () => {
    const { gain } = trainAndPredictNow(plantedFit({ rowCount: 600 }).fit);
    const [x, y, ...noise] = gain!;
    expect(Math.min(x!, y!)).toBeGreaterThan(5 * Math.max(...noise));
  });

  it("refuses to begin when it was cancelled before", async () => {
    const training = histogramBoosting.trainAndPredict(plantedFit({ rowCount: 50 }).fit, AbortSignal.abort());
    await expect(training).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("hears of a cancellation while it trains", async () => {
    const { fit } = plantedFit({ rowCount: 20_000 });
    const long = { ...fit, parameters: { ...STUDY_BOOSTING, rounds: 5_000 } };
    const training = histogramBoosting.trainAndPredict(long, AbortSignal.timeout(20));
    await expect(training).rejects.toMatchObject({ code: "CANCELLED" });
  });

  const { fit } = plantedFit({ rowCount: 20 });
  const withColumn = (change: (column: Float64Array) => Float64Array): BoostingFit => ({
    ...fit,
    train: { ...fit.train, columns: fit.train.columns.map((column, i) => (i === 1 ? change(column) : column)) },
  });
  it.each<[string, BoostingFit, string]>([
    ["an infinite value", withColumn((column) => column.with(7, Infinity)), "train column y is Infinity in row 7"],
    ["a value beyond float32", withColumn((column) => column.with(7, 1e39)), "train column y is 1e+39 in row 7"],
    ["a short column", withColumn((column) => column.subarray(1)), "train column y has 19 values for 20 rows"],
    ["no rows", { ...fit, train: { ...fit.train, rowCount: 0 } }, "train has 0 rows"],
    ["no columns", { ...fit, train: { names: [], columns: [], rowCount: 20 } }, "train has no columns"],
    ["a label that is NaN", { ...fit, labels: fit.labels.with(3, NaN) }, "label of row 3 is NaN"],
    ["a label too few", { ...fit, labels: fit.labels.subarray(1) }, "19 labels for 20 rows"],
    [
      "other columns to predict",
      { ...fit, test: { ...fit.test, names: ["x", "z", "y", "w"] } },
      "test has the columns",
    ],
  ])("refuses %s", async (_case, broken, message) => {
    await expect(histogramBoosting.trainAndPredict(broken)).rejects.toMatchObject({
      code: "FEATURES_INVALID",
      message: expect.stringContaining(message),
    });
  });

  it.each([
    { rounds: 0 },
    { maxDepth: 31 },
    { learningRate: 0 },
    { lambda: NaN },
    { maxBins: 257 },
    { rowSample: 1.1 },
  ])("refuses the parameter %o", async (wrong) => {
    const training = histogramBoosting.trainAndPredict({ ...fit, parameters: { ...STUDY_BOOSTING, ...wrong } });
    await expect(training).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
  });
});
