import {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  type EdgeChange,
  type Connection as FlowConnection,
  MiniMap,
  type NodeChange,
  type OnConnectEnd,
  ReactFlow,
  type ReactFlowInstance,
  useReactFlow,
  useStore,
} from "npm:@xyflow/react";
import { type DragEvent, useCallback, useEffect, useRef, useState } from "npm:react";
import { RUN_PORT } from "../../../engine/workflow/node-type.js";
import type { WorkflowDefinition } from "../../../engine/workflow/workflow-definition.js";
import { LOOP_TYPE } from "../../../engine/workflow/workflow-graph.js";
import type { NodeId } from "../../../engine/workflow/workflow-ids.js";
import { connectionProblem, inputPorts } from "../document/connection-rules.js";
import {
  type Connection,
  connect,
  moveInto,
  type Placement,
  placeNodes,
  removeElements,
} from "../document/edit-workflow.js";
import { type FlowEdge, type FlowNode, flowEdges, flowNodes } from "../document/flow-elements.js";
import { DRAGGED_TYPE } from "../panels/palette.js";
import { useCanvas, useEditorState } from "./canvas-context.js";
import { GroupCard, LoopCard, NoteCard } from "./container-cards.js";
import { NodeCard } from "./node-card.js";
import { WorkflowEdgeLine } from "./workflow-edge.js";

const NODE_TYPES = { card: NodeCard, loop: LoopCard, group: GroupCard, note: NoteCard };
const EDGE_TYPES = { workflow: WorkflowEdgeLine };
/** From this many nodes on, only what is in sight is in the document. Below, to draw all is quicker than to keep track. */
const MANY_NODES = 2_000;
/** Below this zoom nobody can read what is on a card, so only its frame and name are drawn. */
const LEGIBLE_ZOOM = 0.3;
const READABLE_ZOOM = 0.6;

interface CanvasProps {
  /** Chosen by something other than the canvas; each object is heeded once, when all it names is drawn. */
  readonly wanted: Selection;
  /** Chosen nodes and edges, whenever they change. */
  readonly onSelection: (selection: Selection) => void;
  readonly onDropType: (typeId: string, position: { x: number; y: number }, parentId: NodeId | undefined) => void;
}

export interface Selection {
  readonly nodeIds: ReadonlySet<string>;
  readonly edgeIds: ReadonlySet<string>;
}

export const NOTHING_SELECTED: Selection = { nodeIds: new Set(), edgeIds: new Set() };

/** The drawing itself: React Flow over the definition, which stays the one truth. */
export function WorkflowCanvas({ wanted, onSelection, onDropType }: CanvasProps) {
  const { editor, say, isReadOnly } = useCanvas();
  const { definition } = useEditorState();
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const isFar = useStore(({ transform }) => transform[2] < LEGIBLE_ZOOM);
  const [nodes, setNodes] = useState(() => flowNodes(definition, []));
  const [edges, setEdges] = useState(() => flowEdges(definition, []));
  const heeded = useRef(NOTHING_SELECTED);
  useEffect(() => {
    const ids = new Set<string>(definition.nodes.map(({ id }) => id));
    const isNew = wanted !== heeded.current && [...wanted.nodeIds].every((id) => ids.has(id));
    if (isNew) heeded.current = wanted;
    setNodes((shown) => {
      const nodes = flowNodes(definition, shown);
      return isNew ? nodes.map((node) => withSelection(node, wanted.nodeIds.has(node.id))) : nodes;
    });
    setEdges((shown) => {
      const edges = flowEdges(definition, shown);
      return isNew ? edges.map((edge) => withSelection(edge, wanted.edgeIds.has(edge.id))) : edges;
    });
  }, [definition, wanted]);

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const removed = changes.filter((change) => change.type === "remove").map(({ id }) => id);
      if (removed.length > 0) editor.change((all) => removeElements(all, new Set(removed), new Set()));
      setNodes((shown) =>
        applyNodeChanges(
          changes.filter(({ type }) => type !== "remove"),
          shown,
        ),
      );
      if (changes.some((change) => change.type === "position" && change.dragging === false)) {
        setNodes((shown) => {
          queueMicrotask(() => editor.change((all) => moved(all, shown)));
          return shown;
        });
      }
    },
    [editor],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange<FlowEdge>[]) => {
      const removed = changes.filter((change) => change.type === "remove").map(({ id }) => id);
      if (removed.length > 0) editor.change((all) => removeElements(all, new Set(), new Set(removed)));
      setEdges((shown) =>
        applyEdgeChanges(
          changes.filter(({ type }) => type !== "remove"),
          shown,
        ),
      );
    },
    [editor],
  );
  const onConnect = useCallback(
    (drawn: FlowConnection) => {
      const connection = connectionOf(drawn);
      if (connection === undefined) return;
      editor.change((all) => {
        const target = all.nodes.find(({ id }) => id === connection.target);
        const port =
          target && inputPorts(target, editor.catalogue).find(({ name }) => name === connection.targetHandle);
        return connect(all, connection, { takesMany: port?.takesMany ?? connection.targetHandle === RUN_PORT.name });
      });
    },
    [editor],
  );
  const problemOf = useCallback(
    (drawn: FlowConnection | FlowEdge) => {
      const connection = connectionOf(drawn);
      return connection === undefined
        ? "Edges go from an output, on the right, to an input, on the left."
        : connectionProblem(editor.definition, editor.catalogue, connection);
    },
    [editor],
  );
  const onConnectEnd: OnConnectEnd = useCallback(
    (_, { fromHandle, toHandle, isValid }) => {
      if (isValid !== false || !fromHandle || !toHandle) return;
      const [source, target] = fromHandle.type === "source" ? [fromHandle, toHandle] : [toHandle, fromHandle];
      const problem = problemOf({
        source: source.nodeId,
        sourceHandle: source.id ?? null,
        target: target.nodeId,
        targetHandle: target.id ?? null,
      });
      if (problem !== undefined) say(problem);
    },
    [problemOf, say],
  );
  const onDragStop = useCallback(
    (_: unknown, node: FlowNode) => {
      if (node.type === "group" || node.type === "loop") return;
      const containers = flow.getIntersectingNodes(node).filter(({ type }) => type === "loop" || type === "group");
      const parentId = containers.find(({ type }) => type === "loop")?.id ?? containers[0]?.id;
      if (parentId !== node.data.node.parentId) {
        // After the new place is in the definition, since the move keeps the place on the canvas.
        queueMicrotask(() => queueMicrotask(() => editor.change((all) => moveInto(all, node.id, parentId))));
      }
    },
    [flow, editor],
  );
  const onDrop = useCallback(
    (event: DragEvent) => {
      const typeId = event.dataTransfer.getData(DRAGGED_TYPE);
      if (typeId === "") return;
      event.preventDefault();
      const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const loop = loopAt(editor.definition, point);
      const position = loop ? { x: point.x - loop.position.x, y: point.y - loop.position.y } : point;
      onDropType(typeId, position, loop?.id);
    },
    [flow, editor, onDropType],
  );

  return (
    <ReactFlow<FlowNode, FlowEdge>
      className={isFar ? "is-far" : ""}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      onConnect={onConnect}
      onConnectEnd={onConnectEnd}
      onNodeDragStop={onDragStop}
      isValidConnection={(drawn) => problemOf(drawn) === undefined}
      onSelectionChange={useSelection(onSelection)}
      onDrop={onDrop}
      onDragOver={(event) => event.preventDefault()}
      nodesDraggable={!isReadOnly}
      nodesConnectable={!isReadOnly}
      deleteKeyCode={isReadOnly ? null : ["Backspace", "Delete"]}
      onlyRenderVisibleElements={definition.nodes.length > MANY_NODES}
      elevateNodesOnSelect={false}
      minZoom={0.05}
      maxZoom={2}
      onInit={showBeginning}
      proOptions={{ hideAttribution: true }}
      connectionRadius={28}
      snapToGrid
      snapGrid={[4, 4]}
      multiSelectionKeyCode={["Shift", "Meta", "Control"]}
      selectionKeyCode="Shift"
    >
      <Background gap={24} size={1} />
      <MiniMap
        pannable
        style={{ width: 140, height: 96 }}
        zoomable
        ariaLabel="Map of the whole workflow"
        nodeClassName={({ data }) => `flow-map-node ${(data as FlowNode["data"]).node.type.split(".")[0]}`}
      />
    </ReactFlow>
  );
}

