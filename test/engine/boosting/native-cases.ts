import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BoostingParameters, FeatureColumns } from "../../../src/engine/boosting/gradient-boosting.js";
import { PROJECT_ROOT } from "../../support/quantflow-process.js";

/** What native XGBoost does with a small table; see the script that wrote it. */
export interface NativeCase {
  readonly train: FeatureColumns;
  readonly labels: Float64Array;
  readonly test: FeatureColumns;
  readonly parameters: BoostingParameters;
  readonly trainPredictions: readonly number[];
  readonly testPredictions: readonly number[];
  readonly totalGain: readonly number[];
  /** The text of the model, where it is small. */
  readonly model: string | undefined;
}

type Columns = readonly (readonly (number | null)[])[];

interface StoredCase {
  readonly rounds: number;
  readonly parameters: Readonly<
    Record<"max_depth" | "eta" | "base_score" | "min_child_weight" | "gamma" | "lambda", number>
  >;
  readonly train: Columns;
  readonly labels: readonly number[];
  readonly test: Columns;
  readonly trainPredictions: readonly number[];
  readonly testPredictions: readonly number[];
  readonly totalGain: readonly number[];
  readonly model: object | null;
}

const stored: { readonly cases: Readonly<Record<string, StoredCase>> } = JSON.parse(
  readFileSync(join(PROJECT_ROOT, "test/golden/native-xgboost/cases.json"), "utf8"),
);

export const NATIVE_CASES: ReadonlyMap<string, NativeCase> = new Map(
  Object.entries(stored.cases).map(([name, { parameters, rounds, train, labels, test, model, ...expected }]) => [
    name,
    {
      ...expected,
      train: featuresOf(train),
      labels: Float64Array.from(labels),
      test: featuresOf(test),
      parameters: {
        rounds,
        maxDepth: parameters.max_depth,
        learningRate: parameters.eta,
        lambda: parameters.lambda,
        gamma: parameters.gamma,
        minChildWeight: parameters.min_child_weight,
        baseScore: parameters.base_score,
        rowSample: 1,
        columnSample: 1,
        maxBins: 256,
        seed: 1,
      },
      model: model === null ? undefined : JSON.stringify(model),
    },
  ]),
);

function featuresOf(columns: Columns): FeatureColumns {
  return {
    names: columns.map((_, index) => `f${index}`),
    columns: columns.map((column) => Float64Array.from(column, (value) => value ?? NaN)),
    rowCount: columns[0]!.length,
  };
}
