import { WorkbenchError } from "../errors.js";
import { gainImportance, predictBoostedTrees } from "./boosted-trees.js";
import { requireFit } from "./fit-checks.js";
import type { BoostingFit, BoostingPredictions, GradientBoosting } from "./gradient-boosting.js";
import { boostingRounds, trainBoostedTrees } from "./train-boosted-trees.js";

/** Values looked at between two pauses for other work of the thread: some tens of milliseconds. */
const VALUES_PER_TURN = 20_000_000;

/** Our trainer in the calling thread; it pauses now and then, so that an abort is heard. */
export const histogramBoosting: GradientBoosting = {
  engine: "histogram",
  async trainAndPredict(fit, signal) {
    requireNotAborted(signal);
    requireFit(fit);
    const rounds = boostingRounds(fit);
    const valuesPerRound = fit.train.rowCount * fit.train.columns.length * fit.parameters.maxDepth;
    let values = 0;
    for (let step = rounds.next(); ; step = rounds.next()) {
      if (step.done) return predictionsOf(step.value, fit);
      values += valuesPerRound;
      if (values < VALUES_PER_TURN) continue;
      values = 0;
      await otherWork();
      requireNotAborted(signal);
    }
  },
};

/** The same at once. @throws FEATURES_INVALID, ARGUMENT_INVALID */
export function trainAndPredictNow(fit: BoostingFit): BoostingPredictions {
  requireFit(fit);
  return predictionsOf(trainBoostedTrees(fit), fit);
}

function predictionsOf({ model }: ReturnType<typeof trainBoostedTrees>, { test }: BoostingFit): BoostingPredictions {
  return { predictions: predictBoostedTrees(model, test), gain: gainImportance(model).total };
}

function otherWork(): Promise<void> {
  return new Promise((resume) => setTimeout(resume, 0));
}

function requireNotAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new WorkbenchError("CANCELLED", "the training was cancelled", { cause: signal.reason });
}
