import { type PriceSeries, requirePriceSeries } from "./price-series.js";

/** Two price series on one calendar. Both prices are defined in every row. */
export interface JoinedPrices {
  readonly openedAtMs: Float64Array;
  readonly sourcePrices: Float64Array;
  readonly targetPrices: Float64Array;
}

/** How long after the row opened its close became known, in milliseconds; 0 compares the rows' own times. */
export interface ClosingOffsets {
  readonly sourceClosesAfterMs?: number;
  readonly targetClosesAfterMs?: number;
}

/**
 * The rows that opened at the same instant in both series and have a price in both: the common calendar.
 * @throws SERIES_MISALIGNED
 */
export function innerJoinByTime(source: PriceSeries, target: PriceSeries): JoinedPrices {
  requirePriceSeries(source, "source");
  requirePriceSeries(target, "target");
  const joined = joinBuilder(Math.min(source.openedAtMs.length, target.openedAtMs.length));
  let s = 0;
  let t = 0;
  while (s < source.openedAtMs.length && t < target.openedAtMs.length) {
    const sourceMs = source.openedAtMs[s]!;
    const targetMs = target.openedAtMs[t]!;
    if (sourceMs === targetMs) joined.add(targetMs, source.prices[s]!, target.prices[t]!);
    if (sourceMs <= targetMs) s++;
    if (targetMs <= sourceMs) t++;
  }
  return joined.build();
}

/**
 * The target's calendar, each row with the last source price known when that row of the target closed. A source
 * price is known from its own closing instant on, so a source that closes later in the day enters one day late and
 * nothing from the future is seen. Rows of the target without a price, or before the first source price, are left
 * out. @throws SERIES_MISALIGNED
 */
export function asOfJoin(
  source: PriceSeries,
  target: PriceSeries,
  { sourceClosesAfterMs = 0, targetClosesAfterMs = 0 }: ClosingOffsets = {},
): JoinedPrices {
  requirePriceSeries(source, "source");
  requirePriceSeries(target, "target");
  const joined = joinBuilder(target.openedAtMs.length);
  let s = 0;
  let lastKnownPrice = NaN;
  for (let t = 0; t < target.openedAtMs.length; t++) {
    const targetMs = target.openedAtMs[t]!;
    const targetClosedAtMs = targetMs + targetClosesAfterMs;
    while (s < source.openedAtMs.length && source.openedAtMs[s]! + sourceClosesAfterMs <= targetClosedAtMs) {
      const price = source.prices[s++]!;
      if (!Number.isNaN(price)) lastKnownPrice = price;
    }
    joined.add(targetMs, lastKnownPrice, target.prices[t]!);
  }
  return joined.build();
}

function joinBuilder(capacity: number) {
  const openedAtMs = new Float64Array(capacity);
  const sourcePrices = new Float64Array(capacity);
  const targetPrices = new Float64Array(capacity);
  let length = 0;
  return {
    add(timeMs: number, sourcePrice: number, targetPrice: number): void {
      if (Number.isNaN(sourcePrice) || Number.isNaN(targetPrice)) return;
      openedAtMs[length] = timeMs;
      sourcePrices[length] = sourcePrice;
      targetPrices[length] = targetPrice;
      length++;
    },
    build: (): JoinedPrices => ({
      openedAtMs: openedAtMs.slice(0, length),
      sourcePrices: sourcePrices.slice(0, length),
      targetPrices: targetPrices.slice(0, length),
    }),
  };
}
