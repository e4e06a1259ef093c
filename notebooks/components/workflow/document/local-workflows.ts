import type { WorkflowDefinition } from "../../../engine/workflow/workflow-definition.js";
import type { WorkflowEditor } from "./workflow-editor.js";

const PREFIX = "quantflow.workflow.";

/** Keeps each change in the browser, for pages that no workbench serves. Returns the way to stop. */
export function keepLocally(editor: WorkflowEditor, name: string): () => void {
  return editor.subscribe(() => {
    try {
      localStorage.setItem(PREFIX + name, JSON.stringify(editor.definition));
    } catch {
      // A browser that keeps nothing loses the change with the tab; the page says where it is kept.
    }
  });
}

/** What the browser kept under a name, if it can still be read. */
export function keptLocally(name: string): WorkflowDefinition | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + name) ?? "null") as WorkflowDefinition | null;
    return kept?.schemaVersion === 1 && Array.isArray(kept.nodes) && Array.isArray(kept.edges) ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function forgetLocally(name: string): void {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // Nothing was kept.
  }
}
