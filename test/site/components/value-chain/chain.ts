import type {
  ValueChain,
  ValueChainEdge,
  ValueChainEdgeId,
  ValueChainNode,
  ValueChainNodeId,
} from "../../../../notebooks/engine/value-chain/value-chain.js";

/** A node with what a test says of it; a company without a symbol unless said otherwise. */
export function node(id: string, said: Partial<ValueChainNode> = {}): ValueChainNode {
  const validity = { validFrom: undefined, validTo: undefined };
  return {
    id: id as ValueChainNodeId,
    name: id,
    kind: "company",
    sector: undefined,
    symbol: undefined,
    ...validity,
    ...said,
  };
}

/** An edge from one node to another, with what a test says of it. */
export function edge(sourceId: string, targetId: string, said: Partial<ValueChainEdge> = {}): ValueChainEdge {
  return {
    id: `${sourceId}--${targetId}` as ValueChainEdgeId,
    sourceId: sourceId as ValueChainNodeId,
    targetId: targetId as ValueChainNodeId,
    kind: "input-of",
    sign: 1,
    confidence: "high",
    rationale: "because",
    source: "a book",
    sourceDate: undefined,
    validFrom: undefined,
    validTo: undefined,
    ...said,
  };
}

/** Ore and coal go into steel; steel competes with mill; rain stands alone. */
export const STEEL: ValueChain = {
  nodes: [
    node("ore", { kind: "commodity", sector: "metals", name: "Iron ore" }),
    node("coal", { kind: "commodity", sector: "metals" }),
    node("steel", { sector: "steel", name: "Hòa Phát", symbol: "HPG" as ValueChainNode["symbol"] }),
    node("mill", { sector: "steel", name: "Hoa Sen", symbol: "HSG" as ValueChainNode["symbol"] }),
    node("rain", { kind: "weather", name: "Rain" }),
  ],
  edges: [
    edge("ore", "steel", { sign: -1 }),
    edge("coal", "steel", { sign: -1, confidence: "low" }),
    edge("steel", "mill", { kind: "competitor-of", confidence: "medium" }),
  ],
};
