import { RUN_PORT } from "../../../engine/workflow/node-type.js";
import type { WorkflowNode, WorkflowNodeData } from "../../../engine/workflow/workflow-definition.js";
import type { NodeId } from "../../../engine/workflow/workflow-ids.js";
import { useCanvas, useEditorState } from "../canvas/canvas-context.js";
import { connectionProblem, inputPorts, outputPorts } from "../document/connection-rules.js";
import { changeNodeData, connect, removeElements, setParameter } from "../document/edit-workflow.js";
import type { StepView } from "../run/run-view.js";
import { ParameterField } from "./parameter-field.js";
import { StepDetails } from "./step-details.js";

/** All there is to say and to set of the chosen node. */
export function Inspector({
  node,
  steps,
  onRerun,
  onPin,
}: {
  readonly node: WorkflowNode;
  /** Of this node in the run on show: one, or one per item of its loop. */
  readonly steps: readonly StepView[];
  readonly onRerun: (() => void) | undefined;
  readonly onPin: (() => void) | undefined;
}) {
  const { editor, isReadOnly } = useCanvas();
  const { definition, problemsByNode } = useEditorState();
  const type = editor.catalogue.find(node.type, node.data.version);
  const change = (name: string, next: (data: WorkflowNodeData) => WorkflowNodeData) =>
    editor.change((all) => changeNodeData(all, node.id, next), `${node.id}.${name}`);
  return (
    <div className="flow-inspector">
      <h3>{node.data.label || type?.label || node.type}</h3>
      <p className="muted">
        {type ? type.summary : "This workbench does not know such a node."} <code>{node.id}</code>
      </p>
      {problemsByNode.get(node.id)?.map((problem) => (
        <p key={`${problem.code}${problem.message}`} className="flow-inspector-problem">
          {problem.message}
        </p>
      ))}
      <StepDetails steps={steps} onRerun={onRerun} onPin={onPin} />
      {type?.parameters.map((spec) => (
        <ParameterField
          key={`${node.id}.${spec.name}`}
          spec={spec}
          value={node.data.parameters[spec.name]}
          variables={Object.keys(definition.settings.variables)}
          isDisabled={isReadOnly}
          onChange={(value) =>
            editor.change((all) => setParameter(all, node.id, spec.name, value), `${node.id}.${spec.name}`)
          }
        />
      ))}
      {type && <Connections node={node} />}
      <details className="flow-inspector-more">
        <summary>Name, time limit, retries</summary>
        <Line label="name">
          <input
            type="text"
            value={node.data.label ?? ""}
            placeholder={type?.label}
            disabled={isReadOnly}
            onChange={({ target }) => change("label", (data) => ({ ...data, label: target.value }))}
          />
        </Line>
        <Line label="time limit (ms)">
          <NumberEntry
            value={node.data.timeoutMs}
            placeholder={type?.timeoutMs}
            isDisabled={isReadOnly}
            onChange={(timeoutMs) =>
              change("timeoutMs", ({ timeoutMs: _, ...data }) =>
                timeoutMs === undefined ? data : { ...data, timeoutMs },
              )
            }
          />
        </Line>
        {type?.effect !== "unkeyed" && (
          <Line label="attempts">
            <NumberEntry
              value={node.data.retry?.attempts}
              placeholder={1}
              isDisabled={isReadOnly}
              onChange={(attempts) =>
                change("retry", ({ retry, ...data }) =>
                  attempts === undefined
                    ? data
                    : { ...data, retry: { attempts, backoffMs: retry?.backoffMs ?? 1_000 } },
                )
              }
            />
          </Line>
        )}
        <Line label="when it fails">
          <select
            value={node.data.onError ?? "fail"}
            disabled={isReadOnly}
            onChange={({ target }) =>
              change("onError", (data) => ({ ...data, onError: target.value as "fail" | "prune" }))
            }
          >
            <option value="fail">the run fails</option>
            <option value="prune">go on without what follows</option>
          </select>
        </Line>
        <Line label="disabled">
          <input
            type="checkbox"
            checked={node.data.isDisabled ?? false}
            disabled={isReadOnly}
            onChange={({ target }) => change("isDisabled", (data) => ({ ...data, isDisabled: target.checked }))}
          />
        </Line>
        {node.data.pinned && (
          <button
            type="button"
            className="button"
            disabled={isReadOnly}
            onClick={() => change("pinned", ({ pinned: _, ...data }) => data)}
          >
            Unpin outputs
          </button>
        )}
      </details>
      {type && (
        <details className="flow-inspector-more">
          <summary>About this node</summary>
          <p>{type.details}</p>
          <p className="muted">
            <code>
              {type.id}@{type.version}
            </code>
            {type.isDeterministic ? ", deterministic" : ", not deterministic"}
            {type.permission ? `, needs ${type.permission}` : ""}
          </p>
        </details>
      )}
    </div>
  );
}

