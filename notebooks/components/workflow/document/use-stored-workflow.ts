import { useCallback, useEffect, useRef, useState } from "npm:react";
import { workflowClient } from "../workflow-client.js";
import { Autosave } from "./autosave.js";
import { keepLocally } from "./local-workflows.js";
import type { SaveState } from "./save-state.js";
import type { WorkflowEditor } from "./workflow-editor.js";

/** A workflow on the desk: stored by the workbench, or kept in the browser where there is none. */
export interface OpenedWorkflow {
  readonly editor: WorkflowEditor;
  /** Undefined for one that is kept in the browser. */
  readonly stored?: { readonly id: string; readonly revision: number; readonly activeRevision: number | null };
  /** The name under which the browser keeps it. */
  readonly localName: string;
}

/** Does what was asked for and says why it failed. */
export type Attempt = (work: () => Promise<void>) => Promise<void>;

/** Saves what is on the canvas as it changes, and says which revision is active. */
export function useStoredWorkflow({ editor, stored, localName }: OpenedWorkflow, attempt: Attempt) {
  const [saveState, setSaveState] = useState<SaveState>(
    stored ? { kind: "saved", revision: stored.revision } : { kind: "local" },
  );
  const [activeRevision, setActiveRevision] = useState(stored?.activeRevision ?? null);
  const autosave = useRef<Autosave | undefined>(undefined);
  useEffect(() => {
    if (stored === undefined) return keepLocally(editor, localName);
    const saving = new Autosave({ editor, id: stored.id, revision: stored.revision, onState: setSaveState });
    autosave.current = saving;
    return () => saving.close();
  }, [editor, stored, localName]);
  /** The revision that holds what is on the canvas. @throws WorkflowRequestError when it cannot be saved */
  const savedRevision = useCallback(async () => (await autosave.current?.settled()) ?? stored?.revision ?? 1, [stored]);
  const activate = () =>
    attempt(async () => {
      if (stored === undefined) return;
      const answer = await workflowClient.activate(stored.id, await savedRevision());
      setActiveRevision(answer.activeRevision);
    });
  const deactivate = () =>
    attempt(async () => {
      if (stored !== undefined) setActiveRevision((await workflowClient.deactivate(stored.id)).activeRevision);
    });
  return { saveState, activeRevision, savedRevision, activate, deactivate };
}
