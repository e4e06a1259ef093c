import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpenBoosting } from "../../src/compute/open-boosting.js";
import { plantedFit } from "../engine/boosting/planted-fit.js";
import { largestGap } from "../support/largest-gap.js";

/** What every engine behind the port keeps. */
export function gradientBoostingSuite(name: string, open: () => Promise<OpenBoosting>): void {
  describe(name, () => {
    let boosting: OpenBoosting;
    beforeAll(async () => {
      boosting = await open();
    });
    afterAll(() => boosting.close());

    it("predicts rows it has not seen better than their mean does", async () => {
      const { fit, testLabels } = plantedFit({ rowCount: 600 });
      const { predictions } = await boosting.trainAndPredict(fit);
      const squares = (of: (row: number) => number) =>
        testLabels.reduce((sum, label, row) => sum + (label - of(row)) ** 2, 0);
      expect(squares((row) => predictions[row]!)).toBeLessThan(0.5 * squares(() => 0));
    });

    it("gives the same bits for the same fit, whatever else is trained", async () => {
      const fits = [1, 2, 3, 1].map((seed) => plantedFit({ rowCount: 200, seed }).fit);
      const [first, , , last] = await Promise.all(fits.map((fit) => boosting.trainAndPredict(fit)));
      expect(last).toEqual(first);
    });

    it("takes −1 for a value like any other", async () => {
      const { fit } = plantedFit({ rowCount: 400 });
      const label = (value: number) => (value === -1 ? 1 : 0);
      const steps = Float64Array.from({ length: 400 }, (_, row) => (row % 5) - 2);
      const table = { names: ["step"], columns: [steps], rowCount: 400 };
      const { predictions } = await boosting.trainAndPredict({
        ...fit,
        train: table,
        test: table,
        labels: steps.map(label),
      });
      expect(largestGap(predictions, steps.map(label))).toBeLessThan(0.01);
    });

    it("reads columns that are views of a larger table, and changes none", async () => {
      const { fit } = plantedFit({ rowCount: 100 });
      const table = new Float64Array(1_000);
      const columns = fit.train.columns.map((column, index) => {
        table.set(column, 200 * index + 50);
        return table.subarray(200 * index + 50, 200 * index + 150);
      });
      const before = table.slice();
      const viewed = await boosting.trainAndPredict({ ...fit, train: { ...fit.train, columns } });
      expect(viewed).toEqual(await boosting.trainAndPredict(fit));
      expect(table).toEqual(before);
    });

    it("refuses an infinite value, and goes on", async () => {
      const { fit } = plantedFit({ rowCount: 50 });
      const columns = fit.train.columns.with(2, fit.train.columns[2]!.with(9, -Infinity));
      await expect(boosting.trainAndPredict({ ...fit, train: { ...fit.train, columns } })).rejects.toMatchObject({
        code: "FEATURES_INVALID",
        details: { name: "z", row: 9 },
      });
      expect((await boosting.trainAndPredict(fit)).predictions).toHaveLength(50);
    });

    it("ends a training that is cancelled, and goes on", async () => {
      const { fit } = plantedFit({ rowCount: 20_000, parameters: { rounds: 20_000 } });
      const training = boosting.trainAndPredict(fit, AbortSignal.timeout(200));
      await expect(training).rejects.toMatchObject({ code: "CANCELLED" });
      const { predictions } = await boosting.trainAndPredict(plantedFit({ rowCount: 50 }).fit);
      expect(predictions).toHaveLength(50);
    });
  });
}
