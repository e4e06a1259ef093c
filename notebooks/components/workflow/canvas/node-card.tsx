import { Handle, type NodeProps, Position } from "npm:@xyflow/react";
import { memo, useState, useSyncExternalStore } from "npm:react";
import { type InputPort, type NodeType, type OutputPort, RUN_PORT } from "../../../engine/workflow/node-type.js";
import type { WorkflowNode } from "../../../engine/workflow/workflow-definition.js";
import { inputPorts } from "../document/connection-rules.js";
import { setParameter } from "../document/edit-workflow.js";
import type { FlowNode } from "../document/flow-elements.js";
import { isInline, ParameterField } from "../panels/parameter-field.js";
import { parameterWords } from "../panels/parameter-words.js";
import { useCanvas } from "./canvas-context.js";
import { NodeRunMark, NodeRunOutputs } from "./node-run-mark.js";

const MOST_INLINE = 4;

/** A node on the canvas: what it is, its typed handles, its first parameters, and what became of it in a run. */
export const NodeCard = memo(function NodeCard({ id, data, selected }: NodeProps<FlowNode>) {
  const { editor } = useCanvas();
  const { node } = data;
  const [isPointedAt, setPointedAt] = useState(false);
  const problems = useSyncExternalStore(editor.subscribe, () => editor.state().problemsByNode.get(id));
  const type = editor.catalogue.find(node.type, node.data.version);
  const classes = [
    "flow-card",
    selected && "is-selected",
    problems && "has-problems",
    node.data.isDisabled && "is-off",
  ];
  return (
    <div
      className={classes.filter(Boolean).join(" ")}
      data-category={type?.category ?? "unknown"}
      onPointerEnter={() => setPointedAt(true)}
      onPointerLeave={() => setPointedAt(false)}
    >
      <CardHead node={node} type={type} problems={problems?.map(({ message }) => message)} />
      {type && <Ports node={node} type={type} />}
      {type && <InlineParameters node={node} type={type} isEntry={selected || isPointedAt} />}
      <NodeRunOutputs nodeId={id} />
    </div>
  );
});

export function CardHead({
  node,
  type,
  problems,
}: {
  node: WorkflowNode;
  type: NodeType | undefined;
  problems: readonly string[] | undefined;
}) {
  return (
    <div className="flow-card-head">
      {type && type.category !== "trigger" && <InputHandle port={RUN_PORT} />}
      <span className="flow-card-label">{node.data.label || type?.label || node.type}</span>
      {node.data.pinned && (
        <span className="flow-card-pin" title="Uses pinned outputs in the place of running">
          pinned
        </span>
      )}
      {problems && (
        <span className="flow-card-problems" role="img" aria-label={problems.join("; ")} title={problems.join("\n")}>
          ! {problems.length}
        </span>
      )}
      <NodeRunMark nodeId={node.id} />
    </div>
  );
}

function Ports({ node, type }: { node: WorkflowNode; type: NodeType }) {
  const { editor } = useCanvas();
  const inputs = inputPorts(node, editor.catalogue).filter(({ name }) => name !== RUN_PORT.name);
  if (inputs.length === 0 && type.outputs.length === 0) return null;
  return (
    <div className="flow-card-ports">
      <div>
        {inputs.map((port) => (
          <InputRow key={port.name} port={port} />
        ))}
      </div>
      <div>
        {type.outputs.map((port) => (
          <OutputRow key={port.name} port={port} />
        ))}
      </div>
    </div>
  );
}

function InputRow({ port }: { port: InputPort }) {
  return (
    <div className="flow-port" title={`${port.label}: ${port.accepts.join(" or ")}. ${port.help}`}>
      <InputHandle port={port} />
      <span>
        {port.label}
        {port.isRequired ? "" : " ·"}
      </span>
    </div>
  );
}

export function InputHandle({ port }: { port: InputPort }) {
  return (
    <Handle
      type="target"
      id={port.name}
      position={Position.Left}
      data-port={port.accepts[0]}
      aria-label={`input ${port.label}, takes ${port.accepts.join(" or ")}`}
    />
  );
}

export function OutputRow({ port }: { port: OutputPort }) {
  return (
    <div className="flow-port flow-port-out" title={`${port.label}: ${port.type}. ${port.help}`}>
      <span>{port.label}</span>
      <Handle
        type="source"
        id={port.name}
        position={Position.Right}
        data-port={port.type}
        aria-label={`output ${port.label}, gives ${port.type}`}
      />
    </div>
  );
}

/** As text, and as fields on a card that is chosen or pointed at: a thousand cards of fields would be slow. */
function InlineParameters({ node, type, isEntry }: { node: WorkflowNode; type: NodeType; isEntry: boolean }) {
  const { editor, isReadOnly } = useCanvas();
  const shown = type.parameters.filter(isInline).slice(0, MOST_INLINE);
  if (shown.length === 0) return null;
  return (
    <div className="flow-card-parameters">
      {shown.map((spec) =>
        isEntry && !isReadOnly ? (
          <ParameterField
            key={spec.name}
            spec={spec}
            value={node.data.parameters[spec.name]}
            isInline
            onChange={(value) =>
              editor.change((all) => setParameter(all, node.id, spec.name, value), `${node.id}.${spec.name}`)
            }
          />
        ) : (
          <div key={spec.name} className="flow-parameter-text">
            <span>{spec.label}</span>
            <span>{parameterWords(node.data.parameters[spec.name] ?? spec.default)}</span>
          </div>
        ),
      )}
    </div>
  );
}
