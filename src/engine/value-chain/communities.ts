import louvain from "graphology-communities-louvain";
import { seededRandom } from "../statistics/seeded-random.js";
import type { ValueChainNodeId } from "./value-chain.js";
import type { ValueChainGraph } from "./value-chain-graph.js";

export interface Communities {
  /** Largest first; nodes in the graph's order. */
  readonly communities: readonly (readonly ValueChainNodeId[])[];
  /** Newman's modularity of the division, in [−0.5, 1]; `NaN` without edges. */
  readonly modularity: number;
}

/**
 * Groups of nodes with more edges among themselves than chance would give, by the method of Blondel et al. (2008,
 * "Louvain") on the directed graph, edges counting alike. Same graph and seed, same groups. Without edges each node
 * is a group of its own.
 */
export function findCommunities(graph: ValueChainGraph, { seed = 1 }: { seed?: number } = {}): Communities {
  if (graph.size === 0) return { communities: graph.nodes().map((id) => [id as ValueChainNodeId]), modularity: NaN };
  const { communities, modularity } = louvain.detailed(graph, { getEdgeWeight: null, rng: seededRandom(seed) });
  const groups = Map.groupBy(graph.nodes() as ValueChainNodeId[], (id) => communities[id]!);
  return { communities: [...groups.values()].sort((a, b) => b.length - a.length), modularity };
}
