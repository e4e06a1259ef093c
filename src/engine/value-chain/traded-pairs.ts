import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import type { ValueChain, ValueChainNodeId } from "./value-chain.js";

/** Two traded instruments, one of which the value chain says to move the other. */
export interface TradedPair {
  readonly source: InstrumentSymbol;
  readonly target: InstrumentSymbol;
  /** Edges that join them: parallel ones, and those of other nodes with the same symbols. */
  readonly edgeCount: number;
}

/** The distinct pairs of symbols that edges join, in the order of the edges. An edge between nodes of one symbol is none. */
export function tradedPairs({ nodes, edges }: ValueChain, traded: ReadonlySet<string>): readonly TradedPair[] {
  const symbols = new Map<ValueChainNodeId, InstrumentSymbol>();
  for (const { id, symbol } of nodes) if (symbol !== undefined && traded.has(symbol)) symbols.set(id, symbol);
  const pairs = new Map<string, TradedPair>();
  for (const { sourceId, targetId } of edges) {
    const source = symbols.get(sourceId);
    const target = symbols.get(targetId);
    if (source === undefined || target === undefined || source === target) continue;
    const key = `${source} ${target}`;
    pairs.set(key, { source, target, edgeCount: (pairs.get(key)?.edgeCount ?? 0) + 1 });
  }
  return [...pairs.values()];
}
