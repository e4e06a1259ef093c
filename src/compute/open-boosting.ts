import { requireFit } from "../engine/boosting/fit-checks.js";
import type { BoostingEngine, GradientBoosting } from "../engine/boosting/gradient-boosting.js";
import { histogramBoosting } from "../engine/boosting/histogram-boosting.js";
import { WorkbenchError } from "../engine/errors.js";
import { requireMlXgboostFit } from "./ml-xgboost-fit.js";
import { openWorkerPool } from "./worker-pool.js";

export interface BoostingOptions {
  readonly engine?: BoostingEngine;
  /** Worker threads; one less than the cores by default. 0 trains in the calling thread, which `ml-xgboost` cannot. */
  readonly workers?: number | undefined;
  /** Longest time of one fit; none by default for our trainer, ten minutes for `ml-xgboost`. */
  readonly timeoutMs?: number | undefined;
}

/** Gradient boosting on as many fits at once as there are workers. */
export interface OpenBoosting extends GradientBoosting {
  close(): Promise<void>;
}

const ML_XGBOOST_TIMEOUT_MS = 600_000;

/** Timers hold no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The predictions of `histogram` have the same bits with workers and without. @throws ARGUMENT_INVALID */
export async function openBoosting({
  engine = "histogram",
  workers,
  timeoutMs = engine === "ml-xgboost" ? ML_XGBOOST_TIMEOUT_MS : undefined,
}: BoostingOptions = {}): Promise<OpenBoosting> {
  requireTimeout(timeoutMs);
  if (workers === 0 && engine === "histogram") {
    return {
      engine,
      trainAndPredict: (fit, signal) => histogramBoosting.trainAndPredict(fit, withTimeout(signal, timeoutMs)),
      close: async () => undefined,
    };
  }
  const pool = await openWorkerPool({ workers });
  const kind = engine === "histogram" ? "train-boosting" : "train-ml-xgboost";
  const requireValid = engine === "histogram" ? requireFit : requireMlXgboostFit;
  return {
    engine,
    async trainAndPredict(fit, signal) {
      requireValid(fit);
      return pool.run(kind, fit, withTimeout(signal, timeoutMs));
    },
    close: () => pool.close(),
  };
}

function withTimeout(signal: AbortSignal | undefined, timeoutMs: number | undefined): AbortSignal | undefined {
  if (timeoutMs === undefined) return signal;
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

function requireTimeout(timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= MAX_TIMER_MS)) return;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid timeoutMs: ${timeoutMs} (accepted: an integer from 1 to ${MAX_TIMER_MS})`,
    { details: { timeoutMs } },
  );
}
