import { gaussianRandom, seededRandom } from "../../src/engine/statistics/seeded-random.js";

/** How the target of a simulated pair depends on its source. */
export type Plant =
  | { readonly kind: "none" }
  | { readonly kind: "linear"; readonly lag: number; readonly correlation: number }
  | { readonly kind: "shaped"; readonly lag: number; readonly correlation: number; readonly shape: Shape };

export type Shape = (innovation: number) => number;

export interface SimulatedPair {
  readonly source: Float64Array;
  readonly target: Float64Array;
  readonly plant: Plant;
}

export const DAYS = 1250;
const BURN_IN = 100;
const TARGET_AUTOREGRESSION = 0.1;

/**
 * Daily returns as markets make them: Student's t with five degrees of freedom, GARCH(1,1) volatility, a slow
 * volatility that source and target share, and a target with an autoregression of 0.10. A plant of correlation ρ at
 * lag k makes the target's innovation ρ·f(source innovation k days before) + √(1 − ρ²)·own, f of mean 0 and variance 1.
 */
export function simulatePair(seed: number, plant: Plant, days: number = DAYS): SimulatedPair {
  const random = seededRandom(seed);
  const gaussian = gaussianRandom(random);
  const total = days + BURN_IN;
  const slow = slowVolatility(gaussian, total);
  const sourceNews = Float64Array.from({ length: total }, () => studentT5(gaussian));
  const ownNews = Float64Array.from({ length: total }, () => studentT5(gaussian));
  const targetNews = planted(sourceNews, ownNews, plant);
  const source = garchReturns(sourceNews, slow, 0);
  const target = garchReturns(targetNews, slow, TARGET_AUTOREGRESSION);
  return { source: source.subarray(BURN_IN), target: target.subarray(BURN_IN), plant };
}

/** Plants of lag 1 to 30 and correlation 0.05 to 0.5, drawn from a seed. */
export function drawLinearPlant(seed: number): Extract<Plant, { kind: "linear" }> {
  const random = seededRandom(seed);
  return { kind: "linear", lag: 1 + Math.floor(random() * 30), correlation: 0.05 + random() * 0.45 };
}

function planted(sourceNews: Float64Array, ownNews: Float64Array, plant: Plant): Float64Array {
  if (plant.kind === "none") return ownNews;
  const shape = plant.kind === "linear" ? (value: number) => value : plant.shape;
  const shaped = standardize(sourceNews.map(shape));
  const { lag, correlation } = plant;
  return ownNews.map((own, day) =>
    day < lag ? own : correlation * shaped[day - lag]! + Math.sqrt(1 - correlation ** 2) * own,
  );
}

function garchReturns(news: Float64Array, slow: Float64Array, autoregression: number): Float64Array {
  let variance = 1;
  let previousShock = 0;
  let previousReturn = 0;
  return news.map((value, day) => {
    variance = 0.05 + 0.08 * previousShock ** 2 + 0.87 * variance;
    previousShock = Math.sqrt(variance) * value;
    previousReturn = autoregression * previousReturn + 0.015 * Math.exp(slow[day]!) * previousShock;
    return previousReturn;
  });
}

function slowVolatility(gaussian: () => number, days: number): Float64Array {
  let level = 0;
  return Float64Array.from({ length: days }, () => {
    level = 0.99 * level + 0.05 * gaussian();
    return level;
  });
}

/** Student's t with five degrees of freedom, of variance 1. */
function studentT5(gaussian: () => number): number {
  let chiSquare = 0;
  const numerator = gaussian();
  for (let i = 0; i < 5; i++) chiSquare += gaussian() ** 2;
  return (numerator / Math.sqrt(chiSquare / 5)) * Math.sqrt(3 / 5);
}

function standardize(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (value - mean) / Math.sqrt(variance));
}
