import type { EdgeKind, ValueChainEdgeId, ValueChainNodeId } from "./value-chain.js";

/** Lower-case words of a–z and 0–9 joined by single hyphens. */
export const NODE_ID_PATTERN = /^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** As a node's, where two hyphens may part the words too. */
export const EDGE_ID_PATTERN = /^(?=.{1,200}$)[a-z0-9]+(--?[a-z0-9]+)*$/;

/** The id an edge gets when none is given: `iron-ore--hpg--input-of`. */
export function edgeIdOf(sourceId: ValueChainNodeId, targetId: ValueChainNodeId, kind: EdgeKind): ValueChainEdgeId {
  return `${sourceId}--${targetId}--${kind}` as ValueChainEdgeId;
}
