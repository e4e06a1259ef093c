import { isWeekend } from "../units/trading-date.js";
import { isDaily, type QualityCheck } from "./quality-context.js";
import { faultyRuns, findingsOfRuns, runLabel } from "./row-runs.js";

/** Finds daily candles dated Saturday or Sunday. Crypto trades every day and is not judged. */
export const checkWeekendRows: QualityCheck = (symbol, series, context) => {
  if (!isDaily(context) || context.assetClass === "crypto") return [];
  const { openedAtMs } = series;
  const runs = faultyRuns(series.length, (row) => isWeekend(openedAtMs[row]!));
  return findingsOfRuns(symbol, series, context, runs, {
    kind: "weekend-row",
    severity: "warning",
    describeRun: (run) => `A daily candle is dated Saturday or Sunday ${runLabel(series, context, run)}.`,
    describeAll: "A daily candle is dated Saturday or Sunday",
  });
};
