import { centralities } from "../../engine/value-chain/centrality.js";
import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import { buildValueChainGraph } from "../../engine/value-chain/value-chain-graph.js";
import { edgeEnds } from "./chain-scene.js";

export const CENTRALITIES = [
  { value: "degree", label: "Edges", inWords: "number of edges" },
  { value: "pagerank", label: "PageRank", inWords: "PageRank along the arrows" },
  { value: "betweenness", label: "Betweenness", inWords: "share of shortest paths through it" },
] as const;

export type CentralityName = (typeof CENTRALITIES)[number]["value"];

export function isCentralityName(text: string): boolean {
  return CENTRALITIES.some(({ value }) => value === text);
}

/** Importance of every node of the chain, in its order; one that cannot be computed counts as 0. */
export function importances(chain: ValueChain, name: CentralityName): Float64Array {
  if (name === "degree") return degrees(chain);
  const key = name === "pagerank" ? "pageRank" : "betweenness";
  return Float64Array.from(centralities(buildValueChainGraph(chain)), (each) => each[key] || 0);
}

function degrees(chain: ValueChain): Float64Array {
  const { sources, targets } = edgeEnds(chain);
  const counts = new Float64Array(chain.nodes.length);
  for (const ends of [sources, targets]) for (const node of ends) counts[node] = (counts[node] ?? 0) + 1;
  return counts;
}
