import Graph from "npm:graphology";
import forceAtlas2 from "npm:graphology-layout-forceatlas2";
import type { LayoutGraph, Positions } from "./positions.js";
import { seededPositions } from "./seeded-positions.js";

/** From this many nodes on, far nodes repel as one (Barnes and Hut), and fewer rounds must do. */
const LARGE = 400;

/**
 * ForceAtlas2 (Jacomy et al. 2014) from seeded positions for a fixed number of rounds: the same graph always gets the
 * same picture. Strong gravity keeps parts that hang together with nothing else in sight.
 */
export function forceLayout({ ids, sources, targets }: LayoutGraph): Positions {
  const start = seededPositions(ids);
  const graph = new Graph({ type: "undirected", multi: false });
  ids.forEach((_, node) => {
    graph.addNode(node, { x: start.x[node], y: start.y[node] });
  });
  sources.forEach((source, edge) => {
    const target = targets[edge] ?? source;
    if (source !== target) graph.mergeEdge(source, target);
  });
  const isLarge = ids.length > LARGE;
  const found = forceAtlas2(graph, {
    iterations: isLarge ? 200 : 600,
    settings: {
      barnesHutOptimize: isLarge,
      linLogMode: false,
      strongGravityMode: true,
      gravity: 0.05,
      scalingRatio: 10,
      slowDown: isLarge ? 2 : 5,
    },
  });
  return {
    x: Float64Array.from(ids, (_, node) => found[node]?.x ?? 0),
    y: Float64Array.from(ids, (_, node) => found[node]?.y ?? 0),
  };
}
