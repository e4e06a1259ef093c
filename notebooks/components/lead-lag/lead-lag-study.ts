import { isWorkbenchError } from "../../engine/errors.js";
import type { Alignment } from "../../engine/lead-lag/common-calendar.js";
import { type LaggedCorrelations, laggedCorrelation } from "../../engine/lead-lag/lagged-correlation.js";
import { type ShiftedOverlay, shiftedOverlay } from "../../engine/lead-lag/shifted-overlay.js";
import type { ClosingOffsets } from "../../engine/market-data/align-series.js";
import type { PriceSeries } from "../../engine/market-data/price-series.js";

export interface StudyPair {
  readonly source: string;
  readonly target: string;
  readonly sourceSeries: PriceSeries;
  readonly targetSeries: PriceSeries;
  /** `undefined` when a closing time is not known; a source close of the same day then counts as known. */
  readonly closingOffsets: ClosingOffsets | undefined;
}

export interface StudyWindow {
  readonly align: Alignment;
  readonly fromMs: number;
  readonly toMs: number;
}

/** True when the source's close of a day is known only after the target's: as-of, it then enters a day later. */
export function sourceClosesLater({ closingOffsets }: StudyPair): boolean {
  return (closingOffsets?.sourceClosesAfterMs ?? 0) > (closingOffsets?.targetClosesAfterMs ?? 0);
}

export type StudyOutcome<Result> =
  | { readonly kind: "computed"; readonly result: Result }
  | { readonly kind: "refused"; readonly code: string; readonly message: string };

export function isAlignment(value: string): value is Alignment {
  return value === "inner" || value === "as-of";
}

/** Correlations at lags 0 to `maxLag`, or why this choice of series and days has none. */
export function correlationStudy(
  { sourceSeries, targetSeries, closingOffsets }: StudyPair,
  window: StudyWindow,
  maxLag: number,
): StudyOutcome<LaggedCorrelations> {
  const options = { ...window, ...closingOffsets, minLag: 0, maxLag };
  return attempt(() => laggedCorrelation(sourceSeries, targetSeries, options));
}

/** Both price lines with the source moved later by `lag` rows, or why there are none. */
export function overlayStudy(
  { sourceSeries, targetSeries, closingOffsets }: StudyPair,
  window: StudyWindow,
  lag: number,
): StudyOutcome<ShiftedOverlay> {
  return attempt(() => shiftedOverlay(sourceSeries, targetSeries, { ...window, ...closingOffsets, lag }));
}

function attempt<Result>(compute: () => Result): StudyOutcome<Result> {
  try {
    return { kind: "computed", result: compute() };
  } catch (error) {
    if (isWorkbenchError(error)) return { kind: "refused", code: error.code, message: error.message };
    throw error;
  }
}
