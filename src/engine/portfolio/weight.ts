import { WorkbenchError } from "../errors.js";

/** A share of the equity, as a fraction, for a symbol. */
export interface SymbolWeight {
  readonly symbol: string;
  readonly weight: number;
}

/** Above one by rounding alone. */
const ROUNDING = 1e-9;

/**
 * @throws ARGUMENT_INVALID for a symbol that comes twice, a weight that is no number from 0 up, or weights that add up
 * to more than 1
 */
export function requireLongOnlyWeights(weights: readonly SymbolWeight[]): void {
  const seen = new Set<string>();
  let total = 0;
  for (const { symbol, weight } of weights) {
    if (seen.has(symbol)) throw invalidWeight(`${symbol} comes twice`, "each symbol once");
    if (!(weight >= 0 && weight < Infinity)) throw invalidWeight(`${weight} of ${symbol}`, "a number from 0 up");
    seen.add(symbol);
    total += weight;
  }
  if (total > 1 + ROUNDING) throw invalidWeight(`${total} in all`, "at most 1");
}

function invalidWeight(problem: string, accepted: string): WorkbenchError {
  return new WorkbenchError("ARGUMENT_INVALID", `invalid weights: ${problem} (accepted: ${accepted})`);
}
