import { maxDrawdown } from "../../engine/market-data/drawdown.js";
import { logReturns } from "../../engine/market-data/returns.js";
import { summarize } from "../../engine/statistics/moments.js";

/** Trading days in a year, by convention. */
export const TRADING_DAYS_PER_YEAR = 252;

/** What a holder over a range of daily closes would have had. Fractions; days as epoch milliseconds at 00:00 UTC. */
export interface ReturnStatistics {
  readonly returns: Float64Array;
  readonly days: number;
  /** Last close over the first, less one. */
  readonly totalReturn: number;
  /** Standard deviation of daily log returns × √252. */
  readonly annualizedVolatility: number;
  readonly dailyStdDev: number;
  readonly dailyMean: number;
  readonly excessKurtosis: number;
  readonly worst: { readonly change: number; readonly dayMs: number };
  readonly best: { readonly change: number; readonly dayMs: number };
  readonly deepestFall:
    | {
        readonly depth: number;
        readonly fromMs: number;
        readonly toMs: number;
        readonly recoveredMs: number | undefined;
      }
    | undefined;
}

/** Statistics of closes over a range; `NaN` where too few closes are there. */
export function returnStatistics(dayMs: Float64Array, closes: Float64Array): ReturnStatistics {
  const returns = logReturns(closes);
  const { count, mean, sampleStdDev, excessKurtosis, min, max } = summarize(returns);
  const known = closes.filter((close) => close > 0);
  const fall = maxDrawdown(closes);
  const extreme = (value: number) => ({
    change: Math.expm1(value),
    dayMs: dayMs[returns.indexOf(value)] ?? Number.NaN,
  });
  return {
    returns,
    days: count,
    totalReturn: (known.at(-1) ?? Number.NaN) / (known[0] ?? Number.NaN) - 1,
    annualizedVolatility: sampleStdDev * Math.sqrt(TRADING_DAYS_PER_YEAR),
    dailyStdDev: sampleStdDev,
    dailyMean: mean,
    excessKurtosis,
    worst: extreme(min),
    best: extreme(max),
    deepestFall: fall && {
      depth: fall.depth,
      fromMs: dayMs[fall.peakIndex] ?? Number.NaN,
      toMs: dayMs[fall.troughIndex] ?? Number.NaN,
      recoveredMs: fall.recoveryIndex === undefined ? undefined : dayMs[fall.recoveryIndex],
    },
  };
}

/** Share of returns further than `deviations` standard deviations from their mean; 0.27% of a normal sample for 3. */
export function shareBeyond({ returns, dailyMean, dailyStdDev }: ReturnStatistics, deviations: number): number {
  const known = returns.filter(Number.isFinite);
  const beyond = known.filter((value) => Math.abs(value - dailyMean) > deviations * dailyStdDev);
  return beyond.length / known.length;
}
