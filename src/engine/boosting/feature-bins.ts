import type { FeatureColumns } from "./gradient-boosting.js";
import { radixOrder } from "./radix-order.js";

/** Features whose codes share one 32-bit word, so that a row is fetched once for four of them. */
export const FEATURES_PER_WORD = 4;

/**
 * Features as bins of float32 values. A feature owns consecutive slots: one for each of its bins in ascending order,
 * then one for missing values if it has any. A row's code is its slot less the feature's first slot.
 */
export interface FeatureBins {
  readonly rowCount: number;
  readonly featureCount: number;
  /** Four codes a word: word `group · rowCount + row` holds those of features 4·group … 4·group + 3. */
  readonly codes: Uint32Array;
  /** First slot of each feature, then the count of slots. */
  readonly firstSlot: Int32Array;
  /** Bins of each feature, without the one for missing values. */
  readonly binCount: Int32Array;
  /** 1 for features with a missing value. */
  readonly hasMissing: Uint8Array;
  /** Smallest and largest float32 value of each slot. */
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
}

/**
 * Bins every column by the quantiles of its defined values: one bin a distinct value as long as `maxBins` suffices,
 * else bins of about equally many rows. Values are rounded to float32 first, which is what XGBoost compares.
 */
export function binFeatures({ columns, rowCount }: FeatureColumns, maxBins: number): FeatureBins {
  const featureCount = columns.length;
  const codes = new Uint32Array(Math.ceil(featureCount / FEATURES_PER_WORD) * rowCount);
  const firstSlot = new Int32Array(featureCount + 1);
  const binCount = new Int32Array(featureCount);
  const hasMissing = new Uint8Array(featureCount);
  const lowest = new Float32Array(featureCount * maxBins);
  const highest = new Float32Array(featureCount * maxBins);
  const order = radixOrder(rowCount);
  const sorted = new Float32Array(rowCount);
  const columnCodes = new Uint8Array(rowCount);

  columns.forEach((column, feature) => {
    const rows = order.ascendingRows(column);
    for (let i = 0; i < rows.length; i++) sorted[i] = column[rows[i]!]! + 0;
    const missing = rows.length < rowCount;
    const first = firstSlot[feature]!;
    const bins = cutIntoBins(sorted, rows, missing ? maxBins - 1 : maxBins, {
      codes: columnCodes,
      lowest: lowest.subarray(first),
      highest: highest.subarray(first),
      missingCode: missing ? column : undefined,
    });
    packCodes(codes, rowCount, feature, columnCodes);
    binCount[feature] = bins;
    hasMissing[feature] = missing ? 1 : 0;
    firstSlot[feature + 1] = first + bins + hasMissing[feature]!;
  });
  return { rowCount, featureCount, codes, firstSlot, binCount, hasMissing, lowest, highest };
}

interface BinTargets {
  readonly codes: Uint8Array;
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
  /** The column, if rows of it are missing and get the code after the last bin. */
  readonly missingCode: Float64Array | undefined;
}

/**
 * Cuts ascending values into bins and returns how many. Equal values are never parted; the rows after a bin are shared
 * out anew among the bins that are left.
 */
function cutIntoBins(sorted: Float32Array, rows: Uint32Array, maxBins: number, targets: BinTargets): number {
  const { codes, lowest, highest, missingCode } = targets;
  const n = rows.length;
  const isOneEach = countDistinct(sorted, n, maxBins) <= maxBins;
  let bin = -1;
  let nextCut = 0;
  for (let i = 0; i < n; ) {
    const value = sorted[i]!;
    if (i >= nextCut) {
      bin++;
      lowest[bin] = value;
      nextCut = isOneEach ? 0 : i + (n - i) / (maxBins - bin);
    }
    highest[bin] = value;
    while (i < n && sorted[i] === value) codes[rows[i++]!] = bin;
  }
  if (missingCode) {
    for (let row = 0; row < missingCode.length; row++) if (Number.isNaN(missingCode[row])) codes[row] = bin + 1;
  }
  return bin + 1;
}

/** Distinct values among the first `n` ascending ones; stops counting beyond `enough`. */
function countDistinct(sorted: Float32Array, n: number, enough: number): number {
  let distinct = n > 0 ? 1 : 0;
  for (let i = 1; i < n && distinct <= enough; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  return distinct;
}

function packCodes(codes: Uint32Array, rowCount: number, feature: number, columnCodes: Uint8Array): void {
  const base = Math.floor(feature / FEATURES_PER_WORD) * rowCount;
  const shift = (feature % FEATURES_PER_WORD) * 8;
  for (let row = 0; row < rowCount; row++) codes[base + row]! |= columnCodes[row]! << shift;
}
