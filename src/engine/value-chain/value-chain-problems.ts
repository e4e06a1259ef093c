import { WorkbenchError } from "../errors.js";
import { edgeFieldProblems, nodeFieldProblems } from "./field-problems.js";
import type { ValueChain } from "./value-chain.js";
import type { ValueChainDraft } from "./value-chain-draft.js";

/** One thing that keeps a draft from being a graph. */
export interface ValueChainProblem {
  readonly element: "node" | "edge";
  /** Place of the element in the draft's list. */
  readonly index: number;
  readonly id: string;
  /** `invalid sign: 2 (accepted: -1, 0 or 1)` */
  readonly message: string;
}

/** Everything that is wrong with a draft, nodes before edges; empty when it is a graph. Cycles are not wrong. */
export function valueChainProblems({ nodes, edges }: ValueChainDraft): ValueChainProblem[] {
  const nodeIds = new Set<string>();
  const edgeIds = new Set<string>();
  const problems: ValueChainProblem[] = [];
  nodes.forEach((node, index) => {
    const messages = [...nodeFieldProblems(node), ...duplicateProblem(node.id, nodeIds, "node")];
    for (const message of messages) problems.push({ element: "node", index, id: node.id, message });
  });
  edges.forEach((edge, index) => {
    const messages = [...edgeFieldProblems(edge), ...duplicateProblem(edge.id, edgeIds, "edge")];
    for (const field of ["sourceId", "targetId"] as const) {
      if (!nodeIds.has(edge[field])) messages.push(`invalid ${field}: ${edge[field]} (accepted: the id of a node)`);
    }
    if (edge.sourceId === edge.targetId) {
      messages.push(`invalid targetId: ${edge.targetId} (accepted: a node other than the source)`);
    }
    for (const message of messages) problems.push({ element: "edge", index, id: edge.id, message });
  });
  return problems;
}

/** The draft as a graph. @throws VALUE_CHAIN_INVALID with every problem */
export function requireValueChain(draft: ValueChainDraft): ValueChain {
  const problems = valueChainProblems(draft);
  if (problems.length > 0) {
    throw valueChainInvalid(problems.map(({ element, id, message }) => ({ place: `${element} ${id}`, message })));
  }
  return draft as ValueChain;
}

/** A problem with where it was found, such as `edge iron-ore--hpg--input-of` or `edges.csv line 7`. */
export interface FoundProblem {
  readonly place: string;
  readonly message: string;
}

const SHOWN_PROBLEMS = 20;
const LONGEST_LINE = 300;

/** The error for these problems; its message has the first twenty, `details.problems` all. */
export function valueChainInvalid(problems: readonly FoundProblem[]): WorkbenchError {
  const lines = problems.slice(0, SHOWN_PROBLEMS).map(({ place, message }) => cut(`${place}: ${message}`));
  const more = problems.length > SHOWN_PROBLEMS ? [`and ${problems.length - SHOWN_PROBLEMS} more`] : [];
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new WorkbenchError("VALUE_CHAIN_INVALID", `invalid value chain, ${count}: ${[...lines, ...more].join("; ")}`, {
    details: { problems },
  });
}

function cut(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}

function duplicateProblem(id: string, seen: Set<string>, element: string): string[] {
  if (seen.has(id)) return [`duplicate id: ${id} (accepted: an id that no other ${element} has)`];
  seen.add(id);
  return [];
}
