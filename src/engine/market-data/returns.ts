/**
 * Logarithmic returns ln(pᵢ / pᵢ₋₁), aligned with the prices: the first is `NaN`, and so are the two returns
 * that touch a price that is `NaN`, zero or negative.
 */
export function logReturns(prices: Float64Array): Float64Array {
  return returnsOf(prices, (ratio) => Math.log(ratio));
}

/** Simple returns pᵢ / pᵢ₋₁ − 1 as fractions, aligned with the prices and undefined where {@link logReturns} are. */
export function simpleReturns(prices: Float64Array): Float64Array {
  return returnsOf(prices, (ratio) => ratio - 1);
}

function returnsOf(prices: Float64Array, fromRatio: (ratio: number) => number): Float64Array {
  const returns = new Float64Array(prices.length).fill(NaN);
  for (let i = 1; i < prices.length; i++) {
    const previous = prices[i - 1]!;
    const price = prices[i]!;
    if (previous > 0 && price > 0) returns[i] = fromRatio(price / previous);
  }
  return returns;
}
