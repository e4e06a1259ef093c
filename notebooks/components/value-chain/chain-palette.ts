import { NODE_KINDS, type NodeKind, type ValueChainNode } from "../../engine/value-chain/value-chain.js";
import { currentTheme, type Theme } from "../look/appearance.js";

export const NODE_COLORINGS = [
  { value: "kind", label: "Kind" },
  { value: "sector", label: "Sector" },
] as const;

export type NodeColoring = (typeof NODE_COLORINGS)[number]["value"];

export const NODE_KIND_LABELS: Readonly<Record<NodeKind, string>> = {
  company: "Company",
  commodity: "Commodity",
  currency: "Currency",
  rate: "Interest rate",
  "sector-index": "Sector index",
  freight: "Freight",
  weather: "Weather",
  demand: "Demand",
};

/** Hues apart from teal and vermilion, which are for the edges' signs; each has 4.5 or more on its panel. */
const HUES: Readonly<Record<Theme, readonly string[]>> = {
  dark: ["#6ea8fe", "#e3b341", "#b59cf6", "#f49ac1", "#9aa4b2", "#7fd1e8", "#a3d977", "#d9a58c"],
  light: ["#1f5fbf", "#8a6100", "#6b46c1", "#a62c6e", "#5b6675", "#0f6f8c", "#466f1d", "#8c4a2b"],
};
const OTHER_HUE = 4;

export interface ColorKey {
  readonly label: string;
  readonly color: string;
}

export interface NodeColors {
  readonly colorOf: (node: ValueChainNode) => string;
  readonly keys: readonly ColorKey[];
}

/**
 * Colours of the nodes in the theme as it is now, and their legend. The largest sectors have a hue each, the rest
 * and what belongs to no sector share the grey one; a sector keeps its hue when nodes are filtered out of `shown`.
 */
export function nodeColors(
  all: readonly ValueChainNode[],
  shown: readonly ValueChainNode[],
  coloring: NodeColoring,
): NodeColors {
  const hues = HUES[currentTheme()];
  const grey = hues[OTHER_HUE] ?? "#808080";
  if (coloring === "kind") {
    const colorOf = (kind: NodeKind) => hues[NODE_KINDS.indexOf(kind)] ?? grey;
    const kinds = NODE_KINDS.filter((kind) => shown.some((node) => node.kind === kind));
    return {
      colorOf: (node) => colorOf(node.kind),
      keys: kinds.map((kind) => ({ label: NODE_KIND_LABELS[kind], color: colorOf(kind) })),
    };
  }
  const colorful = hues.filter((_, index) => index !== OTHER_HUE);
  const colorBySector = new Map(
    sectorsBySize(all)
      .slice(0, colorful.length)
      .map((sector, index) => [sector, colorful[index] ?? grey]),
  );
  const seen = new Set(shown.map(({ sector }) => (sector && colorBySector.has(sector) ? sector : undefined)));
  const keys = [...colorBySector].filter(([sector]) => seen.has(sector));
  return {
    colorOf: ({ sector }) => (sector && colorBySector.get(sector)) || grey,
    keys: [
      ...keys.map(([sector, color]) => ({ label: sectorLabel(sector), color })),
      ...(seen.has(undefined) ? [{ label: "Other or none", color: grey }] : []),
    ],
  };
}

/** The sectors of the nodes, the one with most nodes first. */
export function sectorsBySize(nodes: readonly ValueChainNode[]): string[] {
  const counts = new Map<string, number>();
  for (const { sector } of nodes) if (sector) counts.set(sector, (counts.get(sector) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([sector]) => sector);
}

/** `Oil and gas` of `oil-and-gas`. */
export function sectorLabel(sector: string): string {
  const words = sector.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
