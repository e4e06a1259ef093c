/** Repeated measurements of one thing, in the order they were made. */
export type Samples = readonly number[];

/** The middle of the sorted samples, or the mean of the two in the middle; `NaN` for none. */
export function median(samples: Samples): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2;
}

/** Distance from the smallest to the largest sample as a fraction of the median; 0 for a single one. */
export function spread(samples: Samples): number {
  return (Math.max(...samples) - Math.min(...samples)) / median(samples);
}
