import type { DirectedGraph } from "../topological-generations.js";

/** Vertices end to end, the first again after the last; arc `i` leads from vertex `i` to the next. */
export interface Cycle {
  readonly vertices: readonly number[];
  readonly arcs: readonly number[];
}

/**
 * Cycles that share no vertex, at least one if there is any, in time linear in vertices and arcs. `generationOf` is −1
 * within and after cycles, as `topologicalGenerations` gives it.
 */
export function findCycles({ vertexCount, sources, targets }: DirectedGraph, generationOf: Int32Array): Cycle[] {
  // Each vertex without a generation waits for another such vertex: to walk back along one arc each ends in a cycle.
  const arcBefore = new Int32Array(vertexCount).fill(-1);
  for (let arc = targets.length - 1; arc >= 0; arc--) {
    if (generationOf[sources[arc]!] === -1 && generationOf[targets[arc]!] === -1) arcBefore[targets[arc]!] = arc;
  }
  const walkOf = new Int32Array(vertexCount).fill(-1);
  const cycles: Cycle[] = [];
  for (let start = 0; start < vertexCount; start++) {
    let vertex = start;
    while (walkOf[vertex] === -1 && arcBefore[vertex]! >= 0) {
      walkOf[vertex] = start;
      vertex = sources[arcBefore[vertex]!]!;
    }
    if (walkOf[vertex] === start && arcBefore[vertex]! >= 0) cycles.push(cycleThrough(vertex, sources, arcBefore));
  }
  return cycles;
}

function cycleThrough(last: number, sources: Int32Array, arcBefore: Int32Array): Cycle {
  const arcs: number[] = [];
  let vertex = last;
  do {
    const arc = arcBefore[vertex]!;
    arcs.push(arc);
    vertex = sources[arc]!;
  } while (vertex !== last);
  arcs.reverse();
  return { vertices: arcs.map((arc) => sources[arc]!), arcs };
}
