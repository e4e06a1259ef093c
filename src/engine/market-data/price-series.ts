import { WorkbenchError } from "../errors.js";

/**
 * Prices of one instrument (closes, as a rule) in strictly ascending order of the time at which each row opened,
 * UTC epoch milliseconds. `NaN` is a row without a price.
 */
export interface PriceSeries {
  readonly openedAtMs: Float64Array;
  readonly prices: Float64Array;
}

/** @throws SERIES_MISALIGNED for columns of unequal length, or times that are not strictly ascending. */
export function requirePriceSeries(series: PriceSeries, name: string): void {
  const { openedAtMs, prices } = series;
  if (openedAtMs.length !== prices.length) {
    throw new WorkbenchError(
      "SERIES_MISALIGNED",
      `misaligned ${name}: ${openedAtMs.length} times and ${prices.length} prices (accepted: one price for each time)`,
      { details: { name } },
    );
  }
  for (let i = 1; i < openedAtMs.length; i++) {
    if (openedAtMs[i]! > openedAtMs[i - 1]!) continue;
    throw new WorkbenchError(
      "SERIES_MISALIGNED",
      `misaligned ${name}: row ${i} does not come after row ${i - 1} (accepted: strictly ascending times)`,
      { details: { name, row: i } },
    );
  }
}
