import type { JsonValue } from "../../src/engine/workflow/json-value.js";
import {
  DEFAULT_WORKFLOW_SETTINGS,
  WORKFLOW_SCHEMA_VERSION,
  type WorkflowDefinition,
  type WorkflowEdge,
  type WorkflowNode,
  type WorkflowNodeData,
  type WorkflowSettings,
} from "../../src/engine/workflow/workflow-definition.js";
import type { EdgeId, NodeId } from "../../src/engine/workflow/workflow-ids.js";

/** A node, drawn at the origin. */
export function aNode(
  id: string,
  type: string,
  parameters: Readonly<Record<string, JsonValue>> = {},
  { parentId, ...data }: Partial<WorkflowNodeData> & { readonly parentId?: string } = {},
): WorkflowNode {
  return {
    id: id as NodeId,
    type,
    position: { x: 0, y: 0 },
    ...(parentId === undefined ? {} : { parentId: parentId as NodeId }),
    data: { version: 1, parameters, ...data },
  };
}

/** An edge from `n1.close` to `n2.series`, whose id is the way that it goes. */
export function anEdge(from: string, to: string, id = `${from}>${to}`): WorkflowEdge {
  const [source, sourceHandle] = from.split(".") as [NodeId, string];
  const [target, targetHandle] = to.split(".") as [NodeId, string];
  return { id: id as EdgeId, source, sourceHandle, target, targetHandle };
}

export function aWorkflow(
  nodes: readonly WorkflowNode[],
  edges: readonly (WorkflowEdge | readonly [from: string, to: string])[] = [],
  settings: Partial<WorkflowSettings> = {},
): WorkflowDefinition {
  return {
    schemaVersion: WORKFLOW_SCHEMA_VERSION,
    name: "test",
    description: "",
    nodes,
    edges: edges.map((edge) => ("id" in edge ? edge : anEdge(...edge))),
    viewport: { x: 0, y: 0, zoom: 1 },
    settings: { ...DEFAULT_WORKFLOW_SETTINGS, ...settings },
  };
}
