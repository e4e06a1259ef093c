import { BaseEdge, type EdgeProps, getBezierPath } from "npm:@xyflow/react";
import { memo, useSyncExternalStore } from "npm:react";
import { useCanvas, useNodeRun } from "./canvas-context.js";

/** An edge: red where it is wrong; in a run, bright where a value went along it and dashed where none did. */
export const WorkflowEdgeLine = memo(function WorkflowEdgeLine(props: EdgeProps) {
  const { editor } = useCanvas();
  const problems = useSyncExternalStore(editor.subscribe, () => editor.state().problemsByEdge.get(props.id));
  const source = useNodeRun(props.source)?.step;
  const [path] = getBezierPath(props);
  const carried =
    source === undefined
      ? undefined
      : source.state === "succeeded" && Object.hasOwn(source.outputs, props.sourceHandleId ?? "");
  const isSettled = source?.state === "succeeded" || source?.state === "failed" || source?.state === "pruned";
  const state = problems ? "wrong" : carried ? "carried" : isSettled ? "pruned" : "idle";
  return <BaseEdge id={props.id} path={path} className={`flow-edge is-${state}`} interactionWidth={16} />;
});
