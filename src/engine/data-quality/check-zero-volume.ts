import type { QualityCheck } from "./quality-context.js";
import { faultyRuns, findingsOfRuns, runLabel } from "./row-runs.js";

/** Finds candles without volume, one finding per run of them. A missing volume (`NaN`) is not zero. */
export const checkZeroVolume: QualityCheck = (symbol, series, context) => {
  if (!context.hasVolume) return [];
  const { volume } = series;
  const runs = faultyRuns(series.length, (row) => volume[row] === 0);
  return findingsOfRuns(symbol, series, context, runs, {
    kind: "zero-volume",
    severity: "info",
    describeRun: (run) => `No volume ${runLabel(series, context, run)}.`,
    describeAll: "No volume",
  });
};
