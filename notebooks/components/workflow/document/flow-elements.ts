import type { Edge, Node } from "npm:@xyflow/react";
import type { WorkflowDefinition, WorkflowEdge, WorkflowNode } from "../../../engine/workflow/workflow-definition.js";
import { LOOP_TYPE } from "../../../engine/workflow/workflow-graph.js";

/** A node as React Flow draws it. Of the workflow it only carries the node itself. */
export type FlowNode = Node<{ readonly node: WorkflowNode }>;
export type FlowEdge = Edge;

/** Which component draws a node. */
export const CARD_KINDS = { note: "note", group: "group", [LOOP_TYPE]: "loop" } as const;

/**
 * The nodes of a definition as React Flow wants them: containers before what stands in them. A node that has not
 * changed keeps its object, with its selection and measured size, so that only changed cards are drawn again.
 */
export function flowNodes({ nodes }: WorkflowDefinition, shown: readonly FlowNode[]): FlowNode[] {
  const before = new Map(shown.map((node) => [node.id, node]));
  const containers = nodes.filter(isContainer);
  const others = nodes.filter((node) => !isContainer(node));
  return [...containers, ...others].map((node) => {
    const known = before.get(node.id);
    return known?.data.node === node ? known : flowNode(node, known);
  });
}

function isContainer({ type }: WorkflowNode): boolean {
  return type === "group" || type === LOOP_TYPE;
}

function flowNode(node: WorkflowNode, known: FlowNode | undefined): FlowNode {
  const kind = Object.hasOwn(CARD_KINDS, node.type) ? CARD_KINDS[node.type as keyof typeof CARD_KINDS] : "card";
  return {
    id: node.id,
    type: kind,
    position: { ...node.position },
    data: { node },
    ...(node.parentId !== undefined && { parentId: node.parentId }),
    ...(node.width !== undefined && { width: node.width }),
    ...(node.height !== undefined && { height: node.height }),
    ...(known?.selected && { selected: true }),
    ...(known?.measured && { measured: known.measured }),
    // Containers lie under edges, and edges under cards, whose handles they would cover.
    zIndex: kind === "card" || kind === "note" ? 2 : 0,
    ariaLabel: node.data.label || node.type,
  };
}

/** Edges as React Flow wants them, in the same way. */
export function flowEdges({ edges }: WorkflowDefinition, shown: readonly FlowEdge[]): FlowEdge[] {
  const before = new Map(shown.map((edge) => [edge.id, edge]));
  return edges.map((edge) => {
    const known = before.get(edge.id);
    return known && isSame(known, edge) ? known : { ...edge, type: "workflow", zIndex: 1 };
  });
}

function isSame(known: FlowEdge, edge: WorkflowEdge): boolean {
  return (
    known.source === edge.source &&
    known.target === edge.target &&
    known.sourceHandle === edge.sourceHandle &&
    known.targetHandle === edge.targetHandle
  );
}
