import dagre from "npm:@dagrejs/dagre";
import type { WorkflowDefinition, WorkflowNode } from "../../../engine/workflow/workflow-definition.js";
import type { Placement } from "./edit-workflow.js";

interface Size {
  readonly width: number;
  readonly height: number;
}

const INSIDE = { left: 32, top: 64, right: 32, bottom: 32 };

/**
 * Places from left to right, layer by layer (Gansner et al. 1993). What stands in a container is laid out within it
 * first, and the container then counts as one node of the size that this took. Notes keep their places.
 */
export function autoLayout(
  { nodes, edges }: WorkflowDefinition,
  sizeOf: (id: string) => Size,
): ReadonlyMap<string, Placement> {
  const places = new Map<string, Placement>();
  const sizes = new Map<string, Size>();
  const parentOf = new Map(nodes.map(({ id, parentId }) => [id as string, parentId as string | undefined]));
  const containers = new Set(nodes.flatMap(({ parentId }) => (parentId === undefined ? [] : [parentId as string])));
  const laidOut = (members: readonly WorkflowNode[], parent: string | undefined): Size => {
    const shown = members.filter(({ type }) => type !== "note");
    const standsFor = standInFor(shown, parentOf);
    const graph = new dagre.graphlib.Graph();
    graph.setGraph({
      rankdir: "LR",
      nodesep: 28,
      ranksep: 72,
      ranker: shown.length > 300 ? "longest-path" : "tight-tree",
    });
    graph.setDefaultEdgeLabel(() => ({}));
    for (const { id } of shown) graph.setNode(id, { ...(sizes.get(id) ?? sizeOf(id)) });
    for (const { source, target } of edges) {
      const from = standsFor(source);
      const to = standsFor(target);
      if (from !== undefined && to !== undefined && from !== to) graph.setEdge(from, to);
    }
    dagre.layout(graph);
    const shift = parent === undefined ? { left: 0, top: 0 } : INSIDE;
    let width = 0;
    let height = 0;
    for (const { id } of shown) {
      const box = graph.node(id) as Size & { x: number; y: number };
      const position = {
        x: Math.round(box.x - box.width / 2 + shift.left),
        y: Math.round(box.y - box.height / 2 + shift.top),
      };
      places.set(id, { position, ...sizes.get(id) });
      width = Math.max(width, position.x + box.width);
      height = Math.max(height, position.y + box.height);
    }
    return { width: width + INSIDE.right, height: height + INSIDE.bottom };
  };
  for (const id of containers) {
    sizes.set(
      id,
      laidOut(
        nodes.filter(({ parentId }) => parentId === id),
        id,
      ),
    );
  }
  laidOut(
    nodes.filter(({ parentId }) => parentId === undefined),
    undefined,
  );
  return places;
}

/** Of a node, the one of these that it is or stands in. */
function standInFor(shown: readonly WorkflowNode[], parentOf: ReadonlyMap<string, string | undefined>) {
  const ids = new Set<string>(shown.map(({ id }) => id));
  return (id: string): string | undefined => {
    if (ids.has(id)) return id;
    const parent = parentOf.get(id);
    return parent !== undefined && ids.has(parent) ? parent : undefined;
  };
}
