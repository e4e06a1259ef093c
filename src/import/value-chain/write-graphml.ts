import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import { EDGE_COLUMNS, NODE_COLUMNS } from "./element-columns.js";

export const GRAPHML_NAMESPACE = "http://graphml.graphdrawing.org/xmlns";

/** Attributes of GraphML's own elements; everything else is `data`. */
export const STRUCTURAL_COLUMNS: ReadonlySet<string> = new Set(["id", "source_id", "target_id"]);

/** The graph as GraphML (Brandes et al. 2002): one `data` for each field that is there. */
export function writeGraphml({ nodes, edges }: ValueChain): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<graphml xmlns="${GRAPHML_NAMESPACE}">`,
    ...keys("node", Object.values(NODE_COLUMNS)),
    ...keys("edge", Object.values(EDGE_COLUMNS)),
    '  <graph id="value-chain" edgedefault="directed">',
    ...nodes.map((node) => `    <node id="${escaped(node.id)}">${dataOf("node", node, NODE_COLUMNS)}</node>`),
    ...edges.map(
      (edge) =>
        `    <edge id="${escaped(edge.id)}" source="${escaped(edge.sourceId)}" target="${escaped(edge.targetId)}">${dataOf("edge", edge, EDGE_COLUMNS)}</edge>`,
    ),
    "  </graph>",
    "</graphml>",
    "",
  ].join("\n");
}

function keys(element: "node" | "edge", columns: readonly string[]): string[] {
  return columns
    .filter((column) => !STRUCTURAL_COLUMNS.has(column))
    .map((column) => {
      const type = column === "sign" ? "int" : "string";
      return `  <key id="${element}-${column}" for="${element}" attr.name="${column}" attr.type="${type}"/>`;
    });
}

function dataOf<T extends object>(
  element: "node" | "edge",
  fields: T,
  columns: Readonly<Record<keyof T & string, string>>,
): string {
  return (Object.keys(columns) as (keyof T & string)[])
    .filter((field) => fields[field] !== undefined && !STRUCTURAL_COLUMNS.has(columns[field]))
    .map((field) => `<data key="${element}-${columns[field]}">${escaped(String(fields[field]))}</data>`)
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
