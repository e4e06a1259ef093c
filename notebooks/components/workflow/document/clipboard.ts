import type { WorkflowDefinition, WorkflowEdge, WorkflowNode } from "../../../engine/workflow/workflow-definition.js";
import type { EdgeId, NodeId } from "../../../engine/workflow/workflow-ids.js";
import { freshId, type Point } from "./edit-workflow.js";

/** A part of a workflow as text, so that it can be carried to another tab or kept in a file. */
interface Clip {
  readonly kind: "quantflow-workflow-part";
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly WorkflowEdge[];
}

/** These nodes, what stands in them, and the edges among them. Undefined when there are none. */
export function copyNodes(definition: WorkflowDefinition, nodeIds: ReadonlySet<string>): string | undefined {
  const chosen = new Set<string>(nodeIds);
  for (const { id, parentId } of definition.nodes) if (parentId !== undefined && nodeIds.has(parentId)) chosen.add(id);
  const nodes = definition.nodes.filter(({ id }) => chosen.has(id));
  if (nodes.length === 0) return undefined;
  const edges = definition.edges.filter(({ source, target }) => chosen.has(source) && chosen.has(target));
  return JSON.stringify({ kind: "quantflow-workflow-part", nodes, edges } satisfies Clip);
}

/** The definition with a copy of the part, moved by an offset, under fresh ids. Undefined for any other text. */
export function pasteNodes(
  definition: WorkflowDefinition,
  text: string,
  offset: Point,
): { readonly definition: WorkflowDefinition; readonly nodeIds: readonly NodeId[] } | undefined {
  const clip = readClip(text);
  if (clip === undefined) return undefined;
  const takenNodes = new Set<string>(definition.nodes.map(({ id }) => id));
  const takenEdges = new Set<string>(definition.edges.map(({ id }) => id));
  const renamed = new Map<string, NodeId>();
  for (const { id } of clip.nodes) {
    const fresh = freshId("n", takenNodes) as NodeId;
    takenNodes.add(fresh);
    renamed.set(id, fresh);
  }
  const nodes = clip.nodes.map((node): WorkflowNode => {
    const { parentId, ...bare } = node;
    const parent = parentId === undefined ? undefined : renamed.get(parentId);
    const position = parent ? node.position : { x: node.position.x + offset.x, y: node.position.y + offset.y };
    return { ...bare, id: renamed.get(node.id) as NodeId, position, ...(parent && { parentId: parent }) };
  });
  const edges = clip.edges.flatMap((edge): WorkflowEdge[] => {
    const source = renamed.get(edge.source);
    const target = renamed.get(edge.target);
    if (source === undefined || target === undefined) return [];
    const id = freshId("e", takenEdges) as EdgeId;
    takenEdges.add(id);
    return [{ ...edge, id, source, target }];
  });
  return {
    definition: {
      ...definition,
      nodes: [...definition.nodes, ...nodes],
      edges: [...definition.edges, ...edges],
    },
    nodeIds: [...renamed.values()],
  };
}

function readClip(text: string): Clip | undefined {
  try {
    const clip = JSON.parse(text) as Clip;
    if (clip?.kind !== "quantflow-workflow-part" || !Array.isArray(clip.nodes) || !Array.isArray(clip.edges)) {
      return undefined;
    }
    return clip.nodes.every(isNode) ? clip : undefined;
  } catch {
    return undefined;
  }
}

function isNode(node: WorkflowNode): boolean {
  return (
    typeof node?.id === "string" &&
    typeof node.type === "string" &&
    Number.isFinite(node.position?.x) &&
    Number.isFinite(node.position?.y) &&
    typeof node.data?.parameters === "object" &&
    node.data.parameters !== null
  );
}
