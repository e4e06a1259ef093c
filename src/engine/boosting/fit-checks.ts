import { WorkbenchError } from "../errors.js";
import type { BoostingFit, BoostingParameters, FeatureColumns } from "./gradient-boosting.js";

const MAX_FINITE_FLOAT32 = 3.4028234663852886e38;

/** @throws FEATURES_INVALID, ARGUMENT_INVALID unless the fit can be trained: see the other checks of this file */
export function requireFit({ train, labels, test, parameters }: BoostingFit): void {
  requireFeatures(train, "train");
  requireLabels(labels, train.rowCount);
  requireSameColumns(train.names, test, "test");
  requireParameters(parameters);
}

/** @throws FEATURES_INVALID for no column or row, unequal lengths, a name used twice, or a value no float32 can hold */
export function requireFeatures(features: FeatureColumns, part = "features"): void {
  const { names, columns, rowCount } = features;
  if (columns.length === 0) throw invalid(`${part} has no columns`, { part });
  if (names.length !== columns.length) {
    throw invalid(`${part} has ${names.length} names for ${columns.length} columns`, { part });
  }
  if (new Set(names).size !== names.length) throw invalid(`${part} names a column twice`, { part, names });
  if (!Number.isInteger(rowCount) || rowCount < 1) throw invalid(`${part} has ${rowCount} rows`, { part, rowCount });
  columns.forEach((column, index) => {
    const name = names[index]!;
    if (column.length !== rowCount) {
      throw invalid(`${part} column ${name} has ${column.length} values for ${rowCount} rows`, { part, name });
    }
    const row = column.findIndex((value) => Math.abs(value) > MAX_FINITE_FLOAT32);
    if (row >= 0) {
      throw invalid(
        `${part} column ${name} is ${column[row]} in row ${row} (accepted: NaN and the numbers of float32)`,
        {
          part,
          name,
          row,
        },
      );
    }
  });
}

/** @throws FEATURES_INVALID unless there is one finite label a row */
export function requireLabels(labels: Float64Array, rowCount: number): void {
  if (labels.length !== rowCount) throw invalid(`${labels.length} labels for ${rowCount} rows`, { rowCount });
  const row = labels.findIndex((label) => !(Math.abs(label) <= MAX_FINITE_FLOAT32));
  if (row >= 0) throw invalid(`label of row ${row} is ${labels[row]} (accepted: a finite number)`, { row });
}

/** @throws FEATURES_INVALID unless the features are valid and have these columns in this order */
export function requireSameColumns(names: readonly string[], features: FeatureColumns, part: string): void {
  if (names.length !== features.names.length || names.some((name, i) => name !== features.names[i])) {
    throw invalid(`${part} has the columns ${features.names.join(", ")} (accepted: ${names.join(", ")})`, { part });
  }
  requireFeatures(features, part);
}

/** Ranges of the parameters, both ends included. */
const RANGES: Readonly<Record<keyof BoostingParameters, { min: number; max: number; integer?: boolean }>> = {
  rounds: { min: 1, max: 100_000, integer: true },
  maxDepth: { min: 1, max: 30, integer: true },
  learningRate: { min: 1e-6, max: 1 },
  lambda: { min: 0, max: 1e9 },
  gamma: { min: 0, max: 1e9 },
  minChildWeight: { min: 0, max: 1e9 },
  baseScore: { min: -1e30, max: 1e30 },
  rowSample: { min: 1e-6, max: 1 },
  columnSample: { min: 1e-6, max: 1 },
  maxBins: { min: 2, max: 256, integer: true },
  seed: { min: -(2 ** 53), max: 2 ** 53, integer: true },
};

/** @throws ARGUMENT_INVALID for a parameter outside its range */
export function requireParameters(parameters: BoostingParameters): void {
  for (const [name, { min, max, integer = false }] of Object.entries(RANGES)) {
    const value = parameters[name as keyof BoostingParameters];
    if (value >= min && value <= max && (!integer || Number.isInteger(value))) continue;
    throw new WorkbenchError(
      "ARGUMENT_INVALID",
      `invalid ${name}: ${value} (accepted: ${integer ? "an integer" : "a number"} from ${min} to ${max})`,
      { details: { name, value } },
    );
  }
}

function invalid(problem: string, details: Readonly<Record<string, unknown>>): WorkbenchError {
  return new WorkbenchError("FEATURES_INVALID", `invalid features: ${problem}`, { details });
}
