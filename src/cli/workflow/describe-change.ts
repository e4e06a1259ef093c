import type { WorkflowChange } from "../../engine/workflow/compare-workflows.js";
import type { JsonValue } from "../../engine/workflow/json-value.js";

/** A change of a workflow in a line, `+`, `-` and `~` for what came, went and became something else. */
export function describeChange(change: WorkflowChange): string {
  switch (change.kind) {
    case "node-added":
      return `+ node ${change.nodeId}: ${change.node.type}`;
    case "node-removed":
      return `- node ${change.nodeId}: ${change.node.type}`;
    case "node-changed":
      return `~ node ${change.nodeId}: ${describeField(change)}`;
    case "node-moved":
      return `  node ${change.nodeId}: moved`;
    case "edge-added":
    case "edge-removed": {
      const { source, sourceHandle, target, targetHandle } = change.edge;
      const sign = change.kind === "edge-added" ? "+" : "-";
      return `${sign} edge ${change.edgeId}: ${source}.${sourceHandle} to ${target}.${targetHandle}`;
    }
    case "edge-changed":
      return `~ edge ${change.edgeId}: ${describeField(change)}`;
    case "setting-changed":
      return `~ ${describeField(change)}`;
    case "order-changed":
      return `~ order of the ${change.of}`;
  }
}

interface Field {
  readonly field: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

function describeField({ field, before, after }: Field): string {
  return `${field}: ${before === undefined ? "(not set)" : JSON.stringify(before)} → ${after === undefined ? "(not set)" : JSON.stringify(after)}`;
}
