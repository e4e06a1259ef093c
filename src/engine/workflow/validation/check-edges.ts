import { canConnect } from "../port-value.js";
import type { WorkflowEdge } from "../workflow-definition.js";
import { isDecoration } from "../workflow-graph.js";
import { type Examination, report, shown } from "./examination.js";
import type { TypeFacts } from "./type-facts.js";

/** How many edges end at each input. */
export interface InputUse {
  /** `input` is a place in the inputs of the node's facts. */
  edgesAt(node: number, input: number): number;
}

/** Ends that are there, ports that are there and fit, and as many edges at each input as it needs and takes. */
export function checkEdges(examination: Examination): InputUse {
  const { definition, graph, facts } = examination;
  const slots = inputSlots(facts);
  const edgesAt = new Int32Array(slots.count);
  /** Of each edge, the number of its input; −1 where that is not known. */
  const slotOf = new Int32Array(definition.edges.length).fill(-1);
  for (let i = 0; i < slotOf.length; i++) {
    const source = graph.sources[i]!;
    const target = graph.targets[i]!;
    if (source < 0 || target < 0 || hasNoPorts(examination, source) || hasNoPorts(examination, target)) {
      reportDangling(examination, i);
      continue;
    }
    const input = checkPorts(examination, i, facts[source], facts[target]);
    if (input < 0) continue;
    slotOf[i] = slots.first[target]! + input;
    edgesAt[slotOf[i]!]!++;
  }
  checkCounts(examination, slots.first, edgesAt);
  checkRepeated(examination, (edge) => slotOf[edge]! < 0 || edgesAt[slotOf[edge]!]! > 1);
  return { edgesAt: (node, input) => edgesAt[slots.first[node]! + input]! };
}

/** A number for each input port of each node. */
function inputSlots(facts: readonly (TypeFacts | undefined)[]) {
  const first = new Int32Array(facts.length);
  let count = 0;
  for (let i = 0; i < facts.length; i++) {
    first[i] = count;
    count += facts[i]?.inputs.length ?? 0;
  }
  return { first, count };
}

function hasNoPorts({ definition, facts }: Examination, node: number): boolean {
  return facts[node] === undefined && isDecoration(definition.nodes[node]!);
}

function reportDangling(examination: Examination, index: number): void {
  const edge = examination.definition.edges[index]!;
  const { definition, graph } = examination;
  for (const [end, id, at] of [
    ["source", edge.source, graph.sources[index]!],
    ["target", edge.target, graph.targets[index]!],
  ] as const) {
    const node = definition.nodes[at];
    if (node && !isDecoration(node)) continue;
    const problem = node ? `is a ${node.type}, which has no ports` : "is no node";
    report(
      examination,
      "EDGE_DANGLING",
      `edge ${edge.id}: ${end} ${shown(id)} ${problem} (accepted: a node that runs)`,
      {
        edgeIds: [edge.id],
        nodeIds: node ? [node.id] : [],
      },
    );
  }
}

/** The place of the port at which the edge ends; −1 when there is none or nothing is known of the node. */
function checkPorts(
  examination: Examination,
  index: number,
  source: TypeFacts | undefined,
  target: TypeFacts | undefined,
): number {
  const edge = examination.definition.edges[index]!;
  const output = source?.outputs.get(edge.sourceHandle);
  if (source && !output) reportUnknownPort(examination, edge, "source", [...source.outputs.keys()]);
  if (!target) return -1;
  const input = target.inputIndexOf.get(edge.targetHandle) ?? -1;
  if (input < 0) {
    reportUnknownPort(examination, edge, "target", [...target.inputIndexOf.keys()]);
    return -1;
  }
  const { accepts } = target.inputs[input]!;
  if (output && !canConnect(output.type, accepts)) {
    const from = `${edge.source}.${edge.sourceHandle} gives ${output.type}`;
    const to = `${edge.target}.${edge.targetHandle} takes something else (accepted: ${accepts.join(", ")})`;
    report(examination, "PORT_TYPE_MISMATCH", `edge ${edge.id}: ${from}, ${to}`, {
      edgeIds: [edge.id],
      nodeIds: [edge.source, edge.target],
    });
  }
  return input;
}

function reportUnknownPort(
  examination: Examination,
  edge: WorkflowEdge,
  end: "source" | "target",
  ports: readonly string[],
): void {
  const direction = end === "source" ? "output" : "input";
  const port = shown(end === "source" ? edge.sourceHandle : edge.targetHandle);
  const accepted = ports.length === 0 ? `it has no ${direction}s` : `accepted: ${ports.join(", ")}`;
  report(examination, "PORT_UNKNOWN", `edge ${edge.id}: ${edge[end]} has no ${direction} ${port} (${accepted})`, {
    edgeIds: [edge.id],
    nodeIds: [edge[end]],
  });
}

function checkCounts(examination: Examination, first: Int32Array, edgesAt: Int32Array): void {
  const { definition, facts } = examination;
  const crowded: number[] = [];
  for (let node = 0; node < facts.length; node++) {
    const type = facts[node];
    if (!type) continue;
    for (const input of type.required) {
      if (edgesAt[first[node]! + input] !== 0) continue;
      const { id } = definition.nodes[node]!;
      const { name, accepts } = type.inputs[input]!;
      const message = `node ${id}: nothing is connected to ${name} (accepted: ${accepts.join(", ")})`;
      report(examination, "INPUT_MISSING", message, { nodeIds: [id] });
    }
    for (let input = 0; input < type.inputs.length; input++) {
      if (edgesAt[first[node]! + input]! > 1 && !type.inputs[input]!.takesMany) crowded.push(node);
    }
  }
  if (crowded.length > 0) reportCrowded(examination, new Set(crowded));
}

function reportCrowded(examination: Examination, nodes: ReadonlySet<number>): void {
  const { definition, graph, facts } = examination;
  const candidates = definition.edges.filter((_, edge) => nodes.has(graph.targets[edge]!));
  for (const [id, arriving] of Map.groupBy(candidates, ({ target }) => target)) {
    const { inputs, inputIndexOf } = facts[graph.indexOf.get(id)!]!;
    for (const [port, edges] of Map.groupBy(arriving, ({ targetHandle }) => targetHandle)) {
      const input = inputs[inputIndexOf.get(port) ?? -1];
      if (!input || input.takesMany || edges.length < 2) continue;
      report(examination, "INPUT_CROWDED", `node ${id}: ${edges.length} edges end at ${port} (accepted: one)`, {
        nodeIds: [id],
        edgeIds: edges.map((edge) => edge.id),
      });
    }
  }
}

function checkRepeated(examination: Examination, mayBeRepeated: (edge: number) => boolean): void {
  const { edges } = examination.definition;
  const firstOf = new Map<string, WorkflowEdge>();
  for (let i = 0; i < edges.length; i++) {
    if (!mayBeRepeated(i)) continue;
    const edge = edges[i]!;
    const { id, source, sourceHandle, target, targetHandle } = edge;
    const key = `${source}\0${sourceHandle}\0${target}\0${targetHandle}`;
    const first = firstOf.get(key);
    if (!first) {
      firstOf.set(key, edge);
      continue;
    }
    const way = `${source}.${sourceHandle} to ${target}.${targetHandle}`;
    report(
      examination,
      "EDGE_DUPLICATE",
      `edge ${id}: ${first.id} leads from ${way} already (accepted: one such edge)`,
      {
        edgeIds: [first.id, id],
      },
    );
  }
}
