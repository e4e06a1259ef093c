import type { ValueChain, ValueChainEdge, ValueChainNode } from "./value-chain.js";

export interface ElementChange<T> {
  readonly before: T;
  readonly after: T;
  /** Names of the fields that differ, in the order of the type. */
  readonly fields: readonly (keyof T & string)[];
}

export interface ElementComparison<T> {
  /** In the second graph only. */
  readonly added: readonly T[];
  readonly changed: readonly ElementChange<T>[];
  /** In the first graph only. */
  readonly retired: readonly T[];
}

export interface ValueChainComparison {
  readonly nodes: ElementComparison<ValueChainNode>;
  readonly edges: ElementComparison<ValueChainEdge>;
}

/** What became of a graph, element by element, matched by id. Order does not count. */
export function compareValueChains(before: ValueChain, after: ValueChain): ValueChainComparison {
  return { nodes: compareElements(before.nodes, after.nodes), edges: compareElements(before.edges, after.edges) };
}

export function isUnchanged({ nodes, edges }: ValueChainComparison): boolean {
  return [nodes, edges].every(({ added, changed, retired }) => added.length + changed.length + retired.length === 0);
}

function compareElements<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
): ElementComparison<T> {
  const former = new Map(before.map((element) => [element.id, element]));
  const kept = new Set(after.map(({ id }) => id));
  const added: T[] = [];
  const changed: ElementChange<T>[] = [];
  for (const element of after) {
    const previous = former.get(element.id);
    if (previous === undefined) {
      added.push(element);
      continue;
    }
    // A field that is undefined in one may be absent in the other.
    const names = Object.keys({ ...previous, ...element }) as (keyof T & string)[];
    const fields = names.filter((name) => element[name] !== previous[name]);
    if (fields.length > 0) changed.push({ before: previous, after: element, fields });
  }
  return { added, changed, retired: before.filter(({ id }) => !kept.has(id)) };
}
