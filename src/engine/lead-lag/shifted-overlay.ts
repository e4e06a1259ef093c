import { WorkbenchError } from "../errors.js";
import type { PriceSeries } from "../market-data/price-series.js";
import { type CalendarOptions, onCommonCalendar, rowsWithin, type StudyWindow } from "./common-calendar.js";

export interface ShiftedOverlayOptions extends CalendarOptions, StudyWindow {
  /** Rows of the common calendar by which the source is moved later; negative moves it earlier. */
  readonly lag: number;
}

/** Two price lines to draw over each other, aligned with `openedAtMs`. */
export interface ShiftedOverlay {
  readonly openedAtMs: Float64Array;
  /** The source's price `lag` rows earlier, 100 at its first row in the window; `NaN` where history does not reach. */
  readonly source: Float64Array;
  /** 100 at the first row of the window. */
  readonly target: Float64Array;
}

/**
 * A source's prices moved by a lag and a target's prices, both rebased to 100, over a window of their common
 * calendar. The move comes before the cut, so the window is filled from the history before it. A picture only: two
 * price levels that look alike say nothing about returns. A line whose first price is not positive is `NaN`.
 * @throws LAG_INVALID, RANGE_INVALID, SERIES_MISALIGNED; SERIES_TOO_SHORT when the window has no row
 */
export function shiftedOverlay(
  source: PriceSeries,
  target: PriceSeries,
  { lag, fromMs, toMs, ...calendar }: ShiftedOverlayOptions,
): ShiftedOverlay {
  if (!Number.isSafeInteger(lag)) {
    throw new WorkbenchError("LAG_INVALID", `invalid lag: ${lag} (accepted: an integer)`, { details: { lag } });
  }
  const joined = onCommonCalendar(source, target, calendar);
  const { begin, end } = rowsWithin(joined.openedAtMs, { fromMs, toMs });
  if (begin >= end) {
    throw new WorkbenchError("SERIES_TOO_SHORT", "series too short: no common row in the range (accepted: at least 1)");
  }
  const shiftedSource = Float64Array.from(
    { length: end - begin },
    (_, i) => joined.sourcePrices[begin + i - lag] ?? NaN,
  );
  return {
    openedAtMs: joined.openedAtMs.slice(begin, end),
    source: rebased(shiftedSource),
    target: rebased(joined.targetPrices.subarray(begin, end)),
  };
}

function rebased(prices: Float64Array): Float64Array {
  const base = prices.find((price) => !Number.isNaN(price)) ?? NaN;
  return prices.map((price) => (base > 0 ? (price / base) * 100 : NaN));
}
