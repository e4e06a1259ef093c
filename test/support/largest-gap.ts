/** Largest absolute difference between numbers at the same place; `NaN` when there are more of one than of the other. */
export function largestGap(some: ArrayLike<number>, others: ArrayLike<number>): number {
  if (some.length !== others.length) return Number.NaN;
  return Math.max(0, ...Array.from(some, (value, i) => Math.abs(value - others[i]!)));
}