/** Edges by list: what a keyboard can do, the mouse does on the canvas. */
function Connections({ node }: { readonly node: WorkflowNode }) {
  const { editor, isReadOnly } = useCanvas();
  const { definition } = useEditorState();
  const labelOf = (id: string) => {
    const other = definition.nodes.find((each) => each.id === id);
    return other ? other.data.label || editor.catalogue.find(other.type, other.data.version)?.label || id : id;
  };
  return (
    <details className="flow-inspector-more">
      <summary>Connections</summary>
      {inputPorts(node, editor.catalogue).map((port) => {
        const edges = definition.edges.filter((edge) => edge.target === node.id && edge.targetHandle === port.name);
        return (
          <div key={port.name} className="flow-connections">
            <span>
              {port.label} <span className="muted">{port.accepts.join(" or ")}</span>
            </span>
            {edges.map((edge) => (
              <button
                key={edge.id}
                type="button"
                className="button"
                disabled={isReadOnly}
                title="Remove this edge"
                onClick={() => editor.change((all) => removeElements(all, new Set(), new Set([edge.id])))}
              >
                {labelOf(edge.source)} · {edge.sourceHandle} ×
              </button>
            ))}
            {!isReadOnly && (
              <select
                value=""
                aria-label={`connect ${port.label} from`}
                onChange={({ target }) => {
                  const [source, sourceHandle] = JSON.parse(target.value) as [NodeId, string];
                  const takesMany = port.takesMany || port.name === RUN_PORT.name;
                  editor.change((all) =>
                    connect(all, { source, sourceHandle, target: node.id, targetHandle: port.name }, { takesMany }),
                  );
                }}
              >
                <option value="">connect from…</option>
                {definition.nodes.flatMap((other) =>
                  outputPorts(other, editor.catalogue)
                    .map((output) => ({ source: other.id, sourceHandle: output.name }))
                    .filter(
                      (from) =>
                        connectionProblem(definition, editor.catalogue, {
                          ...from,
                          target: node.id,
                          targetHandle: port.name,
                        }) === undefined,
                    )
                    .map(({ source, sourceHandle }) => (
                      <option key={`${source}.${sourceHandle}`} value={JSON.stringify([source, sourceHandle])}>
                        {labelOf(source)} · {sourceHandle}
                      </option>
                    )),
                )}
              </select>
            )}
          </div>
        );
      })}
    </details>
  );
}

function Line({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="flow-parameter flow-parameter-wide">
      <span>{label}</span>
      {children}
    </label>
  );
}

export function NumberEntry({
  value,
  placeholder,
  isDisabled,
  onChange,
}: {
  readonly value: number | undefined;
  readonly placeholder: number | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (value: number | undefined) => void;
}) {
  return (
    <input
      type="number"
      value={value ?? ""}
      placeholder={placeholder === undefined ? "" : String(placeholder)}
      disabled={isDisabled}
      onChange={({ target }) => onChange(target.value === "" ? undefined : Number(target.value))}
    />
  );
}
