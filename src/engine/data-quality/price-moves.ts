import type { CandleSeries } from "../market-data/candle-columns.js";
import type { AssetClass } from "../market-data/instrument.js";
import { MS_PER_DAY } from "../units/epoch-ms.js";
import { bandInForce, currentPriceBand, LONGEST_BANDED_PAUSE_DAYS } from "./price-band.js";
import { isDaily, type QualityContext } from "./quality-context.js";
import { nearestSplitRatio } from "./split-ratio.js";
import { typicalMoves } from "./typical-move.js";

/** A close far from the previous one, and what it looks like. */
export interface PriceMove {
  readonly row: number;
  /** The previous row with a positive close. */
  readonly previousRow: number;
  /** Simple return from the previous positive close. */
  readonly change: number;
  readonly cause: PriceMoveCause;
}

/**
 * - `unit`: a change by a power of ten, up to `lastRow`, after which the old unit is back (or the series ends).
 * - `spike`: the next close takes the move back.
 * - `split`: a lasting move; `newForOld` shares for one, or `undefined` where only the price band gives it away.
 * - `unexplained`: none of these.
 */
export type PriceMoveCause =
  | { readonly kind: "unit"; readonly powerOfTen: number; readonly lastRow: number }
  | { readonly kind: "spike" }
  | { readonly kind: "split"; readonly newForOld: number | undefined }
  | { readonly kind: "unexplained" };

/** Daily moves smaller than this are never looked at where no price band applies. */
const SMALLEST_MOVE: Readonly<Record<AssetClass, number>> = {
  equity: 0.2,
  index: 0.1,
  "commodity-future": 0.15,
  "commodity-spot": 0.15,
  fx: 0.01,
  crypto: 0.3,
  other: 0.2,
};
/** A shorter interval leaves less room to move. */
const INTRADAY_SHARE = 0.4;
/** How many times its typical move a series must jump: normal returns would do so once in 10²³ days, real ones rarely. */
const TYPICAL_MOVES = 10;
/** Distance from a power of ten, in decimal logarithms: the price may move by a fifth on the day the unit changes. */
const UNIT_TOLERANCE = 0.1;
/** A spike is undone when the next close is this much nearer to the close before it, in logarithms. */
const SPIKE_REMAINDER = 0.35;
/** Closes after a move that show whether the new level lasts. */
const LEVEL_ROWS = 5;

/**
 * Finds the moves of the close that trading hardly explains. A share on a banded exchange is judged by its
 * band; any other series by `TYPICAL_MOVES` times its own robust scale. Rows without a positive close are
 * passed over.
 */
export function findPriceMoves(series: CandleSeries, context: QualityContext): PriceMove[] {
  const { close, length } = series;
  const unbandedLimit = SMALLEST_MOVE[context.assetClass] * (isDaily(context) ? 1 : INTRADAY_SHARE);
  const band = currentPriceBand(context);
  const typicalMove = typicalMoves(series);
  const limits: MoveLimits = {
    band: (row) => (band === undefined ? undefined : bandInForce(series, row, band)),
    unbanded: (row) => Math.max(unbandedLimit, TYPICAL_MOVES * typicalMove(row)),
  };

  const moves: PriceMove[] = [];
  let previousRow = -1;
  let rowBackInUnit = -1;
  for (let row = 0; row < length; row++) {
    if (!(close[row]! > 0)) continue;
    const change = previousRow < 0 || row === rowBackInUnit ? 0 : close[row]! / close[previousRow]! - 1;
    const cause =
      Math.abs(change) > (band ?? unbandedLimit)
        ? causeOf(series, context, limits, { row, previousRow, change })
        : undefined;
    if (cause) moves.push({ row, previousRow, change, cause });
    if (cause?.kind === "unit") rowBackInUnit = cause.lastRow + 1;
    // The way back from a spike is part of it: the next close is compared with the one before the spike.
    if (cause?.kind !== "spike") previousRow = row;
  }
  return moves;
}

/** What a move must exceed, by row. The band is `undefined` where trading has none. */
interface MoveLimits {
  readonly band: (row: number) => number | undefined;
  readonly unbanded: (row: number) => number;
}

type LargeMove = Omit<PriceMove, "cause">;

function causeOf(
  series: CandleSeries,
  { assetClass }: QualityContext,
  limits: MoveLimits,
  move: LargeMove,
): PriceMoveCause | undefined {
  const { row, previousRow, change } = move;
  const powerOfTen = nearestPowerOfTen(1 + change);
  const isTenForOneSplit = powerOfTen === -1 && assetClass === "equity" && isLasting(series, move);
  if (powerOfTen !== 0 && !isTenForOneSplit) {
    return { kind: "unit", powerOfTen, lastRow: lastRowInUnit(series, row, powerOfTen) };
  }

  const pauseDays = (series.openedAtMs[row]! - series.openedAtMs[previousRow]!) / MS_PER_DAY;
  const band = pauseDays <= LONGEST_BANDED_PAUSE_DAYS ? limits.band(row) : undefined;
  const limit = band ?? limits.unbanded(row);
  if (Math.abs(change) <= limit) return undefined;
  if (isSpike(series, move)) return { kind: "spike" };
  if (assetClass !== "equity" || !isLasting(series, move)) return { kind: "unexplained" };

  const newForOld = nearestSplitRatio(change, band);
  // Trading cannot carry a share below its band; a dividend, a rights issue or a spin-off can.
  const isExplained = newForOld !== undefined || (band !== undefined && change < 0);
  return isExplained ? { kind: "split", newForOld } : { kind: "unexplained" };
}

/** The power of ten that `factor` is near to, or 0. */
function nearestPowerOfTen(factor: number): number {
  const power = Math.log10(factor);
  const nearest = Math.round(power);
  return Math.abs(power - nearest) <= UNIT_TOLERANCE ? nearest : 0;
}

/** The last row before the close leaves the new unit again for the old one. */
function lastRowInUnit({ close, length }: CandleSeries, row: number, powerOfTen: number): number {
  let previous = row;
  for (let next = row + 1; next < length; next++) {
    if (!(close[next]! > 0)) continue;
    if (nearestPowerOfTen(close[next]! / close[previous]!) === -powerOfTen) return next - 1;
    previous = next;
  }
  return length - 1;
}

function isSpike({ close, length }: CandleSeries, { row, previousRow, change }: LargeMove): boolean {
  const next = row + 1;
  if (next >= length || !(close[next]! > 0)) return false;
  const remaining = Math.abs(Math.log(close[next]! / close[previousRow]!));
  return remaining < SPIKE_REMAINDER * Math.abs(Math.log1p(change));
}

/** Whether the closes from the move on stay nearer to the new level than to the old one. */
function isLasting({ close, length }: CandleSeries, { row, previousRow }: LargeMove): boolean {
  const middle = Math.sqrt(close[row]! * close[previousRow]!);
  const isNew = (price: number) => price > middle === close[row]! > middle;
  const end = Math.min(length, row + LEVEL_ROWS);
  let lasting = 0;
  for (let next = row; next < end; next++) if (isNew(close[next]!)) lasting++;
  return lasting * 2 > end - row;
}
