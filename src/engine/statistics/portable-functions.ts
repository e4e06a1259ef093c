/**
 * Logarithm and exponential made of sums, products and quotients alone, which every machine rounds alike. `Math.log`
 * and `Math.exp` may differ in the last bit from one engine to the next, and a study in a page would then differ
 * from the same study on the server.
 */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const SQRT_HALF = Math.SQRT1_2;
const EXPONENT_BIAS = 1023;

/** Terms of the series until they are below half a unit in the last place. */
const LOGARITHM_TERMS = 11;
const EXPONENTIAL_TERMS = 14;

const bytes = new DataView(new ArrayBuffer(8));

/** Natural logarithm, to within 2 units in the last place; −∞ at 0, `NaN` below it. */
export function logarithm(value: number): number {
  if (!(value > 0)) return value === 0 ? -Infinity : NaN;
  if (value === Infinity) return Infinity;
  if (value < 2.2250738585072014e-308) return logarithm(value * 18014398509481984) - 54 * (LN2_HIGH + LN2_LOW);
  bytes.setFloat64(0, value);
  const head = bytes.getUint32(0);
  let exponent = (head >>> 20) - (EXPONENT_BIAS - 1);
  bytes.setUint32(0, (head & 0x000fffff) | ((EXPONENT_BIAS - 1) << 20));
  let mantissa = bytes.getFloat64(0); // in [½, 1)
  if (mantissa < SQRT_HALF) {
    mantissa *= 2;
    exponent--;
  }
  // ln m = 2 artanh(s), s = (m − 1) / (m + 1)
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let series = 0;
  for (let term = LOGARITHM_TERMS; term >= 1; term--) series = square * (1 / (2 * term + 1) + series);
  return exponent * LN2_HIGH + (2 * s + (2 * s * series + exponent * LN2_LOW));
}

/** e to the power of the value, to within 2 units in the last place; 0 below −745, ∞ above 709.8. */
export function exponential(value: number): number {
  if (Number.isNaN(value)) return NaN;
  if (value > 709.782712893384) return Infinity;
  if (value < -745.1332191019412) return 0;
  const halvings = Math.round(value / (LN2_HIGH + LN2_LOW));
  const rest = value - halvings * LN2_HIGH - halvings * LN2_LOW;
  let series = 1;
  for (let term = EXPONENTIAL_TERMS; term >= 1; term--) series = 1 + (rest / term) * series;
  // In two steps, since the power of two alone may be out of range.
  const half = halvings >> 1;
  return series * powerOfTwo(half) * powerOfTwo(halvings - half);
}

function powerOfTwo(exponent: number): number {
  bytes.setUint32(0, (exponent + EXPONENT_BIAS) << 20);
  bytes.setUint32(4, 0);
  return bytes.getFloat64(0);
}
