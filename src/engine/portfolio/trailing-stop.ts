/** What a trailing stop of a long position remembers, in major units. */
export interface TrailingStop {
  /** Highest price since the position was first seen. */
  readonly high: number;
  /** Never falls. */
  readonly stop: number;
}

/**
 * The stop after one more price: `distance` below the highest price so far, unless it was higher before. Without a
 * former state the position is new. A price that is not defined changes nothing; `undefined` as long as none was.
 */
export function trailStop(
  former: TrailingStop | undefined,
  price: number,
  distanceBelow: (high: number) => number,
): TrailingStop | undefined {
  if (!Number.isFinite(price)) return former;
  const high = Math.max(former?.high ?? -Infinity, price);
  const stop = high - distanceBelow(high);
  return { high, stop: Math.max(former?.stop ?? -Infinity, stop) };
}
