import type { JsonValue } from "../../../engine/workflow/json-value.js";
import type { NodeType } from "../../../engine/workflow/node-type.js";
import type {
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowNode,
  WorkflowNodeData,
} from "../../../engine/workflow/workflow-definition.js";
import { LOOP_TYPE } from "../../../engine/workflow/workflow-graph.js";
import type { EdgeId, NodeId } from "../../../engine/workflow/workflow-ids.js";

/* Changes of a definition. Each gives a new definition that shares what did not change. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Connection {
  readonly source: NodeId;
  readonly target: NodeId;
  readonly sourceHandle: string;
  readonly targetHandle: string;
}

/** Sizes of containers that were just put down, in canvas pixels. */
const LOOP_SIZE = { width: 560, height: 300 };
const NOTE_SIZE = { width: 240, height: 120 };

/** A number that no id of this kind has yet: `n1`, `n2`, … */
export function freshId(prefix: string, taken: ReadonlySet<string>): string {
  let number = taken.size + 1;
  while (taken.has(`${prefix}${number}`)) number++;
  return `${prefix}${number}`;
}

export function addNode(
  definition: WorkflowDefinition,
  type: NodeType,
  position: Point,
  parentId?: NodeId,
): { readonly definition: WorkflowDefinition; readonly id: NodeId } {
  const parameters: Record<string, JsonValue> = {};
  for (const spec of type.parameters) if (spec.default !== undefined) parameters[spec.name] = spec.default;
  const data = { version: type.version, parameters };
  return append(definition, {
    type: type.id,
    position,
    ...(parentId && { parentId }),
    ...(type.id === LOOP_TYPE && LOOP_SIZE),
    data,
  });
}

export function addNote(definition: WorkflowDefinition, position: Point, text: string) {
  return append(definition, { type: "note", position, ...NOTE_SIZE, data: { version: 1, parameters: { text } } });
}

function append(definition: WorkflowDefinition, node: Omit<WorkflowNode, "id">) {
  const id = freshId("n", new Set(definition.nodes.map((other) => other.id))) as NodeId;
  return { definition: { ...definition, nodes: [...definition.nodes, { id, ...node }] }, id };
}

/** Without these nodes and edges, and without the edges that ended at them. Children of a removed group stay. */
export function removeElements(
  definition: WorkflowDefinition,
  nodeIds: ReadonlySet<string>,
  edgeIds: ReadonlySet<string>,
): WorkflowDefinition {
  if (nodeIds.size === 0 && edgeIds.size === 0) return definition;
  const removed = new Map(definition.nodes.filter(({ id }) => nodeIds.has(id)).map((node) => [node.id, node]));
  const nodes: WorkflowNode[] = [];
  for (const node of definition.nodes) {
    if (removed.has(node.id)) continue;
    const parent = node.parentId === undefined ? undefined : removed.get(node.parentId);
    nodes.push(parent === undefined ? node : withoutParent(node, parent));
  }
  const edges = definition.edges.filter(
    ({ id, source, target }) => !(edgeIds.has(id) || nodeIds.has(source) || nodeIds.has(target)),
  );
  return { ...definition, nodes, edges };
}

function withoutParent({ parentId: _, ...node }: WorkflowNode, parent: WorkflowNode): WorkflowNode {
  return {
    ...node,
    position: { x: node.position.x + parent.position.x, y: node.position.y + parent.position.y },
  };
}

/** With an edge more; an input that takes one edge gives up the one it had. */
export function connect(
  definition: WorkflowDefinition,
  connection: Connection,
  { takesMany }: { readonly takesMany: boolean },
): WorkflowDefinition {
  const isSame = (edge: WorkflowEdge) =>
    edge.source === connection.source &&
    edge.sourceHandle === connection.sourceHandle &&
    edge.target === connection.target &&
    edge.targetHandle === connection.targetHandle;
  if (definition.edges.some(isSame)) return definition;
  const kept = takesMany
    ? definition.edges
    : definition.edges.filter(
        ({ target, targetHandle }) => target !== connection.target || targetHandle !== connection.targetHandle,
      );
  const id = freshId("e", new Set(definition.edges.map((edge) => edge.id))) as EdgeId;
  return { ...definition, edges: [...kept, { id, ...connection }] };
}

