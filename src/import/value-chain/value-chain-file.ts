import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import type { ValueChainDraft } from "../../engine/value-chain/value-chain-draft.js";
import {
  type FoundProblem,
  valueChainInvalid,
  valueChainProblems,
} from "../../engine/value-chain/value-chain-problems.js";

/** What was read of files, before it is known to be a graph. */
export interface ValueChainFile {
  readonly draft: ValueChainDraft;
  /** Where each element stands, such as `edges.csv line 7`, in the order of the draft. */
  readonly nodePlaces: readonly string[];
  readonly edgePlaces: readonly string[];
  /** What already the reader could not understand. */
  readonly problems: readonly FoundProblem[];
}

export type ImportMode = "merge" | "replace";

/**
 * The graph that results when a file's elements take the place of stored ones with the same id. With `merge` the
 * other stored elements stay, with `replace` they go. @throws VALUE_CHAIN_INVALID with every problem and its place
 */
export function valueChainWithFile(
  stored: ValueChain,
  { draft, nodePlaces, edgePlaces, problems }: ValueChainFile,
  mode: ImportMode,
): ValueChain {
  const others = mode === "merge" ? stored : { nodes: [], edges: [] };
  const nodeIds = new Set(draft.nodes.map(({ id }) => id));
  const edgeIds = new Set(draft.edges.map(({ id }) => id));
  const result: ValueChainDraft = {
    nodes: [...draft.nodes, ...others.nodes.filter(({ id }) => !nodeIds.has(id))],
    edges: [...draft.edges, ...others.edges.filter(({ id }) => !edgeIds.has(id))],
  };
  const all = [
    ...problems,
    ...valueChainProblems(result).map(({ element, index, id, message }) => {
      const place = element === "node" ? nodePlaces[index] : edgePlaces[index];
      return { place: place === undefined ? `${element} ${id}` : `${place}, ${element} ${id}`, message };
    }),
  ];
  if (all.length > 0) throw valueChainInvalid(all);
  return result as ValueChain;
}