/** All of it where that can be read, else its beginning: whoever opens a workflow wants to read the trigger. */
function showBeginning(flow: ReactFlowInstance<FlowNode, FlowEdge>): void {
  const box = document.querySelector(".flow-canvas")?.getBoundingClientRect();
  const nodes = flow.getNodes();
  if (box === undefined || nodes.length === 0) return;
  const { x, y, width, height } = flow.getNodesBounds(nodes);
  const zoom = Math.min(1, Math.max(READABLE_ZOOM, Math.min(box.width / (width + 80), box.height / (height + 80))));
  const left = Math.max(40, (box.width - width * zoom) / 2);
  const top = Math.max(40, (box.height - height * zoom) / 2);
  void flow.setViewport({ x: left - x * zoom, y: top - y * zoom, zoom });
}

function withSelection<Item extends { selected?: boolean }>(item: Item, selected: boolean): Item {
  return Boolean(item.selected) === selected ? item : { ...item, selected };
}

function useSelection(onSelection: (selection: Selection) => void) {
  const told = useRef("");
  return useCallback(
    ({ nodes, edges }: { nodes: FlowNode[]; edges: FlowEdge[] }) => {
      const key = `${nodes.map(({ id }) => id).join()}|${edges.map(({ id }) => id).join()}`;
      if (key === told.current) return;
      told.current = key;
      onSelection({ nodeIds: new Set(nodes.map(({ id }) => id)), edgeIds: new Set(edges.map(({ id }) => id)) });
    },
    [onSelection],
  );
}

function connectionOf({
  source,
  target,
  sourceHandle,
  targetHandle,
}: FlowConnection | FlowEdge): Connection | undefined {
  if (!sourceHandle || !targetHandle) return undefined;
  return { source: source as NodeId, target: target as NodeId, sourceHandle, targetHandle };
}

/** The definition with nodes where they were dragged to. */
function moved(definition: WorkflowDefinition, shown: readonly FlowNode[]): WorkflowDefinition {
  const now = new Map(definition.nodes.map(({ id, position }) => [id as string, position]));
  const places = new Map<string, Placement>();
  for (const { id, position } of shown) {
    const before = now.get(id);
    if (before && (before.x !== position.x || before.y !== position.y)) places.set(id, { position: { ...position } });
  }
  return placeNodes(definition, places);
}

function loopAt({ nodes }: WorkflowDefinition, { x, y }: { x: number; y: number }) {
  return nodes.find(
    ({ type, position, width = 0, height = 0 }) =>
      type === LOOP_TYPE && x >= position.x && y >= position.y && x <= position.x + width && y <= position.y + height,
  );
}
