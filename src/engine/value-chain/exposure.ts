import { edgeBetas, type MeasuredEdgeBeta } from "./edge-beta.js";
import {
  DEFAULT_ATTENUATION,
  effectOfPaths,
  normalInterval,
  type PathEffect,
  requireAttenuation,
  requireLevel,
} from "./path-effect.js";
import { type PathLimits, simplePaths, type ValueChainPath } from "./simple-paths.js";
import type { ValueChainEdge, ValueChainNodeId } from "./value-chain.js";
import { requireNode, type ValueChainGraph } from "./value-chain-graph.js";

/** How effects are reckoned along the graph. */
export interface PropagationOptions extends PathLimits {
  /** Betas measured from prices; edges without one get an assumed beta. */
  readonly measured?: readonly MeasuredEdgeBeta[];
  /** Share of an effect that each step after the first passes on, 0 to 1; 0.5 unless given. */
  readonly attenuation?: number;
  /** Probability of the intervals; 0.95 unless given. */
  readonly level?: number;
}

/** How much a node moves, as a fraction, when a factor moves by one, as a fraction. */
export interface Exposure extends PathEffect {
  readonly factorId: ValueChainNodeId;
  readonly low: number;
  readonly high: number;
}

export interface ExposureReport {
  readonly nodeId: ValueChainNodeId;
  /** By size, largest first. */
  readonly exposures: readonly Exposure[];
  /** True when the search for paths ended early. */
  readonly capped: boolean;
}

/**
 * Exposure of a node to everything upstream: for each factor the sum over simple paths of the product of betas (see
 * `effectOfPaths`) with a normal interval. A node that nothing points to has none.
 * @throws NOT_FOUND, ARGUMENT_INVALID
 */
export function exposuresOf(
  graph: ValueChainGraph,
  nodeId: ValueChainNodeId,
  { measured = [], attenuation = DEFAULT_ATTENUATION, level = 0.95, ...limits }: PropagationOptions = {},
): ExposureReport {
  requireAttenuation(attenuation);
  requireLevel(level);
  const betas = edgeBetas(graph, measured);
  const follows = (edge: ValueChainEdge) => betas.has(edge.id);
  const { paths, capped } = simplePaths(graph, nodeId, { direction: "upstream", follows, ...limits });
  const exposures = Array.from(pathsByEnd(paths, 0), ([factorId, ofFactor]): Exposure => {
    const effect = effectOfPaths(ofFactor, betas, { attenuation });
    const { coefficient, standardError } = effect;
    return { factorId, ...effect, ...normalInterval(coefficient, { standardError, level }) };
  });
  exposures.sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient));
  return { nodeId, exposures, capped };
}

/** Exposure to one factor; `undefined` when no path leads from it. @throws NOT_FOUND, ARGUMENT_INVALID */
export function exposureTo(
  graph: ValueChainGraph,
  { nodeId, factorId, ...options }: PropagationOptions & { nodeId: ValueChainNodeId; factorId: ValueChainNodeId },
): Exposure | undefined {
  requireNode(graph, factorId);
  return exposuresOf(graph, nodeId, options).exposures.find((exposure) => exposure.factorId === factorId);
}

/** Paths grouped by their first node (0) or their last (-1). */
export function pathsByEnd(
  paths: readonly ValueChainPath[],
  end: 0 | -1,
): ReadonlyMap<ValueChainNodeId, readonly ValueChainPath[]> {
  return Map.groupBy(paths, ({ nodeIds }) => nodeIds.at(end)!);
}
