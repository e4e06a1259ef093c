import type { QualityCheck } from "./quality-context.js";
import { faultyRuns, findingsOfRuns, runLabel } from "./row-runs.js";

/** Finds candles with a close in which the open, high or low is missing, in a source that has those columns. */
export const checkMissingValues: QualityCheck = (symbol, series, context) => {
  if (!context.hasOhlc) return [];
  const { open, high, low, close } = series;
  const runs = faultyRuns(
    series.length,
    (row) => Number.isNaN(open[row]! + high[row]! + low[row]!) && !Number.isNaN(close[row]!),
  );
  return findingsOfRuns(symbol, series, context, runs, {
    kind: "missing-value",
    severity: "info",
    describeRun: (run) => `Open, high or low is missing ${runLabel(series, context, run)}.`,
    describeAll: "Open, high or low is missing",
  });
};
