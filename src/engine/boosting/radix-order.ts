const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;
const PASSES = 3;

/** Buffers for columns of up to `capacity` values; one serves any number of columns, one after another. */
export interface RadixOrder {
  /** Rows of the column's defined values in ascending order of their float32 values; valid until the next call. */
  ascendingRows(column: Float64Array): Uint32Array;
}

/** Least-significant-digit radix sort of float32 values: three passes over 11 bits, equal values in row order. */
export function radixOrder(capacity: number): RadixOrder {
  const floats = new Float32Array(1);
  const bits = new Uint32Array(floats.buffer);
  let keys = new Uint32Array(capacity);
  let rows = new Uint32Array(capacity);
  let otherKeys = new Uint32Array(capacity);
  let otherRows = new Uint32Array(capacity);
  const counts = new Uint32Array(PASSES * DIGITS);

  return {
    ascendingRows(column) {
      let defined = 0;
      for (let row = 0; row < column.length; row++) {
        const value = column[row]!;
        if (Number.isNaN(value)) continue;
        floats[0] = value + 0; // −0 is 0
        keys[defined] = ascendingBits(bits[0]!);
        rows[defined] = row;
        defined++;
      }
      counts.fill(0);
      for (let i = 0; i < defined; i++) {
        const key = keys[i]!;
        for (let pass = 0; pass < PASSES; pass++) counts[pass * DIGITS + digitOf(key, pass)]!++;
      }
      for (let pass = 0; pass < PASSES; pass++) {
        turnIntoStarts(counts, pass * DIGITS);
        for (let i = 0; i < defined; i++) {
          const key = keys[i]!;
          const to = counts[pass * DIGITS + digitOf(key, pass)]!++;
          otherKeys[to] = key;
          otherRows[to] = rows[i]!;
        }
        [keys, otherKeys] = [otherKeys, keys];
        [rows, otherRows] = [otherRows, rows];
      }
      return rows.subarray(0, defined);
    },
  };
}

/** Bits of a float32 as an unsigned integer that ascends with the value. */
function ascendingBits(bits: number): number {
  return (bits & 0x80000000) !== 0 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
}

function digitOf(key: number, pass: number): number {
  return (key >>> (pass * DIGIT_BITS)) & DIGIT_MASK;
}

function turnIntoStarts(counts: Uint32Array, from: number): void {
  let start = 0;
  for (let i = from; i < from + DIGITS; i++) {
    const count = counts[i]!;
    counts[i] = start;
    start += count;
  }
}
