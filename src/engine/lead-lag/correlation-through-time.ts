import type { EpochMs } from "../units/epoch-ms.js";
import { tradingDateOf } from "../units/trading-date.js";

export interface BlockCorrelation {
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  readonly correlation: number;
  readonly rows: number;
}

/** Correlation of target and lagged shape in consecutive blocks of days of equal length. */
export function correlationByBlock(
  { openedAtMs, shape, target }: { openedAtMs: Float64Array; shape: Float64Array; target: Float64Array },
  lag: number,
  blocks: number,
): readonly BlockCorrelation[] {
  const rows = target.length - lag;
  return Array.from({ length: blocks }, (_, block) => {
    const begin = lag + Math.floor((rows * block) / blocks);
    const end = lag + Math.floor((rows * (block + 1)) / blocks);
    return {
      fromMs: openedAtMs[begin]! as EpochMs,
      toMs: openedAtMs[end - 1]! as EpochMs,
      correlation: correlationWithin(shape, target, lag, begin, end),
      rows: end - begin,
    };
  });
}

/** Pearson's correlation of the pairs whose target rows lie in [begin, end); `NaN` when a side does not vary. */
export function correlationWithin(
  source: Float64Array,
  target: Float64Array,
  lag: number,
  begin: number,
  end: number,
): number {
  const n = end - begin;
  let meanX = 0;
  let meanY = 0;
  for (let row = begin; row < end; row++) {
    meanX += source[row - lag]! / n;
    meanY += target[row]! / n;
  }
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let row = begin; row < end; row++) {
    const dx = source[row - lag]! - meanX;
    const dy = target[row]! - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : NaN;
}

export interface RollingLag {
  /** Last day of each window. */
  readonly openedAtMs: Float64Array;
  /** Correlation at the given lag. */
  readonly correlation: Float64Array;
  /** Lag of the largest correlation, in size, from `minLag` to `maxLag`. */
  readonly strongestLag: Int32Array;
}

export interface RollingOptions {
  readonly lag: number;
  readonly minLag: number;
  readonly maxLag: number;
  /** Days of a window, and days from one window to the next. */
  readonly windowRows: number;
  readonly stepRows: number;
}

/** Correlation at a lag, and the strongest lag, over windows that move through time. Empty when none fits. */
export function rollingLag(
  { openedAtMs, shape, target }: { openedAtMs: Float64Array; shape: Float64Array; target: Float64Array },
  { lag, minLag, maxLag, windowRows, stepRows }: RollingOptions,
): RollingLag {
  const ends: number[] = [];
  for (let end = target.length; end - windowRows - maxLag >= 0; end -= stepRows) ends.unshift(end);
  const correlationAt = (end: number, at: number) => correlationWithin(shape, target, at, end - windowRows, end);
  return {
    openedAtMs: Float64Array.from(ends, (end) => openedAtMs[end - 1]!),
    correlation: Float64Array.from(ends, (end) => correlationAt(end, lag)),
    strongestLag: Int32Array.from(ends, (end) => {
      let strongest = minLag;
      for (let at = minLag + 1; at <= maxLag; at++) {
        if (Math.abs(correlationAt(end, at)) > Math.abs(correlationAt(end, strongest))) strongest = at;
      }
      return strongest;
    }),
  };
}

/** Correlation at a lag in each calendar year of the target's days; years of fewer than `fewestRows` pairs are left out. */
export function correlationByYear(
  { openedAtMs, shape, target }: { openedAtMs: Float64Array; shape: Float64Array; target: Float64Array },
  lag: number,
  fewestRows = 60,
): readonly (BlockCorrelation & { readonly year: number })[] {
  const years: (BlockCorrelation & { readonly year: number })[] = [];
  let begin = lag;
  while (begin < target.length) {
    const year = yearOf(openedAtMs[begin]!);
    let end = begin;
    while (end < target.length && yearOf(openedAtMs[end]!) === year) end++;
    if (end - begin >= fewestRows) {
      years.push({
        year,
        fromMs: openedAtMs[begin]! as EpochMs,
        toMs: openedAtMs[end - 1]! as EpochMs,
        correlation: correlationWithin(shape, target, lag, begin, end),
        rows: end - begin,
      });
    }
    begin = end;
  }
  return years;
}

/** Correlation at a lag before a day and from it on. */
export function correlationAroundDay(
  { openedAtMs, shape, target }: { openedAtMs: Float64Array; shape: Float64Array; target: Float64Array },
  lag: number,
  dayMs: EpochMs,
): { readonly before: BlockCorrelation | undefined; readonly after: BlockCorrelation | undefined } {
  const found = openedAtMs.findIndex((timeMs) => timeMs >= dayMs);
  const split = Math.max(lag, found === -1 ? target.length : found);
  const part = (begin: number, end: number): BlockCorrelation | undefined =>
    end - begin < 3
      ? undefined
      : {
          fromMs: openedAtMs[begin]! as EpochMs,
          toMs: openedAtMs[end - 1]! as EpochMs,
          correlation: correlationWithin(shape, target, lag, begin, end),
          rows: end - begin,
        };
  return { before: part(lag, split), after: part(split, target.length) };
}

function yearOf(instant: number): number {
  return Number(tradingDateOf(instant).slice(0, 4));
}
