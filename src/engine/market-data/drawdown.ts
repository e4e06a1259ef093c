/**
 * Fall below the highest price so far, as a fraction: 0 at a new high, −0.25 a quarter below it. Aligned with the
 * prices; `NaN` for a row without a price and before the first positive one.
 */
export function drawdown(prices: Float64Array): Float64Array {
  let peak = 0;
  return prices.map((price) => {
    if (price > peak) peak = price;
    return peak > 0 ? price / peak - 1 : NaN;
  });
}

export interface MaxDrawdown {
  /** The deepest fall as a fraction, at most 0. */
  readonly depth: number;
  /** The last row at the high from which it fell, the lowest row, and the first row back at the high. */
  readonly peakIndex: number;
  readonly troughIndex: number;
  readonly recoveryIndex: number | undefined;
}

/**
 * The deepest fall from a high; the earliest of equals. Prices that never fall give depth 0 at the first row.
 * `undefined` without any positive price. See Magdon-Ismail and Atiya (2004).
 */
export function maxDrawdown(prices: Float64Array): MaxDrawdown | undefined {
  const depths = drawdown(prices);
  const firstIndex = depths.findIndex((depth) => !Number.isNaN(depth));
  if (firstIndex === -1) return undefined;

  let troughIndex = firstIndex;
  for (let i = firstIndex; i < depths.length; i++) {
    if (depths[i]! < depths[troughIndex]!) troughIndex = i;
  }
  const peakIndex = depths.lastIndexOf(0, troughIndex);
  const peak = prices[peakIndex]!;
  const recoveryIndex = prices.findIndex((price, i) => i >= troughIndex && price >= peak);
  return {
    depth: depths[troughIndex]!,
    peakIndex,
    troughIndex,
    recoveryIndex: recoveryIndex === -1 ? undefined : recoveryIndex,
  };
}
