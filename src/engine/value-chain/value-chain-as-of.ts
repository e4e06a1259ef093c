import type { TradingDate } from "../units/trading-date.js";
import type { Validity, ValueChain } from "./value-chain.js";

/** The graph on one day: nodes valid on it, and edges valid on it whose two ends are. */
export function valueChainAsOf({ nodes, edges }: ValueChain, date: TradingDate): ValueChain {
  const validNodes = nodes.filter((node) => isValidOn(node, date));
  const ids = new Set(validNodes.map(({ id }) => id));
  return {
    nodes: validNodes,
    edges: edges.filter((edge) => isValidOn(edge, date) && ids.has(edge.sourceId) && ids.has(edge.targetId)),
  };
}

function isValidOn({ validFrom, validTo }: Validity, date: TradingDate): boolean {
  return (validFrom === undefined || validFrom <= date) && (validTo === undefined || date <= validTo);
}
