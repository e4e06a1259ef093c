import type { DirectedGraph } from "./topological-generations.js";
import type { WorkflowDefinition, WorkflowNode } from "./workflow-definition.js";

/** Begins a loop; the nodes whose `parentId` names it are its body. */
export const LOOP_TYPE = "loop.universe";
/** Gathers a column of the loop around it. */
export const COLLECT_TYPE = "loop.collect";

/** For people only: such nodes never run and have no ports. */
export function isDecoration({ type }: WorkflowNode): boolean {
  return type === "note" || type === "group";
}

/** A definition with places in its lists instead of ids. −1 stands for an id that no node has. */
export interface WorkflowGraph {
  /** The first node of each id. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** Of each edge. */
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  /** Of each node, the loop in whose body it is; −1 outside of loops. */
  readonly loopOf: Int32Array;
  readonly loops: readonly number[];
}

export function indexWorkflow({ nodes, edges }: WorkflowDefinition): WorkflowGraph {
  const indexOf = new Map<string, number>();
  const loops: number[] = [];
  let hasParents = false;
  for (let i = 0; i < nodes.length; i++) {
    const { id, type, parentId } = nodes[i]!;
    if (!indexOf.has(id)) indexOf.set(id, i);
    if (type === LOOP_TYPE) loops.push(i);
    hasParents ||= parentId !== undefined;
  }
  const sources = new Int32Array(edges.length);
  const targets = new Int32Array(edges.length);
  let former: string | undefined;
  for (let i = 0; i < edges.length; i++) {
    const { source, target } = edges[i]!;
    sources[i] = indexOf.get(source) ?? -1;
    // Edges into one node mostly stand together.
    targets[i] = target === former ? targets[i - 1]! : (indexOf.get(target) ?? -1);
    former = target;
  }
  const loopOf = new Int32Array(nodes.length).fill(-1);
  if (hasParents && loops.length > 0) {
    for (let i = 0; i < nodes.length; i++) loopOf[i] = loopAround(nodes, indexOf, i);
  }
  return { indexOf, sources, targets, loopOf, loops };
}

/** The node that a `parentId` names, when it is a loop. */
function loopAround(nodes: readonly WorkflowNode[], indexOf: ReadonlyMap<string, number>, index: number): number {
  const { parentId } = nodes[index]!;
  const parent = parentId === undefined ? undefined : indexOf.get(parentId);
  return parent !== undefined && parent !== index && nodes[parent]!.type === LOOP_TYPE ? parent : -1;
}

/**
 * What must be done before what. Beside the edges, a body waits for its loop, and what takes a loop's table waits for
 * the whole body: a barrier for each loop, after the last node, stands between the two. Arcs that come from edges have
 * the place of the edge in `edgeOf`, others −1.
 */
export function dependencyGraph(
  { nodes }: WorkflowDefinition,
  { sources, targets, loopOf, loops }: WorkflowGraph,
): DirectedGraph & { readonly edgeOf: Int32Array } {
  const nodeCount = nodes.length;
  const bodySize = loops.length === 0 ? 0 : loopOf.reduce((size, loop) => (loop < 0 ? size : size + 1), 0);
  const most = sources.length + 2 * bodySize + loops.length;
  const from = new Int32Array(most);
  const to = new Int32Array(most);
  const edgeOf = new Int32Array(most).fill(-1);
  let arcs = 0;
  const barrierOf = new Map(loops.map((loop, i) => [loop, nodeCount + i]));
  const addArc = (source: number, target: number, edge: number) => {
    from[arcs] = source;
    to[arcs] = target;
    edgeOf[arcs++] = edge;
  };
  for (let edge = 0; edge < sources.length; edge++) {
    const source = sources[edge]!;
    const target = targets[edge]!;
    if (source < 0 || target < 0) continue;
    const leavesLoop = loops.length > 0 && source !== target && loopOf[target] !== source;
    addArc(leavesLoop ? (barrierOf.get(source) ?? source) : source, target, edge);
  }
  for (const loop of loops) addArc(loop, barrierOf.get(loop)!, -1);
  if (bodySize > 0) {
    for (let node = 0; node < nodeCount; node++) {
      const loop = loopOf[node]!;
      if (loop < 0) continue;
      addArc(loop, node, -1);
      addArc(node, barrierOf.get(loop)!, -1);
    }
  }
  return {
    vertexCount: nodeCount + loops.length,
    sources: from.subarray(0, arcs),
    targets: to.subarray(0, arcs),
    edgeOf: edgeOf.subarray(0, arcs),
    barriersFrom: nodeCount,
  };
}
