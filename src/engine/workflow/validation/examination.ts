import type { NodeCatalogue } from "../node-type.js";
import type { WorkflowDefinition } from "../workflow-definition.js";
import { indexWorkflow, type WorkflowGraph } from "../workflow-graph.js";
import type { EdgeId, NodeId } from "../workflow-ids.js";
import type { WorkflowProblem, WorkflowProblemCode } from "../workflow-problem.js";
import { factsOf, type TypeFacts } from "./type-facts.js";

/** A workflow under examination: what every check reads, and the problems that they find. */
export interface Examination {
  readonly definition: WorkflowDefinition;
  readonly catalogue: NodeCatalogue;
  readonly graph: WorkflowGraph;
  /** Of each node; undefined for notes, groups and types that the catalogue does not know. */
  readonly facts: readonly (TypeFacts | undefined)[];
  readonly problems: WorkflowProblem[];
}

export function beginExamination(definition: WorkflowDefinition, catalogue: NodeCatalogue): Examination {
  return {
    definition,
    catalogue,
    graph: indexWorkflow(definition),
    facts: factsOfNodes(definition, catalogue),
    problems: [],
  };
}

/** Nobody reads more of them, and a graph made to have millions should not fill the memory. */
export const MOST_PROBLEMS = 10_000;

export interface Place {
  readonly nodeIds?: readonly NodeId[];
  readonly edgeIds?: readonly EdgeId[];
}

export function report(
  { problems }: Examination,
  code: WorkflowProblemCode,
  message: string,
  { nodeIds = [], edgeIds = [] }: Place,
): void {
  if (problems.length < MOST_PROBLEMS) problems.push({ code, message, nodeIds, edgeIds });
}

const LONGEST_SHOWN = 80;

/** A value of the definition as messages show it: JSON, cut off after 80 characters. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function factsOfNodes({ nodes }: WorkflowDefinition, catalogue: NodeCatalogue): (TypeFacts | undefined)[] {
  // Most nodes have the version of the first of their type.
  const latest = new Map<string, TypeFacts>();
  return nodes.map(({ type: id, data: { version } }) => {
    const known = latest.get(id);
    if (known?.type.version === version) return known;
    const type = catalogue.find(id, version);
    const facts = type && factsOf(type);
    if (facts) latest.set(id, facts);
    return facts;
  });
}
