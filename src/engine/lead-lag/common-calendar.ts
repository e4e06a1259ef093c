import { WorkbenchError } from "../errors.js";
import { asOfJoin, type ClosingOffsets, innerJoinByTime, type JoinedPrices } from "../market-data/align-series.js";
import type { PriceSeries } from "../market-data/price-series.js";

/**
 * How a source and a target come onto one calendar: `inner` keeps the times both have, `as-of` keeps the target's
 * calendar with the last source price known at each of its closes, which needs the closing offsets.
 */
export const ALIGNMENTS = ["inner", "as-of"] as const;

export type Alignment = (typeof ALIGNMENTS)[number];

export interface CalendarOptions extends ClosingOffsets {
  readonly align?: Alignment;
}

/** First and last opening time of a study, both included; open-ended where absent. */
export interface StudyWindow {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** Both series on one calendar, over all their history. @throws SERIES_MISALIGNED */
export function onCommonCalendar(
  source: PriceSeries,
  target: PriceSeries,
  { align = "inner", ...offsets }: CalendarOptions,
): JoinedPrices {
  return align === "inner" ? innerJoinByTime(source, target) : asOfJoin(source, target, offsets);
}

/** First row inside a window and first row after it. @throws RANGE_INVALID when the window ends before it begins */
export function rowsWithin(
  openedAtMs: Float64Array,
  { fromMs = -Infinity, toMs = Infinity }: StudyWindow,
): { readonly begin: number; readonly end: number } {
  if (!(fromMs <= toMs)) {
    throw new WorkbenchError(
      "RANGE_INVALID",
      `invalid range: from ${fromMs} to ${toMs} (accepted: epoch milliseconds, the beginning not after the end)`,
      { details: { fromMs, toMs } },
    );
  }
  const begin = openedAtMs.findIndex((timeMs) => timeMs >= fromMs);
  if (begin === -1) return { begin: 0, end: 0 };
  return { begin, end: openedAtMs.findLastIndex((timeMs) => timeMs <= toMs) + 1 };
}
