import { stronglyConnectedComponents } from "graphology-components";
import type { ValueChainEdgeId, ValueChainNodeId } from "./value-chain.js";
import { edgeOf, type ValueChainGraph } from "./value-chain-graph.js";

/** Nodes each of which leads to every other: a strongly connected component of two nodes or more. */
export interface ValueChainCycle {
  /** By id. */
  readonly nodeIds: readonly ValueChainNodeId[];
  /** A shortest cycle through the first node, end to end. */
  readonly exampleEdgeIds: readonly ValueChainEdgeId[];
}

/** The components in which effects can return to where they began, largest first; empty for a graph without cycles. */
export function findCycles(graph: ValueChainGraph): ValueChainCycle[] {
  return stronglyConnectedComponents(graph)
    .filter((component) => component.length > 1)
    .map((component) => {
      const nodeIds = (component as ValueChainNodeId[]).sort();
      return { nodeIds, exampleEdgeIds: shortestCycle(graph, nodeIds[0]!) };
    })
    .sort((a, b) => b.nodeIds.length - a.nodeIds.length || (a.nodeIds[0]! < b.nodeIds[0]! ? -1 : 1));
}

function shortestCycle(graph: ValueChainGraph, startId: ValueChainNodeId): ValueChainEdgeId[] {
  const arrivals = new Map<ValueChainNodeId, ValueChainEdgeId>();
  const queue = [startId];
  // A strongly connected node is reached again, which ends the search.
  for (const nodeId of queue) {
    for (const edgeId of graph.outEdges(nodeId) as ValueChainEdgeId[]) {
      const { targetId } = edgeOf(graph, edgeId);
      if (arrivals.has(targetId)) continue;
      arrivals.set(targetId, edgeId);
      if (targetId === startId) return backFrom(graph, startId, arrivals);
      queue.push(targetId);
    }
  }
  return [];
}

function backFrom(
  graph: ValueChainGraph,
  startId: ValueChainNodeId,
  arrivals: ReadonlyMap<ValueChainNodeId, ValueChainEdgeId>,
): ValueChainEdgeId[] {
  const edgeIds: ValueChainEdgeId[] = [];
  let at = startId;
  do {
    const edgeId = arrivals.get(at)!;
    edgeIds.unshift(edgeId);
    at = edgeOf(graph, edgeId).sourceId;
  } while (at !== startId);
  return edgeIds;
}
