import type { ValueChain, ValueChainNode } from "../../engine/value-chain/value-chain.js";
import { EDGE_KIND_LABELS, nodesById, shortName, signInWords } from "../value-chain/chain-words.js";

/** An edge of the value chain whose ends both have prices. */
export interface ChainPair {
  readonly source: string;
  readonly target: string;
  /** Kinds and signs of all edges between the two. */
  readonly reason: string;
  readonly label: string;
}

/** Pairs that the value chain gives a reason to study, by source and target; several edges of a pair are one. */
export function chainPairs(chain: ValueChain, priced: (symbol: string) => boolean): ChainPair[] {
  const nodes = nodesById(chain);
  const pairs = new Map<string, { ends: readonly [ValueChainNode, ValueChainNode]; reasons: Set<string> }>();
  for (const { sourceId, targetId, kind, sign } of chain.edges) {
    const [source, target] = [nodes.get(sourceId), nodes.get(targetId)];
    if (!source?.symbol || !target?.symbol || source.symbol === target.symbol) continue;
    if (!priced(source.symbol) || !priced(target.symbol)) continue;
    const key = `${source.symbol} ${target.symbol}`;
    const pair = pairs.get(key) ?? { ends: [source, target], reasons: new Set() };
    pair.reasons.add(`${EDGE_KIND_LABELS[kind].toLowerCase()}, ${signInWords(sign)}`);
    pairs.set(key, pair);
  }
  return [...pairs.values()]
    .map(({ ends: [source, target], reasons }): ChainPair => {
      const reason = [...reasons].join("; ");
      return {
        source: source.symbol ?? "",
        target: target.symbol ?? "",
        reason,
        label: `${shortName(source)} → ${shortName(target)} · ${reason}`,
      };
    })
    .sort((a, b) => a.label.localeCompare(b.label));
}
