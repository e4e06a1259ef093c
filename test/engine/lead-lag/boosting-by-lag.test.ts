import { describe, expect, it } from "vitest";
import type { BoostingFit, GradientBoosting } from "../../../src/engine/boosting/gradient-boosting.js";
import { histogramBoosting } from "../../../src/engine/boosting/histogram-boosting.js";
import { alignReturns } from "../../../src/engine/lead-lag/aligned-returns.js";
import { boostingByLag } from "../../../src/engine/lead-lag/boosting-by-lag.js";
import { simulatePair } from "../../support/lead-lag-simulation.js";
import { pairOf } from "../../support/study-inputs.js";

/** Trains as the histogram engine does and keeps every fit with its predictions. */
function recording() {
  const fits: { readonly fit: BoostingFit; readonly predictions: Float64Array }[] = [];
  const boosting: GradientBoosting = {
    engine: "histogram",
    async trainAndPredict(fit, signal) {
      const result = await histogramBoosting.trainAndPredict(fit, signal);
      fits.push({ fit, predictions: result.predictions });
      return result;
    },
  };
  return { boosting, fits };
}

const OPTIONS = { maxLag: 3, folds: 4 };

describe("boostingByLag(returns, options, run)", () => {
  const pair = simulatePair(611, { kind: "linear", lag: 2, correlation: 0.3 });
  const returns = alignReturns(pairOf(pair.source, pair.target, [simulatePair(612, { kind: "none" }).source]));

  it("does not move a single bit of a past forecast when later days change", async () => {
    const changedFrom = 900;
    const changed = (values: Float64Array) =>
      values.map((value, day) => (day < changedFrom ? value : -3 * value + 0.01));
    const before = recording();
    const after = recording();
    await boostingByLag(returns, OPTIONS, { boosting: before.boosting });
    const future = {
      ...returns,
      source: changed(returns.source),
      target: changed(returns.target),
      factors: returns.factors.map(changed),
    };
    await boostingByLag(future, OPTIONS, { boosting: after.boosting });

    const firstFeatureDay = returns.target.length - rowsCovered(before.fits);
    let compared = 0;
    before.fits.forEach(({ fit, predictions }, i) => {
      const testBegin = testBeginOf(fit);
      predictions.forEach((prediction, row) => {
        if (firstFeatureDay + testBegin + row >= changedFrom) return;
        expect(after.fits[i]!.predictions[row]).toBe(prediction);
        compared++;
      });
    });
    expect(compared).toBeGreaterThan(1000);
  });

  it("trains on days that end a trading week before those it forecasts", async () => {
    const { boosting, fits } = recording();
    const { folds } = await boostingByLag(returns, OPTIONS, { boosting });
    expect(folds).toBe(4);
    for (const { fit } of fits) expect(testBeginOf(fit) - fit.train.rowCount).toBe(5);
  });

  it("forecasts the same days for every lag, and finds the planted one", async () => {
    const { lags, controls } = await boostingByLag(returns, OPTIONS, { boosting: histogramBoosting });
    expect(lags.map(({ lag }) => lag)).toEqual([0, 1, 2, 3]);
    expect(lags[2]!.ic).toBeGreaterThan(0.15);
    expect(lags[2]!.r2OverControls).toBeCloseTo(lags[2]!.r2 - controls.r2, 12);
    expect(lags[2]!.ic).toBeGreaterThan(Math.max(lags[1]!.ic, lags[3]!.ic));
  });
});

/** Row of the feature table at which a fit's test rows begin: both tables are views of the same columns. */
function testBeginOf({ train, test }: BoostingFit): number {
  return (test.columns[0]!.byteOffset - train.columns[0]!.byteOffset) / Float64Array.BYTES_PER_ELEMENT;
}

function rowsCovered(fits: readonly { readonly fit: BoostingFit }[]): number {
  return Math.max(...fits.map(({ fit }) => testBeginOf(fit) + fit.test.rowCount));
}
