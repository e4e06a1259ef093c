import type { CandleSeries } from "../market-data/candle-columns.js";

/** Candles on either side that count as the surroundings of a row. */
const SURROUNDING_ROWS = 30;
/** Median absolute deviation to standard deviation, for normal returns. */
const MAD_TO_STD_DEV = 1.4826;

/**
 * Robust standard deviation of the simple returns of the close around a row: 1.4826 times the median absolute
 * return, over the whole series or over the 30 rows on either side, whichever is larger, so that a move in a
 * turbulent month is judged by that month. 0 when the close hardly ever changes.
 */
export function typicalMoves({ close, length }: CandleSeries): (row: number) => number {
  let overall: number | undefined;
  return (row) => {
    overall ??= medianAbsoluteReturn(close, 1, length);
    const from = Math.max(1, row - SURROUNDING_ROWS);
    const nearby = medianAbsoluteReturn(close, from, Math.min(length, row + SURROUNDING_ROWS + 1));
    return MAD_TO_STD_DEV * Math.max(overall, nearby);
  };
}

function medianAbsoluteReturn(close: Float64Array, from: number, to: number): number {
  const moves = new Float64Array(Math.max(0, to - from));
  let count = 0;
  for (let row = from; row < to; row++) {
    const move = Math.abs(close[row]! / close[row - 1]! - 1);
    if (Number.isFinite(move)) moves[count++] = move;
  }
  if (count === 0) return 0;
  return moves.subarray(0, count).sort()[count >> 1]!;
}
