/** What resident memory did in one life of a process. */
export type MemoryOverLife = "flat" | "grew" | "too short to judge";

export const SAMPLE_EVERY_MS = 1_000;

const WARM_UP_SAMPLES = 20;
const LEAST_WARM_SAMPLES = 60;
/** How much may be added between the second and the last quarter, beyond a quarter of what there was. */
const GROWTH_MB = 25;

/** Compares the medians of the second and the last quarter of a life, without its warm-up. Samples in MB. */
export function memoryOverLife(samplesMb: readonly number[]): MemoryOverLife {
  const warm = samplesMb.slice(WARM_UP_SAMPLES);
  if (warm.length < LEAST_WARM_SAMPLES) return "too short to judge";
  const quarter = Math.floor(warm.length / 4);
  const isFlat = median(warm.slice(-quarter)) <= 1.25 * median(warm.slice(quarter, 2 * quarter)) + GROWTH_MB;
  return isFlat ? "flat" : "grew";
}

function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)]!;
}
