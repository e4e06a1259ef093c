import { MultiDirectedGraph } from "graphology";
import { WorkbenchError } from "../errors.js";
import type { ValueChainEdge, ValueChainEdgeId, ValueChainNode, ValueChainNodeId } from "./value-chain.js";
import type { ValueChainDraft } from "./value-chain-draft.js";
import { requireValueChain } from "./value-chain-problems.js";

type NodeAttributes = { readonly node: ValueChainNode };
type EdgeAttributes = { readonly edge: ValueChainEdge };

/** A value chain as a directed multigraph whose keys are the ids. No function of the engine changes it. */
export type ValueChainGraph = MultiDirectedGraph<NodeAttributes, EdgeAttributes>;

/** Validates a draft and joins it up. @throws VALUE_CHAIN_INVALID with every problem */
export function buildValueChainGraph(draft: ValueChainDraft): ValueChainGraph {
  const { nodes, edges } = requireValueChain(draft);
  const graph: ValueChainGraph = new MultiDirectedGraph<NodeAttributes, EdgeAttributes>();
  for (const node of nodes) graph.addNode(node.id, { node });
  for (const edge of edges) graph.addDirectedEdgeWithKey(edge.id, edge.sourceId, edge.targetId, { edge });
  return graph;
}

/** @throws NOT_FOUND */
export function requireNode(graph: ValueChainGraph, id: ValueChainNodeId): ValueChainNode {
  if (graph.hasNode(id)) return graph.getNodeAttribute(id, "node");
  throw new WorkbenchError("NOT_FOUND", `unknown node: ${id} (accepted: the id of a node of this value chain)`, {
    details: { id },
  });
}

export function edgeOf(graph: ValueChainGraph, id: ValueChainEdgeId): ValueChainEdge {
  return graph.getEdgeAttribute(id, "edge");
}

export function nodesOf(graph: ValueChainGraph): ValueChainNode[] {
  return graph.mapNodes((_, { node }) => node);
}

export function edgesOf(graph: ValueChainGraph): ValueChainEdge[] {
  return graph.mapEdges((_, { edge }) => edge);
}
