/** Arcs between vertices that are counted from 0. */
export interface DirectedGraph {
  readonly vertexCount: number;
  /** Where each arc begins, and, in the same place of `targets`, where it ends. */
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  /** Vertices from this one on only hold others back: they have no generation of their own. Default: none. */
  readonly barriersFrom?: number;
}

export interface Generations {
  /** Of each vertex, from 0: one more than the highest among its predecessors; −1 within and after a cycle. */
  readonly generationOf: Int32Array;
  /** Vertices by generation, ascending within each. Barriers and vertices within or after a cycle are left out. */
  readonly generations: readonly (readonly number[])[];
}

/**
 * Vertices in the order of dependence, grouped by the longest path that leads to each, in time linear in vertices and
 * arcs. Kahn, "Topological sorting of large networks" (1962).
 */
export function topologicalGenerations(graph: DirectedGraph, adjacency = adjacencyOf(graph)): Generations {
  const { vertexCount, targets, barriersFrom = vertexCount } = graph;
  const { offsets, successors } = adjacency;
  const waitingFor = new Int32Array(vertexCount);
  for (let arc = 0; arc < targets.length; arc++) waitingFor[targets[arc]!]!++;

  const generationOf = new Int32Array(vertexCount).fill(-1);
  const earliest = new Int32Array(vertexCount);
  const queue = new Int32Array(vertexCount);
  let queued = 0;
  for (let vertex = 0; vertex < vertexCount; vertex++) if (waitingFor[vertex] === 0) queue[queued++] = vertex;
  let highest = -1;
  for (let next = 0; next < queued; next++) {
    const vertex = queue[next]!;
    const generation = earliest[vertex]!;
    generationOf[vertex] = generation;
    const isBarrier = vertex >= barriersFrom;
    if (!isBarrier && generation > highest) highest = generation;
    const following = isBarrier ? generation : generation + 1;
    for (let at = offsets[vertex]!; at < offsets[vertex + 1]!; at++) {
      const successor = successors[at]!;
      if (earliest[successor]! < following) earliest[successor] = following;
      if (--waitingFor[successor]! === 0) queue[queued++] = successor;
    }
  }

  const generations: number[][] = Array.from({ length: highest + 1 }, () => []);
  for (let vertex = 0; vertex < barriersFrom; vertex++) {
    if (generationOf[vertex]! >= 0) generations[generationOf[vertex]!]!.push(vertex);
  }
  return { generationOf, generations };
}

/** Successors of vertex `v` are those from `offsets[v]` to before `offsets[v + 1]`. */
export interface Adjacency {
  readonly offsets: Int32Array;
  readonly successors: Int32Array;
}

export function adjacencyOf({ vertexCount, sources, targets }: DirectedGraph): Adjacency {
  const offsets = new Int32Array(vertexCount + 1);
  for (let arc = 0; arc < sources.length; arc++) offsets[sources[arc]! + 1]!++;
  for (let vertex = 0; vertex < vertexCount; vertex++) offsets[vertex + 1]! += offsets[vertex]!;
  const successors = new Int32Array(sources.length);
  const filled = offsets.slice(0, vertexCount);
  for (let arc = 0; arc < sources.length; arc++) successors[filled[sources[arc]!]!++] = targets[arc]!;
  return { offsets, successors };
}
