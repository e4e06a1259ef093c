import { WorkbenchError } from "../errors.js";
import type { ClosingOffsetRange } from "../market-data/closing-offset.js";
import { requirePriceSeries } from "../market-data/price-series.js";
import { logarithm } from "../statistics/portable-functions.js";

/**
 * A series as a study takes it: prices, or the returns of each row, at strictly ascending opening times (UTC epoch
 * milliseconds). `NaN` is a row without a value.
 */
export interface StudySeries {
  readonly name: string;
  readonly kind: "prices" | "returns";
  readonly openedAtMs: Float64Array;
  readonly values: Float64Array;
  /** When the value of a row is known after the row opened; absent where all series share one clock. */
  readonly closing?: ClosingOffsetRange | undefined;
  /** When the session of a row begins after the row opened; with it a study can tell whether lag 0 can be traded. */
  readonly sessionOpensAfterMs?: number | undefined;
}

/** Returns that spread less than this do not vary: they are one return and the error of its arithmetic. */
export const LEAST_SPREAD = 1e-11;

/**
 * Running sum of the logarithmic returns, so that differences are the returns whatever the input was. A price of zero
 * or less, or a missing value, is a row without a level.
 * @throws SERIES_MISALIGNED, SERIES_INVALID for an infinite value, SERIES_CONSTANT
 */
export function logLevels(series: StudySeries): Float64Array {
  let levels = LEVELS.get(series);
  if (levels === undefined) {
    levels = computeLevels(series);
    LEVELS.set(series, levels);
  }
  return levels;
}

/** A screen meets each series in many pairs. */
const LEVELS = new WeakMap<StudySeries, Float64Array>();

function computeLevels({ name, kind, openedAtMs, values }: StudySeries): Float64Array {
  requirePriceSeries({ openedAtMs, prices: values }, name);
  const levels = new Float64Array(values.length).fill(NaN);
  let sum = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!Number.isFinite(value) && !Number.isNaN(value)) throw infinite(name, row, value);
    if (kind === "prices") {
      if (value > 0) levels[row] = logarithm(value);
    } else if (!Number.isNaN(value)) {
      sum += value;
      levels[row] = sum;
    }
  }
  requireVariation(name, levels);
  return levels;
}

function requireVariation(name: string, levels: Float64Array): void {
  let least = Infinity;
  let most = -Infinity;
  let previous = NaN;
  for (const level of levels) {
    if (Number.isNaN(level)) continue;
    const change = level - previous;
    if (change < least) least = change;
    if (change > most) most = change;
    previous = level;
  }
  // Without two values there is no return: too short rather than constant.
  if (!(most - least <= LEAST_SPREAD) || least > most) return;
  throw new WorkbenchError(
    "SERIES_CONSTANT",
    `constant series: ${name} has the same return in every row (accepted: a series whose returns vary)`,
    { details: { name } },
  );
}

function infinite(name: string, row: number, value: number): WorkbenchError {
  return new WorkbenchError(
    "SERIES_INVALID",
    `invalid value in ${name}: ${value} in row ${row} (accepted: finite numbers; an empty value where there is none)`,
    { details: { name, row } },
  );
}
