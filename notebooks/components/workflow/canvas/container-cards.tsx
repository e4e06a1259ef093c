import { Handle, type NodeProps, NodeResizer, Position } from "npm:@xyflow/react";
import { memo, useSyncExternalStore } from "npm:react";
import { RUN_PORT } from "../../../engine/workflow/node-type.js";
import { inputPorts } from "../document/connection-rules.js";
import { changeNodeData, placeNodes, setParameter } from "../document/edit-workflow.js";
import type { FlowNode } from "../document/flow-elements.js";
import { useCanvas } from "./canvas-context.js";
import { CardHead, InputHandle } from "./node-card.js";
import { NodeRunOutputs } from "./node-run-mark.js";

function Resizer({ id, selected }: { readonly id: string; readonly selected: boolean }) {
  const { editor, isReadOnly } = useCanvas();
  return (
    <NodeResizer
      isVisible={selected && !isReadOnly}
      minWidth={160}
      minHeight={80}
      onResizeEnd={(_, { x, y, width, height }) =>
        editor.change((all) => placeNodes(all, new Map([[id, { position: { x, y }, width, height }]])))
      }
    />
  );
}

/** A loop: its body stands inside, its items come from the left, its table leaves to the right. */
export const LoopCard = memo(function LoopCard({ id, data, selected }: NodeProps<FlowNode>) {
  const { editor } = useCanvas();
  const { node } = data;
  const problems = useSyncExternalStore(editor.subscribe, () => editor.state().problemsByNode.get(id));
  const type = editor.catalogue.find(node.type, node.data.version);
  const inputs = inputPorts(node, editor.catalogue).filter(({ name }) => name !== RUN_PORT.name);
  const classes = [
    "flow-loop",
    selected && "is-selected",
    problems && "has-problems",
    node.data.isDisabled && "is-off",
  ];
  return (
    <div className={classes.filter(Boolean).join(" ")}>
      <Resizer id={id} selected={selected} />
      <CardHead node={node} type={type} problems={problems?.map(({ message }) => message)} />
      <div className="flow-loop-ports">
        {inputs.map((port) => (
          <div key={port.name} className="flow-port" title={port.help}>
            <InputHandle port={port} />
            <span>{port.label}</span>
          </div>
        ))}
      </div>
      <div className="flow-loop-ports flow-loop-out">
        {type?.outputs.map((port) => (
          <div key={port.name} className="flow-port flow-port-out" title={port.help}>
            <span>{port.label}</span>
            <Handle type="source" id={port.name} position={Position.Right} data-port={port.type} />
          </div>
        ))}
      </div>
      <NodeRunOutputs nodeId={id} />
    </div>
  );
});

/** A frame around nodes that belong together, with a name. It never runs. */
export const GroupCard = memo(function GroupCard({ id, data, selected }: NodeProps<FlowNode>) {
  const { editor, isReadOnly } = useCanvas();
  return (
    <div className={selected ? "flow-group is-selected" : "flow-group"}>
      <Resizer id={id} selected={selected} />
      <input
        className="flow-group-label nodrag"
        aria-label="name of the group"
        value={data.node.data.label ?? ""}
        readOnly={isReadOnly}
        onChange={({ target }) =>
          editor.change(
            (all) => changeNodeData(all, id, (before) => ({ ...before, label: target.value })),
            `${id}.label`,
          )
        }
      />
    </div>
  );
});

/** Words on the canvas, for people. */
export const NoteCard = memo(function NoteCard({ id, data, selected }: NodeProps<FlowNode>) {
  const { editor, isReadOnly } = useCanvas();
  const text = data.node.data.parameters.text;
  return (
    <div className={selected ? "flow-note is-selected" : "flow-note"}>
      <Resizer id={id} selected={selected} />
      {selected && !isReadOnly ? (
        <textarea
          className="nodrag nowheel"
          aria-label="text of the note"
          value={typeof text === "string" ? text : ""}
          onChange={({ target }) => editor.change((all) => setParameter(all, id, "text", target.value), `${id}.text`)}
        />
      ) : (
        <p>{typeof text === "string" ? text : ""}</p>
      )}
    </div>
  );
});
