import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { workerData } from "node:worker_threads";
import type { XgboostModule } from "ml-xgboost/dist/wasm/xgboost.js";
import type {
  BoostingFit,
  BoostingParameters,
  BoostingPredictions,
  FeatureColumns,
} from "../engine/boosting/gradient-boosting.js";

const BYTES_PER_VALUE = 4;

let loading: Promise<XgboostModule> | undefined;

/**
 * Trains with XGBoost 0.7 as `ml-xgboost` has it, on inputs that `requireMlXgboostFit` passed. For worker threads only:
 * a failure inside leaks memory and can end the process. Addresses of the WebAssembly memory are used directly, since
 * the package's own functions put the features on a stack of 5 MB.
 */
export async function trainWithMlXgboost({
  train,
  labels,
  test,
  parameters,
}: BoostingFit): Promise<BoostingPredictions> {
  loading ??= load();
  const xgboost = await loading;
  const columnCount = train.columns.length;
  const features = place(xgboost, rowMajor(train));
  const targets = place(xgboost, Float32Array.from(labels));
  const model = xgboost._create_model(features, targets, train.rowCount, columnCount);
  xgboost._free(features);
  xgboost._free(targets);
  try {
    for (const [name, value] of Object.entries(xgboostParameters(parameters))) {
      xgboost.ccall("set_param", null, ["number", "string", "string"], [model, name, String(value)]);
    }
    xgboost._train_full_model(model, parameters.rounds);
    return { predictions: predict(xgboost, model, test), gain: undefined };
  } finally {
    xgboost._free_memory_model(model);
  }
}

/** All that is handed on. XGBoost takes unknown names in silence, and half of the rows when `subsample` is left out. */
function xgboostParameters(parameters: BoostingParameters): Readonly<Record<string, string | number>> {
  return {
    booster: "gbtree",
    objective: "reg:linear",
    tree_method: "exact",
    silent: 1,
    nthread: 1,
    subsample: 1,
    colsample_bytree: 1,
    max_depth: parameters.maxDepth,
    eta: parameters.learningRate,
    lambda: parameters.lambda,
    gamma: parameters.gamma,
    min_child_weight: parameters.minChildWeight,
    base_score: parameters.baseScore,
    seed: parameters.seed,
  };
}

function predict(xgboost: XgboostModule, model: number, test: FeatureColumns): Float64Array {
  const columnCount = test.columns.length;
  const rows = place(xgboost, rowMajor(test));
  const prediction = xgboost._malloc(BYTES_PER_VALUE);
  try {
    return Float64Array.from({ length: test.rowCount }, (_, row) => {
      xgboost._predict_one(model, rows + row * columnCount * BYTES_PER_VALUE, columnCount, prediction);
      return xgboost.HEAPF32[prediction / BYTES_PER_VALUE]!;
    });
  } finally {
    xgboost._free(prediction);
    xgboost._free(rows);
  }
}

function place(xgboost: XgboostModule, values: Float32Array): number {
  const address = xgboost._malloc(values.byteLength);
  if (address === 0) throw new Error(`ml-xgboost has no memory for ${values.byteLength} bytes`);
  xgboost.HEAPF32.set(values, address / BYTES_PER_VALUE);
  return address;
}

function rowMajor({ columns, rowCount }: FeatureColumns): Float32Array {
  const values = new Float32Array(rowCount * columns.length);
  columns.forEach((column, index) => {
    for (let row = 0; row < rowCount; row++) values[row * columns.length + index] = aboveMissing(column[row]!);
  });
  return values;
}

/** The largest float32 below −1. */
const BELOW_MINUS_ONE = -1 - 2 ** -23;

/** −1 marks a missing value in ml-xgboost: one unit in the last place lower, it counts as what it is. */
function aboveMissing(value: number): number {
  return Math.fround(value) === -1 ? BELOW_MINUS_ONE : value;
}

async function fetchFile(path: string): Promise<Response> {
  return new Response(await readFile(path), { headers: { "content-type": "application/wasm" } });
}

/**
 * Loads the module and takes back what it does to its surroundings: it listens to uncaught exceptions in order to end
 * the process. It also takes a worker for a browser and fetches its program from a path.
 */
async function load(): Promise<XgboostModule> {
  const ownListeners = new Set(process.listeners("uncaughtException"));
  const { fetch } = globalThis;
  Object.assign(globalThis, { fetch: fetchFile });
  try {
    const require = createRequire(workerData.resolveFrom);
    const xgboost: XgboostModule = require("ml-xgboost/dist/wasm/xgboost.js");
    return await xgboost.isReady;
  } finally {
    Object.assign(globalThis, { fetch });
    for (const listener of process.listeners("uncaughtException")) {
      if (!ownListeners.has(listener)) process.removeListener("uncaughtException", listener);
    }
  }
}
