import type { FieldChange, WorkflowChange } from "../../../engine/workflow/compare-workflows.js";
import type { WorkflowDefinition, WorkflowEdge } from "../../../engine/workflow/workflow-definition.js";
import { parameterWords } from "./parameter-words.js";

/** A difference between two revisions as a sentence. */
export function changeWords(change: WorkflowChange, before: WorkflowDefinition, after: WorkflowDefinition): string {
  const nameOf = (id: string) => {
    const node = after.nodes.find((each) => each.id === id) ?? before.nodes.find((each) => each.id === id);
    return node ? `${node.data.label || node.type} (${id})` : id;
  };
  const edgeWords = ({ source, sourceHandle, target, targetHandle }: WorkflowEdge) =>
    `${nameOf(source)} · ${sourceHandle} → ${nameOf(target)} · ${targetHandle}`;
  switch (change.kind) {
    case "node-added":
      return `${nameOf(change.nodeId)} is new`;
    case "node-removed":
      return `${nameOf(change.nodeId)} is gone`;
    case "node-changed":
      return `${nameOf(change.nodeId)}: ${fieldWords(change)}`;
    case "node-moved":
      return `${nameOf(change.nodeId)} stands elsewhere`;
    case "edge-added":
      return `new edge ${edgeWords(change.edge)}`;
    case "edge-removed":
      return `edge gone ${edgeWords(change.edge)}`;
    case "edge-changed":
      return `edge ${change.edgeId}: ${fieldWords(change)}`;
    case "setting-changed":
      return fieldWords(change);
    case "order-changed":
      return `${change.of} are listed in another order`;
  }
}

function fieldWords({ field, before, after }: FieldChange): string {
  return `${field.replace(/^(?:parameters|settings)\./, "")} ${parameterWords(before)} → ${parameterWords(after)}`;
}
