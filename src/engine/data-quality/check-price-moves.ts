import type { CandleSeries } from "../market-data/candle-columns.js";
import { findPriceMoves, type PriceMove, type PriceMoveCause } from "./price-moves.js";
import { candleLabel, type QualityCheck, type QualityContext } from "./quality-context.js";
import { findingsOfRuns, type RunWording } from "./row-runs.js";

const WORDING_BY_CAUSE: Readonly<Record<PriceMoveCause["kind"], Omit<RunWording, "describeRun">>> = {
  unit: { kind: "unit-break", severity: "error", describeAll: "The close is in another unit" },
  split: { kind: "split-like-jump", severity: "warning", describeAll: "The close jumps as at an unadjusted split" },
  spike: { kind: "price-jump", severity: "warning", describeAll: "The close jumps and comes back" },
  unexplained: { kind: "price-jump", severity: "info", describeAll: "The close jumps far beyond its usual moves" },
};

/**
 * Finds jumps of the close: changes of unit, moves that look like an unadjusted split, bonus issue or large
 * dividend, and moves without such an explanation. Each move is reported as exactly one of the three.
 */
export const checkPriceMoves: QualityCheck = (symbol, series, context) => {
  const moves = findPriceMoves(series, context);
  const moveByRow = new Map(moves.map((move) => [move.row, move]));
  return (["unit", "split", "spike", "unexplained"] as const).flatMap((kind) => {
    const runs = moves.filter(({ cause }) => cause.kind === kind).map(runOf);
    return findingsOfRuns(symbol, series, context, runs, {
      ...WORDING_BY_CAUSE[kind],
      describeRun: ({ first }) => describeMove(series, context, moveByRow.get(first)!),
    });
  });
};

function runOf({ row, cause }: PriceMove) {
  return { first: row, last: cause.kind === "unit" ? cause.lastRow : row };
}

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
      return cause.newForOld === undefined
        ? ", beyond the price band and lasting: perhaps an unadjusted dividend, rights or bonus issue"
        : `, about ${describeRatio(cause.newForOld)} the price before: perhaps an unadjusted split or bonus issue`;
    case "spike":
      return ` and back to ${close[row + 1]!} on the next candle`;
    case "unexplained":
      return ", far beyond its usual moves";
  }
}

function describeRatio(newForOld: number): string {
  return newForOld > 1 ? `1/${Number(newForOld.toFixed(3))} of` : `${Number((1 / newForOld).toFixed(3))} times`;
}
