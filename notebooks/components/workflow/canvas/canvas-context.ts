import { createContext, useContext, useSyncExternalStore } from "npm:react";
import type { ChangingValue } from "../../live/observable-value.js";
import type { EditorState, WorkflowEditor } from "../document/workflow-editor.js";
import type { NodeRunState } from "../run/run-view.js";

/** What every card, edge and panel of one canvas works with. */
export interface Canvas {
  readonly editor: WorkflowEditor;
  /** Of the run on show, by node; undefined while none is. */
  readonly runStates: ChangingValue<ReadonlyMap<string, NodeRunState> | undefined>;
  /** Says something that passes, such as why an edge was refused. */
  readonly say: (text: string) => void;
  readonly isReadOnly: boolean;
}

export const CanvasContext = createContext<Canvas | undefined>(undefined);

export function useCanvas(): Canvas {
  const canvas = useContext(CanvasContext);
  if (canvas === undefined) throw new Error("a part of the canvas stands outside of it");
  return canvas;
}

export function useEditorState(): EditorState {
  const { editor } = useCanvas();
  return useSyncExternalStore(editor.subscribe, editor.state);
}

/** Of one node; its card is drawn again only when this changes. */
export function useNodeRun(nodeId: string): NodeRunState | undefined {
  const { runStates } = useCanvas();
  return useSyncExternalStore(
    (listener) => runStates.follow(listener),
    () => runStates.value?.get(nodeId),
  );
}

/** Whether a run is on show at all. */
export function useHasRun(): boolean {
  const { runStates } = useCanvas();
  return useSyncExternalStore(
    (listener) => runStates.follow(listener),
    () => runStates.value !== undefined,
  );
}
