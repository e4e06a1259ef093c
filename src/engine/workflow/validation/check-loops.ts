import type { WorkflowEdge } from "../workflow-definition.js";
import { COLLECT_TYPE, LOOP_TYPE } from "../workflow-graph.js";
import { type Examination, type Place, report } from "./examination.js";

/** A loop has a body; what enters it stays in it, but for what its collecting nodes gather. */
export function checkLoops(examination: Examination): void {
  const { definition, graph, facts } = examination;
  const hasBody = new Set<number>();
  for (let i = 0; i < facts.length; i++) {
    const node = definition.nodes[i]!;
    const loop = graph.loopOf[i]!;
    if (loop >= 0 && facts[i]) hasBody.add(loop);
    const place = { nodeIds: [node.id] };
    if (loop < 0 && node.type === COLLECT_TYPE) {
      invalid(examination, `node ${node.id}: ${COLLECT_TYPE} is in no loop (accepted: within one)`, place);
    }
    if (loop >= 0 && node.type === LOOP_TYPE) {
      invalid(examination, `node ${node.id}: a loop is within a loop (accepted: outside of others)`, place);
    }
    if (loop >= 0 && facts[i]?.isTrigger) {
      invalid(examination, `node ${node.id}: a trigger is within a loop (accepted: outside of loops)`, place);
    }
  }
  for (const loop of graph.loops) {
    if (hasBody.has(loop)) continue;
    const { id } = definition.nodes[loop]!;
    invalid(examination, `node ${id}: the loop has no body (accepted: at least one node within)`, { nodeIds: [id] });
  }
  if (graph.loops.length === 0) return;
  checkCrossings(examination);
  checkColumns(examination);
}

function checkCrossings(examination: Examination): void {
  const { definition, graph } = examination;
  for (let i = 0; i < definition.edges.length; i++) {
    const source = graph.sources[i]!;
    const target = graph.targets[i]!;
    if (source < 0 || target < 0) continue;
    const edge = definition.edges[i]!;
    const place = { edgeIds: [edge.id], nodeIds: [edge.source, edge.target] };
    const left = graph.loopOf[source]!;
    if (left >= 0 && graph.loopOf[target] !== left) {
      const way = `it leaves loop ${definition.nodes[left]!.id}`;
      invalid(
        examination,
        `edge ${edge.id}: ${way} (accepted: ${COLLECT_TYPE} within, and the loop's table outside)`,
        place,
      );
    } else if (definition.nodes[source]!.type === LOOP_TYPE)
      checkLoopOutput(examination, edge, graph.loopOf[target] === source, place);
  }
}

function checkLoopOutput(
  examination: Examination,
  { id, sourceHandle }: WorkflowEdge,
  isInside: boolean,
  place: Place,
): void {
  if (isInside && sourceHandle === "table") {
    invalid(examination, `edge ${id}: the loop's table is not there before its end (accepted within: item)`, place);
  } else if (!isInside && sourceHandle === "item") {
    invalid(examination, `edge ${id}: the loop's item is not known outside (accepted outside: table)`, place);
  }
}

/** Columns of a loop's table differ from one another and from `symbol`. */
function checkColumns(examination: Examination): void {
  const { definition, graph } = examination;
  const collecting = definition.nodes.flatMap((node, i) => {
    const column = node.data.parameters.column ?? examination.facts[i]?.parameters.get("column")?.default;
    return node.type === COLLECT_TYPE && graph.loopOf[i]! >= 0 ? [{ id: node.id, loop: graph.loopOf[i]!, column }] : [];
  });
  for (const [loop, nodes] of Map.groupBy(collecting, (node) => node.loop)) {
    for (const [column, alike] of Map.groupBy(nodes, (node) => node.column)) {
      if (alike.length === 1 && column !== "symbol") continue;
      const nodeIds = alike.map(({ id }) => id);
      const table = `the table of ${definition.nodes[loop]!.id}`;
      const problem =
        column === "symbol" ? `has a column symbol already` : `would get ${alike.length} columns ${column}`;
      invalid(examination, `nodes ${nodeIds.join(", ")}: ${table} ${problem} (accepted: different names)`, { nodeIds });
    }
  }
}

function invalid(examination: Examination, message: string, place: Place): void {
  report(examination, "LOOP_INVALID", message, place);
}
