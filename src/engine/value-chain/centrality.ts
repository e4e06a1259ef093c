import { UndirectedGraph } from "graphology";
import betweenness from "graphology-metrics/centrality/betweenness.js";
import eigenvector from "graphology-metrics/centrality/eigenvector.js";
import pagerank from "graphology-metrics/centrality/pagerank.js";
import type { ValueChainNodeId } from "./value-chain.js";
import { nodesOf, type ValueChainGraph } from "./value-chain-graph.js";

export interface NodeCentrality {
  readonly nodeId: ValueChainNodeId;
  readonly inDegree: number;
  readonly outDegree: number;
  /** Share of the shortest directed paths between other nodes that pass through, in [0, 1]. */
  readonly betweenness: number;
  /** Weight that collects along the arrows, damping 0.85; the nodes' sum to 1. */
  readonly pageRank: number;
  /** Entry of the leading eigenvector of the undirected graph, of length 1. */
  readonly eigenvector: number;
}

/**
 * Degree, betweenness (Brandes 2001), PageRank and eigenvector centrality (Bonacich 1987) of every node, in the
 * graph's order. Edges count alike; parallel ones count once for the eigenvector, which goes over the undirected graph
 * because a directed one without cycles has none. `NaN` where an iteration does not converge; empty for no nodes.
 */
export function centralities(graph: ValueChainGraph): NodeCentrality[] {
  if (graph.order === 0) return [];
  const between = betweenness(graph, { getEdgeWeight: null });
  const ranks = whereItConverges(() => pagerank(graph, { getEdgeWeight: null, maxIterations: 1_000 }));
  const leading = whereItConverges(() =>
    eigenvector(undirected(graph), { getEdgeWeight: null, maxIterations: 10_000, tolerance: 1e-9 }),
  );
  return nodesOf(graph).map(({ id }) => ({
    nodeId: id,
    inDegree: graph.inDegree(id),
    outDegree: graph.outDegree(id),
    betweenness: between[id]!,
    pageRank: ranks?.[id] ?? Number.NaN,
    eigenvector: leading?.[id] ?? Number.NaN,
  }));
}

function undirected(graph: ValueChainGraph): UndirectedGraph {
  const simple = new UndirectedGraph();
  graph.forEachNode((id) => simple.addNode(id));
  graph.forEachEdge((_edge, _attributes, source, target) => simple.mergeEdge(source, target));
  return simple;
}

/** graphology gives up with an exception. */
function whereItConverges<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}
