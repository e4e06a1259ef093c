/**
 * Ranks from 1 (smallest) up; equal values share the average of the ranks they occupy.
 * `NaN` has rank `NaN` and takes no place among the others. Aligned with the input.
 */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort(); // typed arrays sort NaN to the end
  let definedCount = sorted.length;
  while (definedCount > 0 && Number.isNaN(sorted[definedCount - 1])) definedCount--;

  const ranks = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      ranks[i] = NaN;
      continue;
    }
    const first = firstIndexNotBelow(sorted, definedCount, value);
    let afterLast = first + 1;
    if (sorted[afterLast] === value) afterLast = firstIndexAbove(sorted, definedCount, value);
    ranks[i] = (first + 1 + afterLast) / 2;
  }
  return ranks;
}

function firstIndexNotBelow(sorted: Float64Array, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstIndexAbove(sorted: Float64Array, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
