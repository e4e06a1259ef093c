import { Background, Handle, type NodeProps, Position, ReactFlow, ReactFlowProvider } from "npm:@xyflow/react";
import { memo, useEffect, useMemo, useRef } from "npm:react";
import { compareWorkflows, type WorkflowChange } from "../../../engine/workflow/compare-workflows.js";
import type { NodeCatalogue } from "../../../engine/workflow/node-type.js";
import type { WorkflowDefinition } from "../../../engine/workflow/workflow-definition.js";
import { inputPorts, outputPorts } from "../document/connection-rules.js";
import { type FlowNode, flowEdges, flowNodes } from "../document/flow-elements.js";
import { changeWords } from "./change-words.js";

type NodeChange = "added" | "removed" | "changed" | "same";

interface Side {
  readonly revision: number;
  readonly definition: WorkflowDefinition;
}

/** Two revisions side by side, over the whole window, with every difference in words. Escape closes it. */
export function RevisionDiff({
  from,
  to,
  catalogue,
  onClose,
}: {
  readonly from: Side;
  readonly to: Side;
  readonly catalogue: NodeCatalogue;
  readonly onClose: () => void;
}) {
  const changes = useMemo(() => compareWorkflows(from.definition, to.definition), [from, to]);
  const frame = useRef<HTMLDialogElement>(null);
  useEffect(() => frame.current?.showModal(), []);
  return (
    <dialog ref={frame} className="flow-diff" aria-label="Two revisions" onClose={onClose}>
      <div className="flow-diff-head">
        <h2>
          {changes.length === 0
            ? "Nothing changed"
            : `${changes.length} ${changes.length === 1 ? "change" : "changes"}`}
        </h2>
        <span className="muted">solid frame: new · dashed: gone · dotted: changed</span>
        <button type="button" className="button" onClick={() => frame.current?.close()}>
          Close
        </button>
      </div>
      <DiffSide side={from} changes={changes} catalogue={catalogue} hidden="added" />
      <DiffSide side={to} changes={changes} catalogue={catalogue} hidden="removed" />
      <ul className="flow-diff-list">
        {changes.map((change) => (
          <li key={JSON.stringify(change)}>{changeWords(change, from.definition, to.definition)}</li>
        ))}
      </ul>
    </dialog>
  );
}

function DiffSide({
  side,
  changes,
  catalogue,
  hidden,
}: {
  readonly side: Side;
  readonly changes: readonly WorkflowChange[];
  readonly catalogue: NodeCatalogue;
  /** The kind of change that this side knows nothing of. */
  readonly hidden: "added" | "removed";
}) {
  const { nodes, edges } = useMemo(() => {
    const kinds = nodeChanges(changes);
    const shown = flowNodes(side.definition, []).map((node) => ({
      ...node,
      type: "compared",
      data: {
        ...node.data,
        change: kinds.get(node.id) ?? "same",
        label: node.data.node.data.label || catalogue.find(node.data.node.type, node.data.node.data.version)?.label,
        inputs: inputPorts(node.data.node, catalogue).map(({ name }) => name),
        outputs: outputPorts(node.data.node, catalogue).map(({ name }) => name),
      },
    }));
    const touched = new Set(
      changes.flatMap((change) =>
        change.kind.startsWith("edge") && "edgeId" in change ? [change.edgeId as string] : [],
      ),
    );
    const lines = flowEdges(side.definition, []).map((edge) => ({
      ...edge,
      type: "default",
      ...(touched.has(edge.id) && {
        style: { stroke: `var(--${hidden === "added" ? "loss" : "gain"})`, strokeWidth: 2.5 },
      }),
    }));
    return { nodes: shown, edges: lines };
  }, [side, changes, catalogue, hidden]);
  return (
    <div className="flow-diff-side">
      <h3>Revision {side.revision}</h3>
      <ReactFlowProvider>
        <ReactFlow
          defaultNodes={nodes}
          defaultEdges={edges}
          nodeTypes={COMPARED}
          nodesDraggable={false}
          nodesConnectable={false}
          elementsSelectable={false}
          minZoom={0.05}
          fitView
          proOptions={{ hideAttribution: true }}
        >
          <Background gap={24} size={1} />
        </ReactFlow>
      </ReactFlowProvider>
    </div>
  );
}

type ComparedNode = FlowNode & {
  readonly data: FlowNode["data"] & {
    readonly change: NodeChange;
    readonly label: string | undefined;
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
  };
};

const ComparedCard = memo(function ComparedCard({ data }: NodeProps<ComparedNode>) {
  const { node, change, label, inputs, outputs } = data;
  const text = node.type === "note" ? node.data.parameters.text : undefined;
  return (
    <div className="flow-diff-card" data-change={change}>
      {inputs.map((name) => (
        <Handle key={name} type="target" id={name} position={Position.Left} />
      ))}
      <strong>{label ?? node.type}</strong>
      {change === "same" ? "" : ` (${change === "added" ? "new" : change === "removed" ? "gone" : "changed"})`}
      {typeof text === "string" && <span> {text.slice(0, 80)}</span>}
      {outputs.map((name) => (
        <Handle key={name} type="source" id={name} position={Position.Right} />
      ))}
    </div>
  );
});

const COMPARED = { compared: ComparedCard };

/** Of each node that differs in more than its place. */
function nodeChanges(changes: readonly WorkflowChange[]): ReadonlyMap<string, NodeChange> {
  const kinds = new Map<string, NodeChange>();
  for (const change of changes) {
    if (change.kind === "node-added") kinds.set(change.nodeId, "added");
    if (change.kind === "node-removed") kinds.set(change.nodeId, "removed");
    if (change.kind === "node-changed") kinds.set(change.nodeId, "changed");
  }
  return kinds;
}
