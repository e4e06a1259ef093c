import { DirectedGraph } from "graphology";

/** Edges by the ids of their ends; between two nodes at most one counts. */
export interface NamedEdge {
  readonly source: string;
  readonly target: string;
}

/** The same nodes and edges as a graph of graphology. */
export function graphologyGraph(nodes: readonly { readonly id: string }[], edges: readonly NamedEdge[]): DirectedGraph {
  const graph = new DirectedGraph();
  for (const { id } of nodes) graph.addNode(id);
  for (const { source, target } of edges) graph.mergeEdge(source, target);
  return graph;
}

/**
 * Kahn's algorithm over graphology's own iteration, by generation, as `topologicalGenerations` of graphology-dag gives
 * it. A plain array is the queue, which is no slower than the deque there.
 */
export function graphologyGenerations(graph: DirectedGraph): string[][] {
  const waitingFor: Record<string, number> = {};
  let open = 0;
  let generation: string[] = [];
  graph.forEachNode((node) => {
    const count = graph.inDegree(node);
    if (count === 0) generation.push(node);
    else waitingFor[node] = count;
    open += count;
  });
  const generations: string[][] = [];
  while (generation.length > 0) {
    const following: string[] = [];
    const visit = (neighbor: string) => {
      open--;
      const left = waitingFor[neighbor]! - 1;
      waitingFor[neighbor] = left;
      if (left === 0) following.push(neighbor);
    };
    for (const node of generation) graph.forEachOutNeighbor(node, visit);
    generations.push(generation);
    generation = following;
  }
  if (open !== 0) throw new Error("the graph has a cycle");
  return generations;
}
