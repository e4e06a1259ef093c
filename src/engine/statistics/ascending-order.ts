const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;
/** 32 bits of the high word and 32 of the low word, three digits each. */
const PASSES_PER_WORD = 3;

/**
 * Rows of the defined values in ascending order, equal values in row order; `NaN` is left out and −0 equals 0.
 * A least-significant-digit radix sort of the bits: several times faster than a sort and a search for each value.
 */
export function ascendingOrder(values: ArrayLike<number>): Uint32Array {
  const bytes = new DataView(new ArrayBuffer(8));
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  let order = new Uint32Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    bytes.setFloat64(0, value + 0); // −0 becomes 0
    const highBits = bytes.getUint32(0);
    const isNegative = highBits >>> 31 === 1;
    high[row] = isNegative ? ~highBits >>> 0 : (highBits | 0x80000000) >>> 0;
    low[row] = isNegative ? ~bytes.getUint32(4) >>> 0 : bytes.getUint32(4);
    order[count++] = row;
  }
  order = order.subarray(0, count);
  let other = new Uint32Array(count);
  const starts = new Uint32Array(DIGITS);
  for (const word of [low, high]) {
    for (let pass = 0; pass < PASSES_PER_WORD; pass++) {
      const shift = pass * DIGIT_BITS;
      countDigits(word, order, shift, starts);
      for (let i = 0; i < count; i++) {
        const row = order[i]!;
        other[starts[(word[row]! >>> shift) & DIGIT_MASK]!++] = row;
      }
      [order, other] = [other, order];
    }
  }
  return order;
}

/** Where each digit's rows begin. */
function countDigits(word: Uint32Array, order: Uint32Array, shift: number, starts: Uint32Array): void {
  starts.fill(0);
  for (let i = 0; i < order.length; i++) starts[(word[order[i]!]! >>> shift) & DIGIT_MASK]!++;
  let start = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const rows = starts[digit]!;
    starts[digit] = start;
    start += rows;
  }
}
