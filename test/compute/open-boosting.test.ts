import { afterAll, describe, expect, it } from "vitest";
import { openBoosting } from "../../src/compute/open-boosting.js";
import { trainAndPredictNow } from "../../src/engine/boosting/histogram-boosting.js";
import { plantedFit } from "../engine/boosting/planted-fit.js";
import { gradientBoostingSuite } from "../port-suites/gradient-boosting-suite.js";
import { largestGap } from "../support/largest-gap.js";

gradientBoostingSuite("histogram, in the calling thread", () => openBoosting({ workers: 0 }));
gradientBoostingSuite("histogram, in two workers", () => openBoosting({ workers: 2 }));
gradientBoostingSuite("ml-xgboost, in two workers", () => openBoosting({ engine: "ml-xgboost", workers: 2 }));

describe("openBoosting({ engine, workers, timeoutMs })", async () => {
  const opened = await Promise.all([openBoosting({ workers: 1 }), openBoosting({ engine: "ml-xgboost", workers: 1 })]);
  const [histogram, mlXgboost] = opened;
  afterAll(async () => {
    await Promise.all(opened.map((boosting) => boosting.close()));
  });

  it("gives the bits of the calling thread in a worker", async () => {
    const { fit } = plantedFit({ rowCount: 500, parameters: { rowSample: 0.7, columnSample: 0.5, seed: 3 } });
    expect(await histogram.trainAndPredict(fit)).toEqual(trainAndPredictNow(fit));
  });

  it("predicts with one bin a value what XGBoost predicts", async () => {
    const { fit } = plantedFit({
      rowCount: 250,
      parameters: { maxDepth: 4, gamma: 0, minChildWeight: 3, baseScore: 0.5 },
    });
    const [ours, theirs] = await Promise.all(opened.map((boosting) => boosting.trainAndPredict(fit)));
    expect(largestGap(ours!.predictions, theirs!.predictions)).toBeLessThan(1e-5);
  });

  it("has no gain where the engine has none", async () => {
    const { gain } = await mlXgboost.trainAndPredict(plantedFit({ rowCount: 50 }).fit);
    expect(gain).toBeUndefined();
  });

  it("refuses a missing value for ml-xgboost, which takes it for a reason to end the process", async () => {
    const { fit } = plantedFit({ rowCount: 50 });
    const columns = fit.train.columns.with(1, fit.train.columns[1]!.with(4, NaN));
    await expect(mlXgboost.trainAndPredict({ ...fit, train: { ...fit.train, columns } })).rejects.toMatchObject({
      code: "FEATURES_INVALID",
      message: expect.stringContaining("train column y is NaN in row 4"),
    });
  });

  it("trains ml-xgboost on more than the 5 MB that its own functions can take", async () => {
    const { fit } = plantedFit({ rowCount: 400_000, parameters: { rounds: 1, maxDepth: 1 } });
    const { predictions } = await mlXgboost.trainAndPredict(fit);
    expect(new Set(predictions).size).toBe(2);
  });

  it.each([
    { engine: "histogram", workers: 0 },
    { engine: "histogram", workers: 1 },
    { engine: "ml-xgboost", workers: 1 },
  ] as const)("ends a fit that takes too long: %o", async (options) => {
    const impatient = await openBoosting({ ...options, timeoutMs: 100 });
    const { fit } = plantedFit({ rowCount: 10_000, parameters: { rounds: 20_000 } });
    await expect(impatient.trainAndPredict(fit)).rejects.toMatchObject({ code: "CANCELLED" });
    await impatient.close();
  });

  it.each([0, NaN, 2 ** 31])("refuses a timeout of %d ms", async (timeoutMs) => {
    await expect(openBoosting({ timeoutMs })).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
  });

  it("cannot train ml-xgboost without a worker", async () => {
    await expect(openBoosting({ engine: "ml-xgboost", workers: 0 })).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
    });
  });
});
