import { WorkbenchError } from "../errors.js";
import { edgeBetas } from "./edge-beta.js";
import { type PropagationOptions, pathsByEnd } from "./exposure.js";
import {
  type BetaBasis,
  DEFAULT_ATTENUATION,
  effectOfPaths,
  normalInterval,
  requireAttenuation,
  requireLevel,
} from "./path-effect.js";
import { DEFAULT_MAX_LENGTH, simplePaths, type ValueChainPath } from "./simple-paths.js";
import type { ValueChainEdge, ValueChainNodeId } from "./value-chain.js";
import { nodesOf, requireNode, type ValueChainGraph } from "./value-chain-graph.js";

/** What a shock does to one node, as fractions: −0.03 is a fall of 3%. */
export interface ShockEffect {
  readonly nodeId: ValueChainNodeId;
  readonly effect: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  readonly basis: BetaBasis;
  /** Fewest edges from the shocked node. */
  readonly distance: number;
  /** By size, largest first; they sum to the effect. */
  readonly contributions: readonly {
    readonly path: ValueChainPath;
    readonly effect: number;
    readonly basis: BetaBasis;
  }[];
}

/**
 * Why a node does not move: `no-path` leads to it, every path is longer than the longest that counts (`too-far`), or
 * the search ended before it got there (`not-searched`).
 */
export interface UnaffectedNode {
  readonly nodeId: ValueChainNodeId;
  readonly reason: "no-path" | "too-far" | "not-searched";
  /** Fewest edges from the shocked node; `undefined` without a path. */
  readonly distance: number | undefined;
}

export interface ShockReport {
  readonly nodeId: ValueChainNodeId;
  readonly shock: number;
  readonly attenuation: number;
  readonly maxLength: number;
  readonly level: number;
  /** By size, largest first. */
  readonly affected: readonly ShockEffect[];
  readonly unaffected: readonly UnaffectedNode[];
  /** True when the search for paths ended early. */
  readonly capped: boolean;
}

/**
 * Effect of a relative move of one node on every other: shock × the sum over simple paths of attenuated products of
 * betas (`effectOfPaths`), linear in the shock. The interval is normal, from the standard errors of the betas; it says
 * nothing of whether the graph is right. @throws NOT_FOUND, ARGUMENT_INVALID
 */
export function propagateShock(
  graph: ValueChainGraph,
  {
    nodeId,
    shock,
    measured = [],
    attenuation = DEFAULT_ATTENUATION,
    level = 0.95,
    maxLength = DEFAULT_MAX_LENGTH,
    ...limits
  }: PropagationOptions & { readonly nodeId: ValueChainNodeId; readonly shock: number },
): ShockReport {
  requireShock(shock);
  requireAttenuation(attenuation);
  requireLevel(level);
  const betas = edgeBetas(graph, measured);
  const follows = (edge: ValueChainEdge) => betas.has(edge.id);
  const { paths, capped } = simplePaths(graph, nodeId, { direction: "downstream", follows, maxLength, ...limits });
  const affected = Array.from(pathsByEnd(paths, -1), ([affectedId, toNode]): ShockEffect => {
    const { coefficient, standardError, basis, contributions } = effectOfPaths(toNode, betas, { attenuation });
    const error = Math.abs(shock) * standardError;
    return {
      nodeId: affectedId,
      effect: shock * coefficient || 0,
      standardError: error,
      ...normalInterval(shock * coefficient, { standardError: error, level }),
      basis,
      distance: toNode[0]!.edgeIds.length,
      contributions: contributions.map((each) => ({
        path: each.path,
        effect: shock * each.coefficient || 0,
        basis: each.basis,
      })),
    };
  });
  affected.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
  const reached = new Set(affected.map((each) => each.nodeId));
  const distances = distancesFrom(graph, nodeId);
  const unaffected = nodesOf(graph)
    .filter(({ id }) => id !== nodeId && !reached.has(id))
    .map(({ id }): UnaffectedNode => {
      const distance = distances.get(id);
      if (distance === undefined) return { nodeId: id, reason: "no-path", distance };
      return { nodeId: id, reason: distance > maxLength ? "too-far" : "not-searched", distance };
    });
  return { nodeId, shock, attenuation, maxLength, level, affected, unaffected, capped };
}

function requireShock(shock: number): void {
  if (Number.isFinite(shock) && shock !== 0 && shock >= -1 && shock <= 10) return;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid shock: ${shock} (accepted: a fraction from -1 to 10 other than 0; 0.1 is a rise of 10%)`,
  );
}

/** Fewest edges from a node to each node downstream. */
function distancesFrom(graph: ValueChainGraph, nodeId: ValueChainNodeId): ReadonlyMap<ValueChainNodeId, number> {
  requireNode(graph, nodeId);
  const distances = new Map([[nodeId, 0]]);
  // A Map visits what is added while it is walked, so this is the queue of a breadth-first search.
  for (const [id, distance] of distances) {
    for (const next of graph.outNeighbors(id) as ValueChainNodeId[]) {
      if (!distances.has(next)) distances.set(next, distance + 1);
    }
  }
  return distances;
}
