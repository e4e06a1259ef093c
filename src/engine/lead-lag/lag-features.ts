import type { FeatureColumns } from "../boosting/gradient-boosting.js";
import { WorkbenchError } from "../errors.js";
import type { AlignedReturns } from "./aligned-returns.js";
import { scaledByVolatility, VOLATILITY_WARM_UP } from "./volatility-scaling.js";

const OWN_LAGS = [1, 2, 3, 4, 5] as const;
const FACTOR_LAGS = [1, 2] as const;

export interface LagFeatures {
  /** The target's return over its volatility known before. */
  readonly outcomes: Float64Array;
  /** What is known of the target and the factors the evening before. */
  readonly controls: FeatureColumns;
  /** The controls and the source's scaled return `lag` rows before. */
  withSource(lag: number): FeatureColumns;
}

/** Features of each day, the same days for every lag from 0 to `maxLag`. @throws SERIES_TOO_SHORT */
export function lagFeatures({ source, target, factors }: AlignedReturns, maxLag: number): LagFeatures {
  const first = VOLATILITY_WARM_UP + Math.max(maxLag, ...OWN_LAGS);
  const rowCount = target.length - first;
  if (rowCount < 100) {
    throw new WorkbenchError(
      "SERIES_TOO_SHORT",
      `series too short: ${target.length} returns leave ${Math.max(0, rowCount)} days to forecast with lags to ${maxLag} (accepted: at least 100)`,
      { details: { returns: target.length, maxLag } },
    );
  }
  const scaledSource = scaledByVolatility(source);
  const scaledTarget = scaledByVolatility(target);
  const before = (column: Float64Array, lag: number) => column.subarray(first - lag, column.length - lag);
  const controls: readonly [string, Float64Array][] = [
    ...OWN_LAGS.map((lag): [string, Float64Array] => [`target, ${lag} d before`, before(scaledTarget, lag)]),
    ["target, last week", sumOf(OWN_LAGS.map((lag) => before(scaledTarget, lag)))],
    ["target's volatility", before(volatility(target), 1)],
    ...factors
      .map(scaledByVolatility)
      .flatMap((factor, i) =>
        FACTOR_LAGS.map((lag): [string, Float64Array] => [`factor ${i + 1}, ${lag} d before`, before(factor, lag)]),
      ),
  ];
  const table = (columns: readonly [string, Float64Array][]): FeatureColumns => ({
    names: columns.map(([name]) => name),
    columns: columns.map(([, column]) => column),
    rowCount,
  });
  return {
    outcomes: before(scaledTarget, 0),
    controls: table(controls),
    withSource: (lag) => table([["source", before(scaledSource, lag)], ...controls]),
  };
}

/** Mean size of the last 20 returns, the row's own included. */
function volatility(returns: Float64Array): Float64Array {
  let sum = 0;
  return returns.map((value, row) => {
    sum += Math.abs(value) - (row >= VOLATILITY_WARM_UP ? Math.abs(returns[row - VOLATILITY_WARM_UP]!) : 0);
    return sum / VOLATILITY_WARM_UP;
  });
}

function sumOf(columns: readonly Float64Array[]): Float64Array {
  return columns[0]!.map((_, row) => columns.reduce((sum, column) => sum + column[row]!, 0));
}
