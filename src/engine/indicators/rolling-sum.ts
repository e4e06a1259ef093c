/**
 * Sum of the last `window` values, `NaN` until there are as many. The values must be defined.
 *
 * Nothing is ever subtracted, so no rounding error stays behind when a value leaves: the sum of the newest values
 * of the current block is added to the precomputed sum of the oldest part of the block before (van Herk's scheme).
 */
export function rollingSum(window: number): (value: number) => number {
  const block = new Float64Array(window);
  const previousTailSums = new Float64Array(window);
  let position = 0;
  let blockSum = 0;
  let isWarm = false;
  return (value) => {
    block[position++] = value;
    blockSum += value;
    if (position < window) return isWarm ? previousTailSums[position]! + blockSum : NaN;

    let tailSum = 0;
    for (let i = window - 1; i >= 0; i--) {
      tailSum += block[i]!;
      previousTailSums[i] = tailSum;
    }
    position = 0;
    blockSum = 0;
    isWarm = true;
    return tailSum;
  };
}
