import { WorkbenchError } from "../errors.js";
import type { ValueChainEdge, ValueChainEdgeId, ValueChainNodeId } from "./value-chain.js";
import { edgeOf, requireNode, type ValueChainGraph } from "./value-chain-graph.js";

export const DEFAULT_MAX_LENGTH = 4;
export const LARGEST_MAX_LENGTH = 10;
export const DEFAULT_MAX_PATHS = 20_000;

/** Edges end to end that pass no node twice, listed in the direction of the arrows. */
export interface ValueChainPath {
  readonly nodeIds: readonly ValueChainNodeId[];
  readonly edgeIds: readonly ValueChainEdgeId[];
  /** Product of the edges' signs. */
  readonly sign: -1 | 0 | 1;
}

export interface PathLimits {
  /** Most edges of a path, 1 to 10. */
  readonly maxLength?: number;
  /** Most paths found in all; shorter ones are found first. */
  readonly maxPaths?: number;
}

export interface PathSearch {
  /** By length, then in the order of the edges. */
  readonly paths: readonly ValueChainPath[];
  /** True when `maxPaths` ended the search: longer paths, and some of the last length, are missing. */
  readonly capped: boolean;
}

interface PathOptions extends PathLimits {
  /** `downstream`: paths that begin at the node. `upstream`: paths that end at it. */
  readonly direction: "downstream" | "upstream";
  /** Edges that paths may take; all by default. */
  readonly follows?: (edge: ValueChainEdge) => boolean;
}

interface Step {
  readonly nodeId: ValueChainNodeId;
  readonly length: number;
  readonly edge: ValueChainEdge | undefined;
  readonly previous: Step | undefined;
}

/**
 * Every simple path of at most `maxLength` edges that begins (or ends) at a node, by breadth-first search.
 * Empty for a node without edges in that direction. @throws NOT_FOUND, ARGUMENT_INVALID
 */
export function simplePaths(
  graph: ValueChainGraph,
  startId: ValueChainNodeId,
  { direction, maxLength = DEFAULT_MAX_LENGTH, maxPaths = DEFAULT_MAX_PATHS, follows = () => true }: PathOptions,
): PathSearch {
  requireNode(graph, startId);
  requireLimit("maxLength", maxLength, LARGEST_MAX_LENGTH);
  requireLimit("maxPaths", maxPaths, Number.MAX_SAFE_INTEGER);
  const nextEdges = edgesFrom(graph, direction, follows);
  const steps: Step[] = [{ nodeId: startId, length: 0, edge: undefined, previous: undefined }];
  let capped = false;
  for (let at = 0; at < steps.length && !capped; at++) {
    const step = steps[at]!;
    if (step.length === maxLength) break;
    for (const edge of nextEdges(step.nodeId)) {
      const nodeId = direction === "downstream" ? edge.targetId : edge.sourceId;
      if (passes(step, nodeId)) continue;
      if (steps.length > maxPaths) {
        capped = true;
        break;
      }
      steps.push({ nodeId, length: step.length + 1, edge, previous: step });
    }
  }
  return { paths: steps.slice(1).map((step) => pathTo(step, direction)), capped };
}

/**
 * Every simple path from one node to another. The search goes upstream from the end, so its cost depends on what lies
 * above it. @throws NOT_FOUND, ARGUMENT_INVALID
 */
export function pathsBetween(
  graph: ValueChainGraph,
  { fromId, toId, ...limits }: PathLimits & { readonly fromId: ValueChainNodeId; readonly toId: ValueChainNodeId },
): PathSearch {
  requireNode(graph, fromId);
  const { paths, capped } = simplePaths(graph, toId, { direction: "upstream", ...limits });
  return { paths: paths.filter(({ nodeIds }) => nodeIds[0] === fromId), capped };
}

function requireLimit(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new WorkbenchError("ARGUMENT_INVALID", `invalid ${name}: ${value} (accepted: an integer from 1 to ${most})`);
}

/** The edges that leave (or enter) a node, looked up once for each. */
function edgesFrom(
  graph: ValueChainGraph,
  direction: PathOptions["direction"],
  follows: (edge: ValueChainEdge) => boolean,
): (nodeId: ValueChainNodeId) => readonly ValueChainEdge[] {
  const known = new Map<ValueChainNodeId, readonly ValueChainEdge[]>();
  return (nodeId) => {
    const found = known.get(nodeId);
    if (found) return found;
    const ids = direction === "downstream" ? graph.outEdges(nodeId) : graph.inEdges(nodeId);
    const edges = ids.map((id) => edgeOf(graph, id as ValueChainEdgeId)).filter(follows);
    known.set(nodeId, edges);
    return edges;
  };
}

function passes(last: Step, nodeId: ValueChainNodeId): boolean {
  for (let step: Step | undefined = last; step; step = step.previous) if (step.nodeId === nodeId) return true;
  return false;
}

function pathTo(last: Step, direction: PathOptions["direction"]): ValueChainPath {
  const nodeIds: ValueChainNodeId[] = [];
  const edgeIds: ValueChainEdgeId[] = [];
  let sign = 1;
  for (let step: Step | undefined = last; step; step = step.previous) {
    nodeIds.push(step.nodeId);
    if (step.edge === undefined) continue;
    edgeIds.push(step.edge.id);
    sign *= step.edge.sign;
  }
  if (direction === "downstream") {
    nodeIds.reverse();
    edgeIds.reverse();
  }
  return { nodeIds, edgeIds, sign: (sign === 0 ? 0 : sign) as -1 | 0 | 1 };
}
