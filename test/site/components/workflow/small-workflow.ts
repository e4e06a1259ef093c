import { NODE_CATALOGUE } from "../../../../notebooks/engine/workflow/node-catalogue.js";
import {
  DEFAULT_WORKFLOW_SETTINGS,
  type WorkflowDefinition,
  type WorkflowNode,
} from "../../../../notebooks/engine/workflow/workflow-definition.js";
import type { EdgeId, NodeId } from "../../../../notebooks/engine/workflow/workflow-ids.js";

export const CATALOGUE = NODE_CATALOGUE;

/** A trigger, candles, and two averages of their closes; `id:type@x,y` each. */
export function smallWorkflow(): WorkflowDefinition {
  return {
    schemaVersion: 1,
    name: "Two averages",
    description: "",
    nodes: [
      node("start", "trigger.manual", 0, 0),
      node("candles", "data.candles", 260, 0),
      node("fast", "indicator.sma", 520, 0),
      node("slow", "indicator.sma", 520, 160),
    ],
    edges: [
      edge("e1", "start.fired", "candles.run"),
      edge("e2", "candles.close", "fast.series"),
      edge("e3", "candles.close", "slow.series"),
    ],
    viewport: { x: 0, y: 0, zoom: 1 },
    settings: DEFAULT_WORKFLOW_SETTINGS,
  };
}

export function node(id: string, type: string, x: number, y: number, more: Partial<WorkflowNode> = {}): WorkflowNode {
  return { id: id as NodeId, type, position: { x, y }, data: { version: 1, parameters: {} }, ...more };
}

/** From `node.port` to `node.port`. */
export function edge(id: string, from: string, to: string) {
  const [source = "", sourceHandle = ""] = from.split(".");
  const [target = "", targetHandle = ""] = to.split(".");
  return { id: id as EdgeId, source: source as NodeId, target: target as NodeId, sourceHandle, targetHandle };
}
