import type { QualityCheck } from "./quality-context.js";
import { faultyRuns, findingsOfRuns, runLabel } from "./row-runs.js";

/**
 * Finds prices of zero or less. A warning for commodities, whose prices can go negative (WTI on 2020-04-20),
 * an error for everything else. Either way the candle has no logarithmic return.
 */
export const checkNonPositivePrices: QualityCheck = (symbol, series, context) => {
  const { open, high, low, close } = series;
  const runs = faultyRuns(
    series.length,
    (row) => close[row]! <= 0 || low[row]! <= 0 || open[row]! <= 0 || high[row]! <= 0,
  );
  if (runs.length === 0) return [];
  return findingsOfRuns(symbol, series, context, runs, {
    kind: "non-positive-price",
    severity: context.assetClass.startsWith("commodity") ? "warning" : "error",
    describeRun: (run) =>
      `A price of zero or less ${runLabel(series, context, run)} (close ${close[run.first]!}): no log return there.`,
    describeAll: "A price of zero or less",
  });
};
