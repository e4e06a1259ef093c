import { join } from "node:path";
import { openBoosting } from "../src/compute/open-boosting.js";
import { STUDY_BOOSTING } from "../src/engine/boosting/gradient-boosting.js";
import { trainAndPredictNow } from "../src/engine/boosting/histogram-boosting.js";
import { trainBoostedTrees } from "../src/engine/boosting/train-boosted-trees.js";
import { type LabelledTable, labelledTable, studyFits, withTableFile } from "./boosting-data.js";
import type { Bench, BenchContext } from "./harness/bench.js";
import type { BenchResult } from "./harness/result.js";
import { runProgram } from "./harness/run-program.js";
import { takeTurns } from "./harness/take-turns.js";

const PYTHON = "/usr/bin/python3";
const RIVAL = "Python xgboost hist";
/** How far the errors of two trainers may lie apart that do the same work with other bins. */
const TOLERATED_ERROR_GAP = 0.03;

/** Our trainer against native XGBoost on one thread, on the same tables, with the same parameters. */
export const boosting: Bench = {
  name: "boosting",
  async run(context) {
    const script = join(context.projectRoot, "bench/rivals/boosting.py");
    try {
      await runProgram(PYTHON, [script, "probe"]);
    } catch {
      return [{ kind: "skipped", what: "gradient boosting", because: `no ${PYTHON} with xgboost and numpy` }];
    }
    const study = labelledTable(1_250, 10);
    const large = labelledTable(100_000, 20);
    return [
      await compare(context, script, {
        what: "boosting study: 31 lags × 5 folds, 1,250 × 10, depth 3",
        table: study,
        rivalArguments: (file) => ["study", file, "1250", "10", "1"],
        ours: async () => studyError(study, async (fits) => fits.map(trainAndPredictNow)),
        atLeast: 1.5,
        goal: 3,
      }),
      await compare(context, script, {
        what: "the same on 2 workers, their start included",
        table: study,
        rivalArguments: (file) => ["study", file, "1250", "10", "2"],
        ours: () =>
          studyError(study, async (fits) => {
            const workers = await openBoosting({ workers: 2 });
            const predicted = await Promise.all(fits.map((fit) => workers.trainAndPredict(fit)));
            await workers.close();
            return predicted;
          }),
        atLeast: 1.5,
        goal: 3,
      }),
      await compare(context, script, {
        what: "boosting 100,000 × 20, depth 6",
        table: large,
        rivalArguments: (file) => ["train", file, "100000", "20", "6"],
        ours: async () => trainingError(large, 6),
        atLeast: 0.5,
        goal: 1,
      }),
    ];
  },
};

interface Comparison {
  readonly what: string;
  readonly table: LabelledTable;
  readonly rivalArguments: (file: string) => string[];
  /** Does the work and returns its root-mean-square error. */
  readonly ours: () => Promise<number>;
  readonly atLeast: number;
  readonly goal: number;
}

async function compare(
  { repeats }: BenchContext,
  script: string,
  { what, table, rivalArguments, ours, atLeast, goal }: Comparison,
): Promise<BenchResult> {
  return withTableFile(table, async (file) => {
    let ourError = Number.NaN;
    let theirError = Number.NaN;
    const samples = await takeTurns(
      {
        ours: async () => {
          const startedAtMs = performance.now();
          ourError = await ours();
          return performance.now() - startedAtMs;
        },
        rival: async () => {
          const printed = await runProgram(PYTHON, [script, ...rivalArguments(file)], { keepOutput: true });
          const { ms, rmse } = JSON.parse(printed);
          theirError = rmse;
          return ms;
        },
      },
      repeats,
    );
    if (!(Math.abs(ourError / theirError - 1) < TOLERATED_ERROR_GAP)) {
      throw new Error(`${what}: our error is ${ourError}, the rival's ${theirError}`);
    }
    return { kind: "ratio", what, rival: RIVAL, oursMs: samples.ours, rivalMs: samples.rival, atLeast, goal };
  });
}

type StudyFits = ReturnType<typeof studyFits> extends Generator<infer Fit> ? Fit[] : never;

async function studyError(
  study: LabelledTable,
  predict: (fits: StudyFits) => Promise<readonly { predictions: Float64Array }[]>,
): Promise<number> {
  const fits = [...studyFits(study)];
  const predicted = await predict(fits);
  const errors = fits.flatMap(({ testLabels }, index) =>
    Array.from(testLabels, (label, row) => label - predicted[index]!.predictions[row]!),
  );
  return rootMeanSquare(errors);
}

function trainingError({ features, labels }: LabelledTable, maxDepth: number): number {
  const { trainPredictions } = trainBoostedTrees({
    train: features,
    labels,
    parameters: { ...STUDY_BOOSTING, maxDepth },
  });
  return rootMeanSquare(labels.map((label, row) => label - trainPredictions[row]!));
}

function rootMeanSquare(errors: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < errors.length; i++) squares += errors[i]! ** 2;
  return Math.sqrt(squares / errors.length);
}
