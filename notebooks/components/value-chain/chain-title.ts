import type { ValueChain, ValueChainNode } from "../../engine/value-chain/value-chain.js";
import { nodesById, shortName } from "./chain-words.js";

const NAMED = 3;

/** The nodes that most others depend on directly, with how many; those that push nothing are left out. */
export function mostDependedOn(chain: ValueChain): { node: ValueChainNode; dependents: number }[] {
  const nodes = nodesById(chain);
  const dependents = new Map<ValueChainNode, Set<string>>();
  for (const { sourceId, targetId } of chain.edges) {
    const source = nodes.get(sourceId);
    if (!source) continue;
    const known = dependents.get(source) ?? new Set();
    dependents.set(source, known.add(targetId));
  }
  return [...dependents]
    .map(([node, targets]) => ({ node, dependents: targets.size }))
    .sort((a, b) => b.dependents - a.dependents || a.node.id.localeCompare(b.node.id));
}

/** The finding above the picture: `Most depends on Iron ore (12), USD/VND (9) and Brent (7)`. */
export function chainTitle(chain: ValueChain): string {
  const named = mostDependedOn(chain)
    .slice(0, NAMED)
    .map(({ node, dependents }) => `${shortName(node)} (${dependents})`);
  if (named.length === 0) return "No dependency passes the filters";
  const last = named.at(-1);
  return `Most depends on ${named.length > 1 ? `${named.slice(0, -1).join(", ")} and ${last}` : last}`;
}