export function changeNodeData(
  definition: WorkflowDefinition,
  nodeId: string,
  change: (data: WorkflowNodeData) => WorkflowNodeData,
): WorkflowDefinition {
  return changeNode(definition, nodeId, (node) => ({ ...node, data: change(node.data) }));
}

export function setParameter(
  definition: WorkflowDefinition,
  nodeId: string,
  name: string,
  value: JsonValue | undefined,
): WorkflowDefinition {
  return changeNodeData(definition, nodeId, (data) => {
    const { [name]: _, ...others } = data.parameters;
    return { ...data, parameters: value === undefined ? others : { ...others, [name]: value } };
  });
}

function changeNode(
  definition: WorkflowDefinition,
  nodeId: string,
  change: (node: WorkflowNode) => WorkflowNode,
): WorkflowDefinition {
  return {
    ...definition,
    nodes: definition.nodes.map((node) => (node.id === nodeId ? change(node) : node)),
  };
}

export interface Placement {
  readonly position: Point;
  readonly width?: number;
  readonly height?: number;
}

/** Nodes at new places; those that are not named stay. */
export function placeNodes(definition: WorkflowDefinition, places: ReadonlyMap<string, Placement>): WorkflowDefinition {
  if (places.size === 0) return definition;
  const nodes = definition.nodes.map((node) => {
    const place = places.get(node.id);
    return place === undefined ? node : { ...node, ...place };
  });
  return { ...definition, nodes };
}

/** A node in another container, or in none; its place on the canvas stays. */
export function moveInto(
  definition: WorkflowDefinition,
  nodeId: string,
  parentId: string | undefined,
): WorkflowDefinition {
  const byId = new Map(definition.nodes.map((node) => [node.id as string, node]));
  const node = byId.get(nodeId);
  if (node === undefined || node.parentId === parentId) return definition;
  const from = node.parentId === undefined ? undefined : byId.get(node.parentId);
  const to = parentId === undefined ? undefined : byId.get(parentId);
  const { parentId: _, ...bare } = node;
  const position = {
    x: node.position.x + (from?.position.x ?? 0) - (to?.position.x ?? 0),
    y: node.position.y + (from?.position.y ?? 0) - (to?.position.y ?? 0),
  };
  const moved: WorkflowNode = { ...bare, position, ...(to && { parentId: to.id }) };
  return { ...definition, nodes: definition.nodes.map((other) => (other.id === nodeId ? moved : other)) };
}

const GROUP_MARGIN = { side: 24, top: 44 };

/** A frame around nodes that stand in no container yet. The definition itself when there are none. */
export function groupNodes(
  definition: WorkflowDefinition,
  nodeIds: ReadonlySet<string>,
  sizeOf: (id: string) => { readonly width: number; readonly height: number },
): { readonly definition: WorkflowDefinition; readonly id: NodeId | undefined } {
  const members = definition.nodes.filter(
    ({ id, parentId, type }) => nodeIds.has(id) && parentId === undefined && type !== "group" && type !== LOOP_TYPE,
  );
  if (members.length === 0) return { definition, id: undefined };
  const left = Math.min(...members.map(({ position }) => position.x)) - GROUP_MARGIN.side;
  const top = Math.min(...members.map(({ position }) => position.y)) - GROUP_MARGIN.top;
  const right = Math.max(...members.map(({ id, position }) => position.x + sizeOf(id).width)) + GROUP_MARGIN.side;
  const bottom = Math.max(...members.map(({ id, position }) => position.y + sizeOf(id).height)) + GROUP_MARGIN.side;
  const grouped = append(definition, {
    type: "group",
    position: { x: left, y: top },
    width: right - left,
    height: bottom - top,
    data: { version: 1, parameters: {}, label: "Group" },
  });
  let next: WorkflowDefinition = grouped.definition;
  for (const { id } of members) next = moveInto(next, id, grouped.id);
  return { definition: next, id: grouped.id };
}
