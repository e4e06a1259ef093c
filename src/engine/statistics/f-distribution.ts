import { exponential, logarithm } from "./portable-functions.js";

/**
 * Probability that Fisher's F with these degrees of freedom exceeds `f`, by the regularised incomplete beta function
 * (DLMF 8.17). 1 for `f` of zero or less; `NaN` when a degree of freedom is not positive.
 */
export function fUpperTail(f: number, numeratorFreedom: number, denominatorFreedom: number): number {
  if (!(numeratorFreedom > 0 && denominatorFreedom > 0)) return NaN;
  if (!(f > 0)) return Number.isNaN(f) ? NaN : 1;
  const x = denominatorFreedom / (denominatorFreedom + numeratorFreedom * f);
  return regularizedIncompleteBeta(x, denominatorFreedom / 2, numeratorFreedom / 2);
}

function regularizedIncompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = exponential(logGamma(a + b) - logGamma(a) - logGamma(b) + a * logarithm(x) + b * logarithm(1 - x));
  // The continued fraction converges fast on the side of the mean where it is used.
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(x, a, b)) / a
    : 1 - (front * continuedFraction(1 - x, b, a)) / b;
}

const ITERATIONS = 500;
const PRECISION = 1e-15;
const TINY = 1e-300;

/** Lentz's evaluation of DLMF 8.17.22. */
function continuedFraction(x: number, a: number, b: number): number {
  const away = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= ITERATIONS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < PRECISION) break;
  }
  return fraction;
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
] as const;

/** ln Γ(x) for x > 0: Lanczos' approximation with g = 7 (1964), relative error near 1e-15. */
function logGamma(x: number): number {
  const shifted = x - 1;
  let sum = 0.9999999999998099;
  LANCZOS.forEach((coefficient, i) => {
    sum += coefficient / (shifted + i + 1);
  });
  const t = shifted + LANCZOS.length - 0.5;
  return 0.5 * logarithm(2 * Math.PI) + (shifted + 0.5) * logarithm(t) - t + logarithm(sum);
}
