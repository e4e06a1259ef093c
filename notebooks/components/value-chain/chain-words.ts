import type {
  Confidence,
  EdgeKind,
  ValueChain,
  ValueChainEdge,
  ValueChainNode,
  ValueChainNodeId,
} from "../../engine/value-chain/value-chain.js";

export const EDGE_KIND_LABELS: Readonly<Record<EdgeKind, string>> = {
  "input-of": "Input",
  "product-of": "Product",
  "supplier-of": "Supplier",
  "customer-of": "Customer",
  "competitor-of": "Competitor",
  "currency-exposure": "Currency",
  "rate-exposure": "Interest rate",
  "member-of": "Member",
};

export const CONFIDENCE_LABELS: Readonly<Record<Confidence, string>> = {
  high: "High",
  medium: "Medium",
  low: "Low",
};

/** `▲ same way`: the sign as a shape and in words. */
export function signInWords(sign: -1 | 0 | 1): string {
  if (sign === 0) return "• either way";
  return sign > 0 ? "▲ same way" : "▼ opposite way";
}

export function nodesById(chain: ValueChain): ReadonlyMap<ValueChainNodeId, ValueChainNode> {
  return new Map(chain.nodes.map((node) => [node.id, node]));
}

/** What stands beside a node: the symbol of a company, for everything else the name. */
export function shortName({ kind, symbol, name }: ValueChainNode): string {
  return kind === "company" && symbol !== undefined ? symbol : name;
}

const LONGEST_LABEL = 26;

/** A name as it fits beside a node: up to the first comma, and cut between words where it is longer than 26 letters. */
export function shortLabel(name: string): string {
  const [main = name] = name.split(",");
  if (main.length <= LONGEST_LABEL) return main;
  const cut = main.slice(0, LONGEST_LABEL);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), LONGEST_LABEL / 2)).trimEnd()}…`;
}

/** `Iron ore is an input of Hòa Phát`, for a heading. */
export function edgeSentence(
  { kind }: ValueChainEdge,
  source: ValueChainNode | undefined,
  target: ValueChainNode | undefined,
): string {
  const [from, to] = [source, target].map((node) => (node ? shortName(node) : "?"));
  switch (kind) {
    case "input-of":
      return `${from} is an input of ${to}`;
    case "product-of":
      return `${from} is a product of ${to}`;
    case "supplier-of":
      return `${from} supplies ${to}`;
    case "customer-of":
      return `${from} is a customer of ${to}`;
    case "competitor-of":
      return `${from} competes with ${to}`;
    case "currency-exposure":
      return `${to} is exposed to the currency ${from}`;
    case "rate-exposure":
      return `${to} is exposed to the rate ${from}`;
    case "member-of":
      return `${from} is a member of ${to}`;
  }
}
