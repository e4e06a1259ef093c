import {
  type BoostingEngine,
  type BoostingParameters,
  type FeatureColumns,
  type GradientBoosting,
  STUDY_BOOSTING,
} from "../boosting/gradient-boosting.js";
import { WorkbenchError } from "../errors.js";
import { purgedWalkForward, type WalkForwardFold } from "../feature-table/purged-walk-forward.js";
import { spearmanCorrelation } from "../statistics/correlation.js";
import { leastSquares } from "../statistics/least-squares.js";
import type { AlignedReturns } from "./aligned-returns.js";
import { lagFeatures } from "./lag-features.js";

/** Forecasts of days that the model had not seen, against what happened. */
export interface ForecastScore {
  /** 1 − squared error over that of the mean of the training days; negative when the mean did better, as it often does. */
  readonly r2: number;
  /** Spearman correlation of forecast and outcome over all test days. */
  readonly ic: number;
}

export interface LagForecast extends ForecastScore {
  readonly lag: number;
  /** Boosted trees less boosted trees without the source: what the source adds. */
  readonly r2OverControls: number;
  readonly icOverControls: number;
  /** The same features in a linear model. */
  readonly linear: ForecastScore;
  /** Share of the total gain of all splits, by feature; `undefined` where the engine has none. */
  readonly importance: readonly { readonly feature: string; readonly share: number }[] | undefined;
}

export interface BoostingByLag {
  readonly engine: BoostingEngine;
  readonly parameters: BoostingParameters;
  /** Trees on the target's own past and the factors' alone. */
  readonly controls: ForecastScore;
  readonly lags: readonly LagForecast[];
  readonly folds: number;
  /** Days forecast, the same for every lag. */
  readonly testRows: number;
}

export interface BoostingByLagOptions {
  readonly maxLag: number;
  readonly folds?: number;
  readonly parameters?: BoostingParameters;
}

export interface StudyRun {
  readonly boosting: GradientBoosting;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Rows between training and test days: the forecast is of one day, and the target's last week is a feature. */
const PURGED_ROWS = 5;

/**
 * How well gradient boosting forecasts the target's next return from the source's return of one lag and the target's
 * own past, for every lag, over expanding walk-forward folds. Features are scaled by volatility known before, and
 * are known before the day they forecast (lag 0 of the source excepted). A forecast never depends on a later row.
 * @throws SERIES_TOO_SHORT, CANCELLED, and what the engine throws
 */
export async function boostingByLag(
  returns: AlignedReturns,
  { maxLag, folds: foldCount = 5, parameters = STUDY_BOOSTING }: BoostingByLagOptions,
  { boosting, signal, onProgress }: StudyRun,
): Promise<BoostingByLag> {
  const features = lagFeatures(returns, maxLag);
  const folds = purgedWalkForward({
    rowCount: features.outcomes.length,
    folds: foldCount,
    purge: PURGED_ROWS,
    embargo: 0,
    minTrainRows: Math.floor(features.outcomes.length / (foldCount + 1)),
  });
  const total = (maxLag + 2) * folds.length;
  let done = 0;
  const forecast = async (columns: FeatureColumns): Promise<Forecast> => {
    const parts: Forecast[] = [];
    for (const fold of folds) {
      await turnOfOthers();
      if (signal?.aborted) throw new WorkbenchError("CANCELLED", "the study was cancelled", { cause: signal.reason });
      const test = rowsOf(columns, fold.test);
      const { predictions, gain } = await boosting.trainAndPredict(
        {
          train: rowsOf(columns, fold.train),
          labels: features.outcomes.subarray(fold.train.begin, fold.train.end),
          test,
          parameters,
        },
        signal,
      );
      parts.push({ predictions, gain });
      onProgress?.(++done, total);
    }
    return joined(parts);
  };

  const lags = Array.from({ length: maxLag + 1 }, (_, lag) => lag);
  const controlsForecast = forecast(features.controls);
  const forecasts = await Promise.all([controlsForecast, ...lags.map((lag) => forecast(features.withSource(lag)))]);
  const controls = scoreOf(forecasts[0]!.predictions, features.outcomes, folds);
  return {
    engine: boosting.engine,
    parameters,
    controls,
    folds: folds.length,
    testRows: folds.reduce((rows, { test }) => rows + test.end - test.begin, 0),
    lags: lags.map((lag) => {
      const { predictions, gain } = forecasts[lag + 1]!;
      const columns = features.withSource(lag);
      const score = scoreOf(predictions, features.outcomes, folds);
      return {
        lag,
        ...score,
        r2OverControls: score.r2 - controls.r2,
        icOverControls: score.ic - controls.ic,
        linear: scoreOf(linearForecast(columns, features.outcomes, folds), features.outcomes, folds),
        importance: gain && sharesOf(columns.names, gain),
      };
    }),
  };
}

interface Forecast {
  readonly predictions: Float64Array;
  readonly gain: Float64Array | undefined;
}

function joined(parts: readonly Forecast[]): Forecast {
  const gains = parts.map(({ gain }) => gain);
  return {
    predictions: concatenated(parts.map(({ predictions }) => predictions)),
    gain: gains.every((gain) => gain !== undefined)
      ? gains[0]!.map((_, i) => gains.reduce((sum, gain) => sum + gain[i]!, 0))
      : undefined,
  };
}

function scoreOf(predictions: Float64Array, outcomes: Float64Array, folds: readonly WalkForwardFold[]): ForecastScore {
  const actual = concatenated(folds.map(({ test }) => outcomes.subarray(test.begin, test.end)));
  const means = concatenated(
    folds.map(({ train, test }) =>
      new Float64Array(test.end - test.begin).fill(meanOf(outcomes.subarray(train.begin, train.end))),
    ),
  );
  return {
    r2: 1 - squaredError(predictions, actual) / squaredError(means, actual),
    ic: spearmanCorrelation(predictions, actual),
  };
}

function linearForecast(
  { columns, rowCount }: FeatureColumns,
  outcomes: Float64Array,
  folds: readonly WalkForwardFold[],
): Float64Array {
  const regressors = [new Float64Array(rowCount).fill(1), ...columns];
  return concatenated(
    folds.map(({ train, test }) => {
      const { coefficients } = leastSquares(
        outcomes.subarray(train.begin, train.end),
        regressors.map((column) => column.subarray(train.begin, train.end)),
      );
      return Float64Array.from({ length: test.end - test.begin }, (_, row) =>
        regressors.reduce((sum, column, i) => sum + coefficients[i]! * column[test.begin + row]!, 0),
      );
    }),
  );
}

function rowsOf({ names, columns }: FeatureColumns, { begin, end }: { begin: number; end: number }): FeatureColumns {
  return { names, columns: columns.map((column) => column.subarray(begin, end)), rowCount: end - begin };
}

function sharesOf(names: readonly string[], gain: Float64Array): { feature: string; share: number }[] {
  const total = gain.reduce((sum, value) => sum + value, 0);
  return names.map((feature, i) => ({ feature, share: total > 0 ? gain[i]! / total : 0 }));
}

function squaredError(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) * (value - b[i]!), 0);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Lets the thread hear an abort or answer a request between two fits. */
function turnOfOthers(): Promise<void> {
  return new Promise((resume) => setTimeout(resume, 0));
}
