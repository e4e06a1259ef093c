import type { WorkflowDefinition } from "../../../engine/workflow/workflow-definition.js";
import { downloadFile } from "../../frame/csv-export.js";

/** Gives the person a file that `quantflow workflow` and “Import” read. */
export function exportWorkflow(definition: WorkflowDefinition, nowMs: number): void {
  const file = { kind: "quantflow-workflow", version: 1, exportedAtMs: nowMs, definition };
  const name = definition.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-") || "workflow";
  downloadFile(`${name}.workflow.json`, new Blob([JSON.stringify(file, undefined, 2)], { type: "application/json" }));
}
