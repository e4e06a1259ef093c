import type { CandleSeries } from "../market-data/candle-columns.js";
import type { QualityCheck } from "./quality-context.js";
import { faultyRuns, findingsOfRuns, runLabel } from "./row-runs.js";

/** Allows for prices that were multiplied by a unit or an adjustment factor in binary floating point, and no more. */
const ROUNDING_TOLERANCE = 1e-9;

/** Finds open or close outside [low, high] and low above high. A missing price breaks no bound. */
export const checkOhlc: QualityCheck = (symbol, series, context) => {
  if (!context.hasOhlc) return [];
  const runs = faultyRuns(series.length, (row) => isViolation(series, row));
  return findingsOfRuns(symbol, series, context, runs, {
    kind: "ohlc-violation",
    severity: "warning",
    describeRun: (run) =>
      `Open or close lies outside [low, high] ${runLabel(series, context, run)}: ${pricesOf(series, run.first)}.`,
    describeAll: "Open or close lies outside [low, high]",
  });
};

function isViolation({ open, high, low, close }: CandleSeries, row: number): boolean {
  const lowest = low[row]!;
  const highest = high[row]!;
  const tolerance = ROUNDING_TOLERANCE * Math.abs(close[row]!);
  return (
    open[row]! < lowest - tolerance ||
    close[row]! < lowest - tolerance ||
    open[row]! > highest + tolerance ||
    close[row]! > highest + tolerance ||
    lowest > highest + tolerance
  );
}

function pricesOf({ open, high, low, close }: CandleSeries, row: number): string {
  return `open ${open[row]!}, high ${high[row]!}, low ${low[row]!}, close ${close[row]!}`;
}
