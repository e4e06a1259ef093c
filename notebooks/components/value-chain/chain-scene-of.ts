import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import { type CentralityName, importances } from "./chain-centrality.js";
import { type NodeColoring, type NodeColors, nodeColors } from "./chain-palette.js";
import { type ChainScene, edgeEnds, nodeRadius } from "./chain-scene.js";
import { shortLabel, shortName } from "./chain-words.js";
import { fitPositions, type Positions } from "./positions.js";

export interface SceneOptions {
  /** The graph of the day, whose places and hues the shown part keeps. */
  readonly whole: ValueChain;
  readonly positions: Positions;
  readonly shown: ValueChain;
  readonly size: CentralityName;
  readonly coloring: NodeColoring;
  /** Colours in place of those of kind or sector, as for a shock. */
  readonly colors?: NodeColors | undefined;
  /** Width of the drawing for its height. */
  readonly aspect: number;
}

/** Size of the nodes on a phone held upright, for their size on a wide screen. */
const UPRIGHT_SCALE = 0.7;

/** What is drawn of the shown part. `positions` are those of `whole`, or of `shown` when it was laid out by itself. */
export function chainScene({ whole, positions, shown, size, coloring, colors, aspect }: SceneOptions): ChainScene {
  const importance = importances(shown, size);
  const largest = importance.reduce((most, each) => Math.max(most, each), 0);
  const { colorOf, keys } = colors ?? nodeColors(whole.nodes, shown.nodes, coloring);
  const ends = edgeEnds(shown);
  const joined = new Set([...ends.sources, ...ends.targets]);
  return {
    chain: shown,
    ...ends,
    positions: fitPositions(positionsOf(shown, whole, positions), aspect, (node) => joined.has(node)),
    appearance: {
      colors: shown.nodes.map(colorOf),
      radii: importance.map((each) => nodeRadius(each, largest, shown.nodes.length) * (aspect < 1 ? UPRIGHT_SCALE : 1)),
      keys,
    },
    byImportance: [...importance.keys()].sort((a, b) => (importance[b] ?? 0) - (importance[a] ?? 0) || a - b),
    labels: shown.nodes.map((node) => shortLabel(shortName(node))),
  };
}

function positionsOf(shown: ValueChain, whole: ValueChain, positions: Positions): Positions {
  if (positions.x.length === shown.nodes.length) return positions;
  const indexes = new Map(whole.nodes.map(({ id }, index) => [id, index]));
  const pick = (values: Float64Array) => Float64Array.from(shown.nodes, ({ id }) => values[indexes.get(id) ?? 0] ?? 0);
  return { x: pick(positions.x), y: pick(positions.y) };
}
