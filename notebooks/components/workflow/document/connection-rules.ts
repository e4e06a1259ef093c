import { type InputPort, type NodeCatalogue, type OutputPort, RUN_PORT } from "../../../engine/workflow/node-type.js";
import { canConnect } from "../../../engine/workflow/port-value.js";
import type { WorkflowDefinition, WorkflowNode } from "../../../engine/workflow/workflow-definition.js";
import { LOOP_TYPE } from "../../../engine/workflow/workflow-graph.js";
import type { Connection } from "./edit-workflow.js";

export function inputPorts(node: WorkflowNode, catalogue: NodeCatalogue): readonly InputPort[] {
  const type = catalogue.find(node.type, node.data.version);
  if (type === undefined) return [];
  return type.category === "trigger" ? type.inputs : [RUN_PORT, ...type.inputs];
}

export function outputPorts(node: WorkflowNode, catalogue: NodeCatalogue): readonly OutputPort[] {
  return catalogue.find(node.type, node.data.version)?.outputs ?? [];
}

/** Why an edge may not be drawn, in words for the person who drew it; undefined when it may. */
export function connectionProblem(
  definition: WorkflowDefinition,
  catalogue: NodeCatalogue,
  { source, target, sourceHandle, targetHandle }: Connection,
): string | undefined {
  const from = definition.nodes.find(({ id }) => id === source);
  const to = definition.nodes.find(({ id }) => id === target);
  if (from === undefined || to === undefined) return "The node is gone.";
  if (source === target) return "A node cannot feed itself: a workflow has no circles.";
  const output = outputPorts(from, catalogue).find(({ name }) => name === sourceHandle);
  const input = inputPorts(to, catalogue).find(({ name }) => name === targetHandle);
  if (output === undefined || input === undefined)
    return "Edges go from an output, on the right, to an input, on the left.";
  if (!canConnect(output.type, input.accepts)) {
    return `“${input.label}” takes ${input.accepts.join(" or ")}; “${output.label}” gives ${output.type}.`;
  }
  return loopProblem(definition, from, to) ?? circleProblem(definition, source, target);
}

function loopProblem(definition: WorkflowDefinition, from: WorkflowNode, to: WorkflowNode): string | undefined {
  const left = loopAround(definition, from);
  if (left === undefined || left === loopAround(definition, to)) return undefined;
  return to.id === left
    ? "A loop gathers its body by Collect nodes, without an edge."
    : "What happens inside a loop leaves it through a Collect node.";
}

function loopAround({ nodes }: WorkflowDefinition, { parentId }: WorkflowNode): string | undefined {
  return nodes.find(({ id, type }) => id === parentId && type === LOOP_TYPE)?.id;
}

function circleProblem(definition: WorkflowDefinition, source: string, target: string): string | undefined {
  const next = new Map<string, string[]>();
  for (const edge of definition.edges) next.set(edge.source, [...(next.get(edge.source) ?? []), edge.target]);
  const waiting = [target];
  const seen = new Set(waiting);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === source) return "That would close a circle: a workflow goes one way.";
    for (const following of next.get(id) ?? []) {
      if (seen.has(following)) continue;
      seen.add(following);
      waiting.push(following);
    }
  }
  return undefined;
}
