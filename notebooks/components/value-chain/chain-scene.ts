import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import { colorTokens } from "../look/color-tokens.js";
import type { ColorKey } from "./chain-palette.js";
import type { Positions } from "./positions.js";

/** How the nodes look, and what says so. */
export interface NodeAppearance {
  /** `#rrggbb`, in the order of the nodes. */
  readonly colors: readonly string[];
  /** Radius in pixels at the start, in the order of the nodes. */
  readonly radii: Float64Array;
  readonly keys: readonly ColorKey[];
}

/** Everything that is drawn: nodes and edges in the order of the chain, edges as pairs of node indexes. */
export interface ChainScene {
  readonly chain: ValueChain;
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly positions: Positions;
  readonly appearance: NodeAppearance;
  /** Node indexes, those first whose names matter most. */
  readonly byImportance: readonly number[];
  readonly labels: readonly string[];
}

const SMALLEST_RADIUS = 4;
const LARGEST_RADIUS = 15;

/** Radius of a node of this importance: its area grows with it. */
export function nodeRadius(importance: number, largest: number, nodeCount: number): number {
  const crowd = Math.min(1, Math.sqrt(120 / Math.max(nodeCount, 1)));
  const share = largest > 0 ? Math.sqrt(Math.max(importance, 0) / largest) : 0;
  return (SMALLEST_RADIUS + (LARGEST_RADIUS - SMALLEST_RADIUS) * share) * Math.max(crowd, 0.4);
}

/** Where the edges begin and end; every edge of a valid chain joins two of its nodes. */
export function edgeEnds({ nodes, edges }: ValueChain): { sources: Int32Array; targets: Int32Array } {
  const indexes = new Map(nodes.map(({ id }, index) => [id, index]));
  return {
    sources: Int32Array.from(edges, ({ sourceId }) => indexes.get(sourceId) ?? 0),
    targets: Int32Array.from(edges, ({ targetId }) => indexes.get(targetId) ?? 0),
  };
}

/** Nodes that an edge joins to `node`, in either direction. */
export function neighboursOf({ sources, targets }: Pick<ChainScene, "sources" | "targets">, node: number): Set<number> {
  const found = new Set<number>();
  sources.forEach((source, edge) => {
    const target = targets[edge] ?? -1;
    if (source === node) found.add(target);
    if (target === node) found.add(source);
  });
  found.delete(node);
  return found;
}

/** What of the scene stands out: a chosen node with its edges and neighbours, or a chosen edge with its ends. */
export interface Emphasis {
  readonly nodes: ReadonlySet<number>;
  readonly edges: ReadonlySet<number>;
  /** The node with a ring around it; −1 for none. */
  readonly center: number;
}

/** The emphasis of what is chosen, a node's id or an edge's; `undefined` when that is not in the scene. */
export function emphasisOf(scene: ChainScene, chosen: string): Emphasis | undefined {
  const { sources, targets, chain } = scene;
  const center = chain.nodes.findIndex(({ id }) => id === chosen);
  if (center >= 0) {
    const edges = new Set(sources.keys().filter((edge) => sources[edge] === center || targets[edge] === center));
    return { center, edges, nodes: neighboursOf(scene, center).add(center) };
  }
  const edge = chain.edges.findIndex(({ id }) => id === chosen);
  if (edge < 0) return undefined;
  return { center: -1, edges: new Set([edge]), nodes: new Set([sources[edge] ?? 0, targets[edge] ?? 0]) };
}

/** The emphasis of a set of nodes and edges, by their ids, without one in the centre. */
export function emphasisOfAll({ chain }: ChainScene, ids: ReadonlySet<string>): Emphasis {
  const among = (elements: readonly { readonly id: string }[]) =>
    new Set(elements.keys().filter((index) => ids.has(elements[index]?.id ?? "")));
  return { center: -1, nodes: among(chain.nodes), edges: among(chain.edges) };
}

/** Teal, vermilion or grey, in the theme as it is now. */
export function signColor(sign: -1 | 0 | 1, { gain, loss, muted } = colorTokens()): string {
  if (sign === 0) return muted;
  return sign > 0 ? gain : loss;
}

/** Dash and gap in pixels; a line without gaps for edges that push the same way. */
export const SIGN_DASHES = { 1: undefined, "-1": [7, 4], 0: [2, 3] } as const;
