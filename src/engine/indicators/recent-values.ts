/** The last `window` values. */
export interface RecentValues {
  /** In no particular order; only as many as were pushed while it is not full. */
  readonly values: Float64Array;
  isFull(): boolean;
  /** Takes a value in; gives the one that leaves, `NaN` while none does. */
  push(value: number): number;
}

export function recentValues(window: number): RecentValues {
  const values = new Float64Array(window).fill(NaN);
  let next = 0;
  let count = 0;
  return {
    values,
    isFull: () => count === window,
    push(value) {
      const leaving = values[next]!;
      values[next] = value;
      next = next + 1 === window ? 0 : next + 1;
      if (count < window) count++;
      return leaving;
    },
  };
}
