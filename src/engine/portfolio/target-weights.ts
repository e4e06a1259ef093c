import { WorkbenchError } from "../errors.js";
import type { SymbolWeight } from "./weight.js";

/** The same weight for each symbol, `total` in all; none for no symbols. */
export function equalWeights(symbols: readonly string[], total = 1): SymbolWeight[] {
  return symbols.map((symbol) => ({ symbol, weight: total / symbols.length }));
}

/**
 * Weights in proportion to 1 / volatility, `total` in all. Volatilities are of one horizon, aligned with the symbols.
 * @throws SERIES_CONSTANT for a volatility that is not positive
 */
export function inverseVolatilityWeights(
  symbols: readonly string[],
  volatilities: ArrayLike<number>,
  total = 1,
): SymbolWeight[] {
  const inverses = symbols.map((symbol, i) => {
    const volatility = volatilities[i]!;
    if (volatility > 0 && volatility < Infinity) return 1 / volatility;
    throw new WorkbenchError("SERIES_CONSTANT", `invalid volatility of ${symbol}: ${volatility} (accepted: above 0)`, {
      details: { symbol, volatility },
    });
  });
  return inProportion(symbols, inverses, total);
}

export interface SymbolScore {
  readonly symbol: string;
  /** Only positive scores get a weight. */
  readonly score: number;
}

/** `equal`: the same for each; `proportional`: by the score; `rank`: n shares for the best, 1 for the last. */
export type ScoreMethod = "equal" | "proportional" | "rank";

/**
 * Weights of the symbols with a positive score, best first, `total` in all; equal scores keep their order. At most the
 * `most` best, all when 0. None when no score is positive.
 */
export function scoreWeights(
  scores: readonly SymbolScore[],
  { method, most = 0, total = 1 }: { readonly method: ScoreMethod; readonly most?: number; readonly total?: number },
): SymbolWeight[] {
  const best = scores.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
  const kept = most > 0 ? best.slice(0, most) : best;
  const symbols = kept.map(({ symbol }) => symbol);
  if (method === "equal") return equalWeights(symbols, total);
  const parts = kept.map(({ score }, place) => (method === "rank" ? kept.length - place : score));
  return inProportion(symbols, parts, total);
}

/**
 * Weights of which none is above `most`. What is cut off goes to the others in proportion to their weights, until none
 * is above it; what no weight can take stays out. Weights of 0 stay 0. Weights must not be negative.
 */
export function capWeights(weights: readonly SymbolWeight[], most: number): SymbolWeight[] {
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  const isCapped = weights.map(() => false);
  for (;;) {
    const free = weights.reduce((sum, { weight }, i) => (isCapped[i] ? sum : sum + weight), 0);
    const left = total - most * isCapped.filter(Boolean).length;
    const factor = free > 0 ? left / free : 0;
    const over = weights.findIndex(({ weight }, i) => !isCapped[i] && weight * factor > most);
    if (over < 0)
      return weights.map(({ symbol, weight }, i) => ({ symbol, weight: isCapped[i] ? most : weight * factor }));
    weights.forEach(({ weight }, i) => {
      if (!isCapped[i] && weight * factor > most) isCapped[i] = true;
    });
  }
}

function inProportion(symbols: readonly string[], parts: readonly number[], total: number): SymbolWeight[] {
  const sum = parts.reduce((all, part) => all + part, 0);
  return symbols.map((symbol, i) => ({ symbol, weight: (total * parts[i]!) / sum }));
}
