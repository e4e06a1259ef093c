import { exponential } from "./portable-functions.js";

/**
 * Probability that a standard normal variate exceeds `z`: Cody's rational approximations of the error function
 * (1969), relative error below 1e-14 also in the tail. `NaN` for `NaN`.
 */
export function normalUpperTail(z: number): number {
  return 0.5 * complementaryErrorFunction(z / Math.SQRT2);
}

/** Probability that a standard normal variate lies farther from zero than `z`. */
export function normalTwoSided(z: number): number {
  return complementaryErrorFunction(Math.abs(z) / Math.SQRT2);
}

const SMALL = {
  numerator: [3.161123743870566, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315],
  denominator: [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
} as const;
const MIDDLE = {
  numerator: [
    0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
    2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
  ],
  denominator: [
    15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
    3439.3676741437216, 1230.3393548037495,
  ],
} as const;
const LARGE = {
  numerator: [
    0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
    0.016315387137302097,
  ],
  denominator: [2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
} as const;

function complementaryErrorFunction(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return 1 - x * evenRatio(x * x);
  const tail = exponential(-size * size) * (size <= 4 ? middleRatio(size) : largeRatio(size));
  return x < 0 ? 2 - tail : tail;
}

function evenRatio(square: number): number {
  const [a0, a1, a2, a3, a4] = SMALL.numerator;
  const [b0, b1, b2, b3] = SMALL.denominator;
  const top = (((a4 * square + a0) * square + a1) * square + a2) * square + a3;
  const bottom = (((square + b0) * square + b1) * square + b2) * square + b3;
  return top / bottom;
}

function middleRatio(x: number): number {
  const { numerator, denominator } = MIDDLE;
  let top = numerator[8] * x;
  let bottom = x;
  for (let i = 0; i < 7; i++) {
    top = (top + numerator[i]!) * x;
    bottom = (bottom + denominator[i]!) * x;
  }
  return (top + numerator[7]) / (bottom + denominator[7]);
}

function largeRatio(x: number): number {
  const { numerator, denominator } = LARGE;
  const inverseSquare = 1 / (x * x);
  let top = numerator[5] * inverseSquare;
  let bottom = inverseSquare;
  for (let i = 0; i < 4; i++) {
    top = (top + numerator[i]!) * inverseSquare;
    bottom = (bottom + denominator[i]!) * inverseSquare;
  }
  const correction = (inverseSquare * (top + numerator[4])) / (bottom + denominator[4]);
  return (1 / Math.sqrt(Math.PI) - correction) / x;
}
