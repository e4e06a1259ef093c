import { WorkbenchError } from "../errors.js";
import type { Parameters } from "./node-handler.js";
import { type InputPort, type NodeCatalogue, type NodeType, RUN_PORT } from "./node-type.js";
import { topologicalGenerations } from "./topological-generations.js";
import type { WorkflowDefinition, WorkflowEdge, WorkflowNode } from "./workflow-definition.js";
import { COLLECT_TYPE, dependencyGraph, indexWorkflow, isDecoration } from "./workflow-graph.js";
import type { NodeId } from "./workflow-ids.js";

/** A workflow as its execution wants it: nodes in an order that suits their edges, known by their places in it. */
export interface WorkflowPlan {
  readonly definition: WorkflowDefinition;
  /** By generation, and within one in the order of the definition; notes and groups are left out. */
  readonly nodes: readonly PlannedNode[];
  readonly indexOf: ReadonlyMap<NodeId, number>;
  /** The one trigger, which is where every run begins. */
  readonly trigger: number;
  /** Nodes that may run at the same time. A body comes after its loop, and what follows a loop after its body. */
  readonly generations: readonly (readonly number[])[];
  readonly loops: readonly PlannedLoop[];
}

export interface PlannedNode {
  /** Its place in `WorkflowPlan.nodes`. */
  readonly index: number;
  readonly node: WorkflowNode;
  readonly type: NodeType;
  /** With defaults filled in; `$item` and formulas are as they were written. */
  readonly parameters: Parameters;
  readonly generation: number;
  /** One for each port of the type in its order, then `run` unless it is a trigger; edges may be none. */
  readonly inputs: readonly PlannedInput[];
  /** Edges that begin here, in the order of the definition. */
  readonly outgoing: readonly PlannedEdge[];
  /** Places of the nodes that edges come from, each once, ascending. */
  readonly predecessors: readonly number[];
  /** Place of the loop in whose body it is; −1 outside of loops. */
  readonly loop: number;
}

export interface PlannedInput {
  readonly port: InputPort;
  /** In the order of the definition. */
  readonly edges: readonly PlannedEdge[];
}

export interface PlannedEdge {
  readonly edge: WorkflowEdge;
  readonly source: number;
  readonly target: number;
}

export interface PlannedLoop {
  /** Place of the `loop.universe` node. */
  readonly index: number;
  /** Places of its body, ascending, `loop.collect` nodes among them. */
  readonly body: readonly number[];
  /** Places of the `loop.collect` nodes of its body, ascending. */
  readonly collects: readonly number[];
}

/**
 * Plans a workflow that `validateWorkflow` has nothing to say against.
 *
 * @throws WORKFLOW_INVALID for a type that the catalogue does not know, an edge without an end, a cycle, or any other
 * number of triggers than one
 */
export function planWorkflow(definition: WorkflowDefinition, catalogue: NodeCatalogue): WorkflowPlan {
  const graph = indexWorkflow(definition);
  const { generationOf, generations } = topologicalGenerations(dependencyGraph(definition, graph));
  const order = generations.flatMap((places) => places.filter((place) => !isDecoration(definition.nodes[place]!)));
  requireAll(definition, order.length);
  const indexAt = new Int32Array(definition.nodes.length).fill(-1);
  for (let i = 0; i < order.length; i++) indexAt[order[i]!] = i;

  const { incoming, outgoing } = plannedEdges(definition, graph, indexAt);
  const levels = new Map<number, number>();
  const nodes = order.map((place, index): PlannedNode => {
    const node = definition.nodes[place]!;
    const type = catalogue.find(node.type, node.data.version);
    if (!type) throw invalid(`type of node ${node.id}`, `${node.type} version ${node.data.version} is not known`);
    // Generations of notes and groups are empty once these are left out.
    const level = generationOf[place]!;
    if (!levels.has(level)) levels.set(level, levels.size);
    const loop = graph.loopOf[place]!;
    return {
      index,
      node,
      type,
      parameters: withDefaults(type, node),
      generation: levels.get(level)!,
      inputs: plannedInputs(type, incoming[index]!),
      outgoing: outgoing[index]!,
      predecessors: [...new Set(incoming[index]!.map(({ source }) => source))].sort((a, b) => a - b),
      loop: loop < 0 ? -1 : indexAt[loop]!,
    };
  });

  const planned: number[][] = Array.from({ length: levels.size }, () => []);
  for (const { index, generation } of nodes) planned[generation]!.push(index);
  return {
    definition,
    nodes,
    indexOf: new Map(nodes.map(({ node, index }) => [node.id, index])),
    trigger: triggerOf(nodes),
    generations: planned,
    loops: graph.loops.map((place) => plannedLoop(indexAt[place]!, nodes)),
  };
}

function plannedEdges(
  { nodes, edges }: WorkflowDefinition,
  { sources, targets }: { readonly sources: Int32Array; readonly targets: Int32Array },
  indexAt: Int32Array,
) {
  const incoming: PlannedEdge[][] = nodes.map(() => []);
  const outgoing: PlannedEdge[][] = nodes.map(() => []);
  for (let i = 0; i < edges.length; i++) {
    const edge = edges[i]!;
    const source = indexAt[sources[i]!] ?? -1;
    const target = indexAt[targets[i]!] ?? -1;
    if (source < 0 || target < 0) {
      throw invalid(`edge ${edge.id}`, `it leads from ${edge.source} to ${edge.target}, which cannot be run`);
    }
    const planned = { edge, source, target };
    outgoing[source]!.push(planned);
    incoming[target]!.push(planned);
  }
  return { incoming, outgoing };
}

function plannedInputs(type: NodeType, incoming: readonly PlannedEdge[]): PlannedInput[] {
  const ports = type.category === "trigger" ? type.inputs : [...type.inputs, RUN_PORT];
  return ports.map((port) => ({ port, edges: incoming.filter(({ edge }) => edge.targetHandle === port.name) }));
}

function withDefaults(type: NodeType, { data }: WorkflowNode): Parameters {
  const parameters: Record<string, Parameters[string]> = {};
  for (const { name, default: value } of type.parameters) if (value !== undefined) parameters[name] = value;
  return { ...parameters, ...data.parameters };
}

function requireAll({ nodes }: WorkflowDefinition, planned: number): void {
  const runnable = nodes.filter((node) => !isDecoration(node)).length;
  if (planned < runnable) throw invalid("edges", `${runnable - planned} nodes are in a cycle or behind one`);
}

function triggerOf(nodes: readonly PlannedNode[]): number {
  const triggers = nodes.filter(({ type }) => type.category === "trigger");
  if (triggers.length === 1) return triggers[0]!.index;
  throw invalid("nodes", `${triggers.length} triggers (accepted: exactly one)`);
}

function plannedLoop(index: number, nodes: readonly PlannedNode[]): PlannedLoop {
  const body = nodes.filter(({ loop }) => loop === index);
  const collects = body.filter(({ type }) => type.id === COLLECT_TYPE);
  return { index, body: body.map((node) => node.index), collects: collects.map((node) => node.index) };
}

function invalid(field: string, problem: string): WorkbenchError {
  return new WorkbenchError("WORKFLOW_INVALID", `invalid workflow: ${field}: ${problem}`);
}
