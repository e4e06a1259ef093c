import dagre from "npm:@dagrejs/dagre";
import type { LayoutGraph, Positions } from "./positions.js";

/** Above this many edges an ordering that crosses few of them takes more than seconds. */
export const MOST_LAYERED_EDGES = 1_200;

/**
 * Layers from left to right (Gansner et al. 1993): what moves stands left of what it moves, so far as there is no
 * circle. Self-references and repeated edges do not count. @see MOST_LAYERED_EDGES
 */
export function layeredLayout({ ids, sources, targets }: LayoutGraph): Positions {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 90, ranker: ids.length > 150 ? "longest-path" : "tight-tree" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of ids.keys()) graph.setNode(String(node), { width: 40, height: 16 });
  sources.forEach((source, edge) => {
    const target = targets[edge] ?? source;
    if (source !== target) graph.setEdge(String(source), String(target));
  });
  dagre.layout(graph);
  const place = (node: number): { x?: number; y?: number } => graph.node(String(node)) ?? {};
  return {
    x: Float64Array.from(ids, (_, node) => place(node).x ?? 0),
    y: Float64Array.from(ids, (_, node) => -(place(node).y ?? 0)),
  };
}
