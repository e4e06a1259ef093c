import { ascendingOrder } from "./ascending-order.js";

/**
 * Ranks from 1 (smallest) up; equal values share the average of the ranks they occupy.
 * `NaN` has rank `NaN` and takes no place among the others. Aligned with the input.
 */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = ascendingOrder(values);
  const ranks = new Float64Array(values.length);
  if (order.length < values.length) ranks.fill(NaN);
  for (let first = 0; first < order.length; ) {
    const value = values[order[first]!]!;
    let afterLast = first + 1;
    while (afterLast < order.length && values[order[afterLast]!] === value) afterLast++;
    const rank = (first + 1 + afterLast) / 2;
    for (let place = first; place < afterLast; place++) ranks[order[place]!] = rank;
    first = afterLast;
  }
  return ranks;
}
