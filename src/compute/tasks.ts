import { trainAndPredictNow } from "../engine/boosting/histogram-boosting.js";
import type { StudyInput } from "../engine/lead-lag/aligned-returns.js";
import { type StudyOptions, studyPair } from "../engine/lead-lag/study-pair.js";
import { trainWithMlXgboost } from "./ml-xgboost-training.js";
import { testPairs } from "./test-pairs.js";

/**
 * What workers can do, by kind: functions of one argument whose input and output can be cloned. They run in the
 * worker's thread; another kind is another line here.
 */
export const TASKS = {
  "train-boosting": trainAndPredictNow,
  "train-ml-xgboost": trainWithMlXgboost,
  "study-pair": ({ input, options }: { input: StudyInput; options: StudyOptions }) => studyPair(input, options),
  "test-pairs": testPairs,
};

export type TaskKind = keyof typeof TASKS;
export type TaskInput<Kind extends TaskKind> = Parameters<(typeof TASKS)[Kind]>[0];
export type TaskOutput<Kind extends TaskKind> = Awaited<ReturnType<(typeof TASKS)[Kind]>>;
