import { type Adjacency, adjacencyOf, type DirectedGraph, topologicalGenerations } from "../topological-generations.js";
import { dependencyGraph, isDecoration } from "../workflow-graph.js";
import type { NodeId } from "../workflow-ids.js";
import { type Examination, report } from "./examination.js";
import { findCycles } from "./find-cycles.js";

const LONGEST_PATH_SHOWN = 20;

/**
 * One trigger, from which everything is reached, and no way back. Returns the nodes by generation; what is in a cycle or
 * behind one is in none.
 */
export function checkOrder(examination: Examination): NodeId[][] {
  const { definition, graph } = examination;
  const dependencies = dependencyGraph(definition, graph);
  const adjacency = adjacencyOf(dependencies);
  const { generationOf, generations } = topologicalGenerations(dependencies, adjacency);
  reportCycles(examination, dependencies, generationOf);
  checkTriggers(examination, adjacency);
  const ordered: NodeId[][] = [];
  for (const places of generations) {
    const ids: NodeId[] = [];
    for (const place of places) {
      const node = definition.nodes[place]!;
      if (!isDecoration(node)) ids.push(node.id);
    }
    if (ids.length > 0) ordered.push(ids);
  }
  return ordered;
}

function reportCycles(
  examination: Examination,
  dependencies: DirectedGraph & { readonly edgeOf: Int32Array },
  generationOf: Int32Array,
): void {
  if (!generationOf.includes(-1)) return;
  const { nodes, edges } = examination.definition;
  // What waits at the barrier of a loop waits for the loop.
  const nodeAt = (vertex: number) => nodes[examination.graph.loops[vertex - nodes.length] ?? vertex]!;
  for (const { vertices, arcs } of findCycles(dependencies, generationOf)) {
    const nodeIds = [...new Set(vertices.map((vertex) => nodeAt(vertex).id))];
    const path = [
      ...nodeIds.slice(0, LONGEST_PATH_SHOWN),
      ...(nodeIds.length > LONGEST_PATH_SHOWN ? ["…"] : []),
      nodeIds[0],
    ];
    report(examination, "CYCLE", `cycle ${path.join(" → ")} (accepted: edges that never lead back)`, {
      nodeIds,
      edgeIds: arcs.flatMap((arc) => (dependencies.edgeOf[arc]! < 0 ? [] : [edges[dependencies.edgeOf[arc]!]!.id])),
    });
  }
}

function checkTriggers(examination: Examination, adjacency: Adjacency): void {
  const { definition } = examination;
  const triggers: number[] = [];
  for (let i = 0; i < definition.nodes.length; i++) if (isTrigger(examination, i)) triggers.push(i);
  if (triggers.length === 0) {
    report(examination, "TRIGGER_MISSING", "no node is a trigger (accepted: exactly one, such as trigger.manual)", {});
    return;
  }
  if (triggers.length > 1) {
    const nodeIds = triggers.map((trigger) => definition.nodes[trigger]!.id);
    const names = nodeIds.slice(0, LONGEST_PATH_SHOWN).join(", ");
    report(examination, "TRIGGER_AMBIGUOUS", `${nodeIds.length} triggers: ${names} (accepted: exactly one)`, {
      nodeIds,
    });
  }
  const isReached = reachedFrom(triggers, adjacency);
  for (let i = 0; i < definition.nodes.length; i++) {
    const node = definition.nodes[i]!;
    if (isReached[i] === 1 || isDecoration(node)) continue;
    report(examination, "NODE_UNREACHABLE", `node ${node.id}: no path leads to it (accepted: one from the trigger)`, {
      nodeIds: [node.id],
    });
  }
}

/** A trigger of an unknown version is still a trigger. */
function isTrigger({ definition, catalogue, facts }: Examination, index: number): boolean {
  const known = facts[index];
  if (known) return known.isTrigger;
  const { type } = definition.nodes[index]!;
  const [version] = catalogue.versions(type);
  return version !== undefined && catalogue.find(type, version)?.category === "trigger";
}

function reachedFrom(starts: readonly number[], { offsets, successors }: Adjacency): Uint8Array {
  const isReached = new Uint8Array(offsets.length - 1);
  const queue = new Int32Array(offsets.length - 1);
  let queued = 0;
  for (const start of starts) {
    isReached[start] = 1;
    queue[queued++] = start;
  }
  for (let next = 0; next < queued; next++) {
    const vertex = queue[next]!;
    for (let at = offsets[vertex]!; at < offsets[vertex + 1]!; at++) {
      const successor = successors[at]!;
      if (isReached[successor] === 1) continue;
      isReached[successor] = 1;
      queue[queued++] = successor;
    }
  }
  return isReached;
}
