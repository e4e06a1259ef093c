const ZERO = 0x30;
const PLUS = 0x2b;
const MINUS = 0x2d;
const SPACE = 0x20;
const LOWER_E = 0x65;

/** Integers below 10^15 and powers of ten up to 10^22 are exact doubles, so one division or product rounds once. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * The number written in `bytes[start .. end)`, multiplied by `10^shift` as a shift of the decimal point: `3.13`
 * shifted by 3 is exactly 3130. The result is the double nearest to the shifted decimal, as `Number()` gives it.
 * Surrounding spaces, a sign and an exponent are accepted. `NaN` for anything else; overflow gives ±Infinity.
 *
 * Up to 15 significant digits take the fast path of Clinger, "How to read floating point numbers accurately" (1990).
 */
export function parseDecimal(
  bytes: Uint8Array,
  start: number,
  end: number,
  decimalPoint: number,
  shift: number,
): number {
  while (start < end && bytes[start] === SPACE) start++;
  while (end > start && bytes[end - 1] === SPACE) end--;
  let at = start;
  const negative = bytes[at] === MINUS;
  if (negative || bytes[at] === PLUS) at++;
  const digitsFrom = at;

  let mantissa = 0;
  let significant = 0;
  let fraction = 0;
  let pointAt = -1;
  for (; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      if (mantissa > 0) significant++;
      if (pointAt >= 0) fraction++;
    } else if (bytes[at] === decimalPoint && pointAt < 0) pointAt = at;
    else break;
  }
  const digitsTo = at;
  if (digitsTo - digitsFrom - (pointAt < 0 ? 0 : 1) < 1) return Number.NaN;

  let exponent = 0;
  if (at < end) {
    exponent = parseExponent(bytes, at, end);
    if (Number.isNaN(exponent)) return Number.NaN;
  }

  const power = exponent + shift - fraction;
  let magnitude: number;
  if (significant <= EXACT_DIGITS && power >= -22 && power <= 22) {
    magnitude = power < 0 ? mantissa / POWERS_OF_TEN[-power]! : mantissa * POWERS_OF_TEN[power]!;
  } else {
    const digits = asciiText(bytes, digitsFrom, digitsTo).replace(String.fromCharCode(decimalPoint), ".");
    magnitude = Number(`${digits}e${exponent + shift}`);
  }
  return negative ? -magnitude : magnitude;
}

/** The exponent of `e-12`, `E5` or `e+5`; `NaN` for another text. Exponents beyond ±100,000 are cut to that. */
function parseExponent(bytes: Uint8Array, start: number, end: number): number {
  if ((bytes[start]! | 0x20) !== LOWER_E) return Number.NaN;
  let at = start + 1;
  const negative = bytes[at] === MINUS;
  if (negative || bytes[at] === PLUS) at++;
  if (at >= end) return Number.NaN;
  let exponent = 0;
  for (; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    exponent = Math.min(exponent * 10 + digit, 100_000);
  }
  return negative ? -exponent : exponent;
}

const MISSING_VALUES = new Set(["", "-", "nan", "na", "n/a", "null"]);

/** True for the ways in which a file says that it has no value: nothing, `-`, `NaN`, `NA`, `N/A`, `null`, in any case. */
export function isMissingValue(bytes: Uint8Array, start: number, end: number): boolean {
  while (start < end && bytes[start] === SPACE) start++;
  while (end > start && bytes[end - 1] === SPACE) end--;
  return end - start <= 4 && MISSING_VALUES.has(asciiText(bytes, start, end).toLowerCase());
}

/** A double times `10^shift`, rounded as if its shortest decimal form had been shifted. */
export function shiftDecimal(value: number, shift: number): number {
  if (shift === 0 || !Number.isFinite(value)) return value;
  const product = value * POWERS_OF_TEN[shift]!;
  const nearest = Math.round(product);
  // The value and the product are each rounded once: an integer this close is the shifted decimal.
  const rounding = 2 * Number.EPSILON * Math.abs(nearest);
  if (nearest !== 0 && Math.abs(nearest) < 1e12 && Math.abs(product - nearest) <= rounding) return nearest;
  const [digits, exponent = "0"] = String(value).split("e");
  return Number(`${digits}e${Number(exponent) + shift}`);
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}
