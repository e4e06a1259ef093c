import { requireFit } from "../engine/boosting/fit-checks.js";
import type { BoostingFit, FeatureColumns } from "../engine/boosting/gradient-boosting.js";
import { WorkbenchError } from "../engine/errors.js";

/**
 * What `ml-xgboost` can be trusted with: whole tables of finite numbers. Its own sampling is not that of our trainer,
 * so all rows and columns must be taken. @throws FEATURES_INVALID, ARGUMENT_INVALID
 */
export function requireMlXgboostFit(fit: BoostingFit): void {
  requireFit(fit);
  requireNoMissing(fit.train, "train");
  requireNoMissing(fit.test, "test");
  const { rowSample, columnSample } = fit.parameters;
  if (rowSample === 1 && columnSample === 1) return;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid rowSample and columnSample: ${rowSample} and ${columnSample} (accepted by ml-xgboost: 1 and 1)`,
    { details: { rowSample, columnSample } },
  );
}

function requireNoMissing({ names, columns }: FeatureColumns, part: string): void {
  columns.forEach((column, index) => {
    const row = column.findIndex(Number.isNaN);
    if (row < 0) return;
    throw new WorkbenchError(
      "FEATURES_INVALID",
      `invalid features: ${part} column ${names[index]} is NaN in row ${row} (accepted by ml-xgboost: finite numbers)`,
      { details: { part, name: names[index], row } },
    );
  });
}
