import type { CandleSeries } from "../market-data/candle-columns.js";
import { epochMs } from "../units/epoch-ms.js";
import type { Finding } from "./finding.js";
import { findPriceMoves, type PriceMove, type PriceMoveCause } from "./price-moves.js";
import { candleLabel, type QualityCheck, type QualityContext } from "./quality-context.js";
import { faultyRuns, findingsOfRuns } from "./row-runs.js";

/**
 * Finds jumps of the close: changes of unit, moves that look like an unadjusted split, bonus issue or large
 * dividend, and moves without such an explanation. Each move is reported as exactly one of the three.
 */
export const checkPriceMoves: QualityCheck = (symbol, series, context) => {
  const moves = findPriceMoves(series, context);
  if (moves.length === 0) return [];
  const findings: Finding[] = [];
  for (const move of moves) {
    if (move.cause.kind !== "unit" && move.cause.kind !== "split") continue;
    const { row, cause } = move;
    const lastRow = cause.kind === "unit" ? cause.lastRow : row;
    findings.push({
      kind: cause.kind === "unit" ? "unit-break" : "split-like-jump",
      severity: cause.kind === "unit" ? "error" : "warning",
      symbol,
      fromMs: epochMs(series.openedAtMs[row]!),
      toMs: epochMs(series.openedAtMs[lastRow]!),
      count: lastRow - row + 1,
      message: describeMove(series, context, move),
    });
  }
  for (const kind of ["spike", "unexplained"] as const) {
    const byRow = new Map(moves.filter((move) => move.cause.kind === kind).map((move) => [move.row, move]));
    const runs = faultyRuns(series.length, (row) => byRow.has(row));
    findings.push(
      ...findingsOfRuns(symbol, series, context, runs, {
        kind: "price-jump",
        severity: kind === "spike" ? "warning" : "info",
        describeRun: (run) => describeMove(series, context, byRow.get(run.first)!),
        describeAll: kind === "spike" ? "The close jumps and comes back" : "The close jumps without a split ratio",
      }),
    );
  }
  return findings;
};

function describeMove(
  series: CandleSeries,
  context: QualityContext,
  { row, previousRow, change, cause }: PriceMove,
): string {
  const { close, openedAtMs } = series;
  const percent = `${change > 0 ? "+" : "−"}${Math.abs(change * 100).toFixed(1)}%`;
  const day = candleLabel(openedAtMs[row]!, context);
  const move = `The close goes from ${close[previousRow]!} to ${close[row]!} (${percent}) on ${day}`;
  return `${move}${explanation(series, row, cause)}.`;
}

function explanation({ close, length }: CandleSeries, row: number, cause: PriceMoveCause): string {
  switch (cause.kind) {
    case "unit": {
      const isBack = cause.lastRow < length - 1;
      return `, near a factor of 10^${cause.powerOfTen}: another unit ${isBack ? `for ${cause.lastRow - row + 1} candles` : "from there on"}`;
    }
    case "split":
      return cause.ratio === undefined
        ? ", beyond the price band and lasting: perhaps an unadjusted dividend, rights or bonus issue"
        : `, about ${describeRatio(cause.ratio)} the price before: perhaps an unadjusted split or bonus issue`;
    case "spike":
      return ` and back to ${close[row + 1]!} on the next candle`;
    case "unexplained":
      return ", far beyond its usual moves";
  }
}

function describeRatio(newForOld: number): string {
  return newForOld > 1 ? `1/${Number(newForOld.toFixed(3))} of` : `${Number((1 / newForOld).toFixed(3))} times`;
}
