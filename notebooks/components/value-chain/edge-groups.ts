import type { EdgeKind, ValueChain, ValueChainEdge, ValueChainNodeId } from "../../engine/value-chain/value-chain.js";

export interface EdgeGroup {
  readonly title: string;
  readonly edges: readonly ValueChainEdge[];
}

/** Titles as a reader of one node sees them: what moves it, then what it moves. */
const INCOMING: readonly (readonly [EdgeKind, string])[] = [
  ["input-of", "Inputs"],
  ["supplier-of", "Suppliers"],
  ["product-of", "Products"],
  ["customer-of", "Customers"],
  ["currency-exposure", "Currencies"],
  ["rate-exposure", "Interest rates"],
  ["member-of", "Members"],
];
const OUTGOING: readonly (readonly [EdgeKind, string])[] = [
  ["input-of", "Is an input of"],
  ["product-of", "Is a product of"],
  ["supplier-of", "Supplies"],
  ["customer-of", "Buys from"],
  ["currency-exposure", "Exposed to it"],
  ["rate-exposure", "Exposed to it"],
  ["member-of", "Is a member of"],
];
const COMPETITORS = "competitor-of";

/** The edges of a node by what they are to it, without empty groups; competitors stand together, whoever points. */
export function edgeGroups({ edges }: ValueChain, id: ValueChainNodeId): EdgeGroup[] {
  const incoming = INCOMING.map(([kind, title]) => ({
    title,
    edges: edges.filter((edge) => edge.targetId === id && edge.kind === kind),
  }));
  const outgoing = OUTGOING.map(([kind, title]) => ({
    title,
    edges: edges.filter((edge) => edge.sourceId === id && edge.kind === kind),
  }));
  const competitors = edges.filter(
    ({ kind, sourceId, targetId }) => kind === COMPETITORS && (sourceId === id || targetId === id),
  );
  const groups = [...incoming, { title: "Competitors", edges: competitors }, ...outgoing];
  return groups.filter((group) => group.edges.length > 0);
}
