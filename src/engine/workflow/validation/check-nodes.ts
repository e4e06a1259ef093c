import type { WorkflowNode } from "../workflow-definition.js";
import { isDecoration, LOOP_TYPE } from "../workflow-graph.js";
import { type Examination, report, shown } from "./examination.js";

const DEEPEST_PARENTS = 10;

/** Ids once each, types and versions that the catalogue knows, parents that can hold a node. */
export function checkNodes(examination: Examination): void {
  checkIds(examination);
  checkTypes(examination);
  checkParents(examination);
}

function checkIds(examination: Examination): void {
  const { nodes, edges } = examination.definition;
  if (examination.graph.indexOf.size < nodes.length) {
    for (const [id, count] of repeated(nodes)) {
      report(examination, "DUPLICATE_ID", `id ${shown(id)} of ${count} nodes (accepted: a different one for each)`, {
        nodeIds: [id],
      });
    }
  }
  for (const [id, count] of repeated(edges)) {
    report(examination, "DUPLICATE_ID", `id ${shown(id)} of ${count} edges (accepted: a different one for each)`, {
      edgeIds: [id],
    });
  }
}

/** Ids that occur more than once, with how often. */
function repeated<Id extends string>(elements: readonly { readonly id: Id }[]): Map<Id, number> {
  const seen = new Set<Id>();
  const counts = new Map<Id, number>();
  for (const { id } of elements) {
    if (seen.size === seen.add(id).size) counts.set(id, (counts.get(id) ?? 1) + 1);
  }
  return counts;
}

function checkTypes(examination: Examination): void {
  const { definition, catalogue, facts } = examination;
  for (let i = 0; i < facts.length; i++) {
    const node = definition.nodes[i]!;
    if (facts[i] || isDecoration(node)) continue;
    const versions = catalogue.versions(node.type);
    if (versions.length === 0) {
      report(
        examination,
        "NODE_TYPE_UNKNOWN",
        `node ${node.id}: type ${shown(node.type)} (accepted: one of the catalogue)`,
        {
          nodeIds: [node.id],
        },
      );
    } else {
      const accepted = `accepted for ${node.type}: ${versions.join(", ")}`;
      report(
        examination,
        "NODE_VERSION_UNKNOWN",
        `node ${node.id}: version ${shown(node.data.version)} (${accepted})`,
        {
          nodeIds: [node.id],
        },
      );
    }
  }
}

function checkParents(examination: Examination): void {
  const { definition, graph } = examination;
  for (const node of definition.nodes) {
    if (node.parentId === undefined) continue;
    const parent = definition.nodes[graph.indexOf.get(node.parentId) ?? -1];
    const place = { nodeIds: [node.id] };
    const subject = `node ${node.id}: parent ${shown(node.parentId)}`;
    if (!parent) {
      report(examination, "DEFINITION_INVALID", `${subject} is no node (accepted: a group or a loop)`, place);
    } else if (parent.type !== "group" && parent.type !== LOOP_TYPE) {
      report(examination, "DEFINITION_INVALID", `${subject} is a ${parent.type} (accepted: a group or a loop)`, place);
    } else if (node.type === "group" && parent.type === LOOP_TYPE) {
      report(examination, "LOOP_INVALID", `${subject} is a loop (accepted for a group: another group)`, place);
    } else if (isNestedTooDeeply(examination, node)) {
      const accepted = `accepted: at most ${DEEPEST_PARENTS} groups around a node, and none around itself`;
      report(examination, "DEFINITION_INVALID", `${subject} is nested too deeply (${accepted})`, place);
    }
  }
}

function isNestedTooDeeply({ definition, graph }: Examination, node: WorkflowNode): boolean {
  let { parentId } = node;
  for (let depth = 0; parentId !== undefined; depth++) {
    if (depth === DEEPEST_PARENTS) return true;
    parentId = definition.nodes[graph.indexOf.get(parentId) ?? -1]?.parentId;
  }
  return false;
}
