import { FEATURES_PER_WORD, type FeatureBins } from "./feature-bins.js";

/**
 * Sum of gradients and number of rows of each slot, in turns: `[2·slot]` and `[2·slot + 1]`. The Hessian of half the
 * squared error is 1, so the number of rows is its sum. One slot more than the bins have takes what is of no use.
 */
export type GradientHistogram = Float64Array;

/** A range of `rows`, with their gradients. */
export interface NodeRows {
  readonly rows: Uint32Array;
  readonly begin: number;
  readonly end: number;
  /** Gradient of each row of the data. */
  readonly gradients: Float32Array;
  /** Scratch of at least `end − begin` values. */
  readonly gathered: Float32Array;
}

export function emptyHistogram({ firstSlot, featureCount }: FeatureBins): GradientHistogram {
  return new Float64Array(2 * (firstSlot[featureCount]! + 1));
}

/** The histogram of all rows without their gradients: the same for every tree. */
export function countRows(bins: FeatureBins): GradientHistogram {
  const histogram = emptyHistogram(bins);
  for (let feature = 0; feature < bins.featureCount; feature++) {
    const words = wordsOfGroup(bins, Math.floor(feature / FEATURES_PER_WORD));
    const shift = (feature % FEATURES_PER_WORD) * 8;
    const first = bins.firstSlot[feature]!;
    for (let row = 0; row < words.length; row++) histogram[2 * (first + ((words[row]! >>> shift) & 0xff)) + 1]!++;
  }
  return histogram;
}

/** Replaces the histogram by that of all rows, given {@link countRows}, for the groups of features switched on. */
export function fillFromAllRows(
  histogram: GradientHistogram,
  counts: GradientHistogram,
  bins: FeatureBins,
  isGroupUsed: Uint8Array,
  gradients: Float32Array,
): void {
  histogram.set(counts);
  for (let group = 0; group < isGroupUsed.length; group++) {
    if (isGroupUsed[group] === 0) continue;
    const words = wordsOfGroup(bins, group);
    const [start0, start1, start2, start3] = startsOfGroup(bins, group);
    if (bins.featureCount - group * FEATURES_PER_WORD > 2) {
      addFourGradients(histogram, words, gradients, start0, start1, start2, start3);
    } else {
      addTwoGradients(histogram, words, gradients, start0, start1);
    }
  }
}

/** Replaces the histogram by that of the node's rows, for the groups of four features that are switched on. */
export function fillFromNode(
  histogram: GradientHistogram,
  bins: FeatureBins,
  isGroupUsed: Uint8Array,
  { rows, begin, end, gradients, gathered }: NodeRows,
): void {
  histogram.fill(0);
  for (let i = begin; i < end; i++) gathered[i - begin] = gradients[rows[i]!]!;
  for (let group = 0; group < isGroupUsed.length; group++) {
    if (isGroupUsed[group] === 0) continue;
    const words = wordsOfGroup(bins, group);
    const [start0, start1, start2, start3] = startsOfGroup(bins, group);
    if (bins.featureCount - group * FEATURES_PER_WORD > 2) {
      addFour(histogram, words, rows, begin, end, gathered, start0, start1, start2, start3);
    } else {
      addTwo(histogram, words, rows, begin, end, gathered, start0, start1);
    }
  }
}

/** Turns a parent's histogram into that of one child, given the other's. */
export function subtractHistogram(parent: GradientHistogram, child: GradientHistogram): void {
  for (let i = 0; i < parent.length; i++) parent[i]! -= child[i]!;
}

function wordsOfGroup({ codes, rowCount }: FeatureBins, group: number): Uint32Array {
  return codes.subarray(group * rowCount, (group + 1) * rowCount);
}

/** Where in a histogram the four features of a group begin; features beyond the last share the slot of no use. */
function startsOfGroup({ firstSlot, featureCount }: FeatureBins, group: number): [number, number, number, number] {
  const feature = group * FEATURES_PER_WORD;
  return [
    2 * firstSlot[Math.min(feature, featureCount)]!,
    2 * firstSlot[Math.min(feature + 1, featureCount)]!,
    2 * firstSlot[Math.min(feature + 2, featureCount)]!,
    2 * firstSlot[Math.min(feature + 3, featureCount)]!,
  ];
}

function addFour(
  histogram: GradientHistogram,
  words: Uint32Array,
  rows: Uint32Array,
  begin: number,
  end: number,
  gathered: Float32Array,
  start0: number,
  start1: number,
  start2: number,
  start3: number,
): void {
  for (let i = begin; i < end; i++) {
    const word = words[rows[i]!]!;
    const gradient = gathered[i - begin]!;
    const at0 = start0 + ((word & 0xff) << 1);
    const at1 = start1 + ((word >>> 7) & 0x1fe);
    const at2 = start2 + ((word >>> 15) & 0x1fe);
    const at3 = start3 + ((word >>> 23) & 0x1fe);
    histogram[at0]! += gradient;
    histogram[at0 + 1]! += 1;
    histogram[at1]! += gradient;
    histogram[at1 + 1]! += 1;
    histogram[at2]! += gradient;
    histogram[at2 + 1]! += 1;
    histogram[at3]! += gradient;
    histogram[at3 + 1]! += 1;
  }
}

function addTwo(
  histogram: GradientHistogram,
  words: Uint32Array,
  rows: Uint32Array,
  begin: number,
  end: number,
  gathered: Float32Array,
  start0: number,
  start1: number,
): void {
  for (let i = begin; i < end; i++) {
    const word = words[rows[i]!]!;
    const gradient = gathered[i - begin]!;
    const at0 = start0 + ((word & 0xff) << 1);
    const at1 = start1 + ((word >>> 7) & 0x1fe);
    histogram[at0]! += gradient;
    histogram[at0 + 1]! += 1;
    histogram[at1]! += gradient;
    histogram[at1 + 1]! += 1;
  }
}

function addFourGradients(
  histogram: GradientHistogram,
  words: Uint32Array,
  gradients: Float32Array,
  start0: number,
  start1: number,
  start2: number,
  start3: number,
): void {
  for (let row = 0; row < words.length; row++) {
    const word = words[row]!;
    const gradient = gradients[row]!;
    histogram[start0 + ((word & 0xff) << 1)]! += gradient;
    histogram[start1 + ((word >>> 7) & 0x1fe)]! += gradient;
    histogram[start2 + ((word >>> 15) & 0x1fe)]! += gradient;
    histogram[start3 + ((word >>> 23) & 0x1fe)]! += gradient;
  }
}

function addTwoGradients(
  histogram: GradientHistogram,
  words: Uint32Array,
  gradients: Float32Array,
  start0: number,
  start1: number,
): void {
  for (let row = 0; row < words.length; row++) {
    const word = words[row]!;
    const gradient = gradients[row]!;
    histogram[start0 + ((word & 0xff) << 1)]! += gradient;
    histogram[start1 + ((word >>> 7) & 0x1fe)]! += gradient;
  }
}
