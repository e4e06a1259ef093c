import type { MeasuredEdgeBeta } from "../../engine/value-chain/edge-beta.js";
import { propagateShock, type ShockReport } from "../../engine/value-chain/shock-propagation.js";
import type { ValueChain, ValueChainNodeId } from "../../engine/value-chain/value-chain.js";
import { buildValueChainGraph } from "../../engine/value-chain/value-chain-graph.js";
import { formatChange } from "../format/number-format.js";
import { colorTokens } from "../look/color-tokens.js";
import { divergingColor, symmetricLimit } from "../look/diverging-color.js";
import type { NodeColors } from "./chain-palette.js";
import { mixedColor } from "./mixed-color.js";

export const SHOCK_SIZES = [-20, -10, -5, 5, 10, 20] as const;
const LIMIT_STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2] as const;
const MOST_PATHS = 20_000;

/** A move of one node. */
export interface Shock {
  readonly nodeId: string;
  readonly percent: number;
}

/** What a shock does to the other nodes; `undefined` for none, and for one to a node that is not in the graph. */
export function shockOf(
  chain: ValueChain,
  measured: readonly MeasuredEdgeBeta[],
  shock: Shock | undefined,
): ShockReport | undefined {
  if (!shock || !chain.nodes.some(({ id }) => id === shock.nodeId)) return undefined;
  const { nodeId, percent } = shock;
  const graph = buildValueChainGraph(chain);
  const options = { nodeId: nodeId as ValueChainNodeId, shock: percent / 100, maxPaths: MOST_PATHS };
  return propagateShock(graph, { ...options, measured });
}

/** Whether the engine reckons with such a shock. */
export function isShock(percent: number): boolean {
  return Number.isFinite(percent) && percent !== 0 && percent >= -100 && percent <= 1_000;
}

/** Nodes coloured by their effect, symmetric about zero; the shocked one and what it does not reach have their own. */
export function shockColors(report: ShockReport): NodeColors {
  const { gain, loss, accent, muted, panel } = colorTokens();
  const neutral = mixedColor(muted, panel, 0.5);
  const unreached = mixedColor(muted, panel, 0.22);
  const effects = new Map(report.affected.map(({ nodeId, effect }) => [nodeId, effect]));
  const limit = symmetricLimit(effects.values(), LIMIT_STEPS);
  const color = (effect: number) => divergingColor(effect, limit, { gain, neutral, loss });
  return {
    colorOf: ({ id }) => {
      if (id === report.nodeId) return accent;
      const effect = effects.get(id);
      return effect === undefined ? unreached : color(effect);
    },
    keys: [
      { label: `shocked by ${formatChange(report.shock, 0)}`, color: accent },
      { label: `${formatChange(limit, 1)} or more`, color: color(limit) },
      { label: "0%", color: color(0) },
      { label: `${formatChange(-limit, 1)} or less`, color: color(-limit) },
      { label: "not reached", color: unreached },
    ],
  };
}

/** Ids of the nodes that a shock reaches, itself among them, and of the edges that carry it there. */
export function shockReach(report: ShockReport): ReadonlySet<string> {
  const paths = report.affected.flatMap(({ contributions }) => contributions.map(({ path }) => path));
  return new Set([report.nodeId, ...paths.flatMap(({ nodeIds, edgeIds }) => [...nodeIds, ...edgeIds])]);
}
