import {
  CONFIDENCES,
  type Confidence,
  EDGE_KINDS,
  NODE_KINDS,
  type ValueChain,
} from "../../engine/value-chain/value-chain.js";

/** What of a graph is looked at. Kinds as names joined by commas, as the controls and the address hold them. */
export interface ChainFilter {
  readonly nodeKinds: string;
  readonly edgeKinds: string;
  /** A sector, or "" for all. */
  readonly sector: string;
  readonly leastConfidence: Confidence;
}

export const ALL_NODE_KINDS = NODE_KINDS.join(",");
export const ALL_EDGE_KINDS = EDGE_KINDS.join(",");

/**
 * The part of a graph that passes. An edge passes by its kind, its confidence, the kinds of both ends, and by an end in
 * the sector. A node passes with an edge of its; one that never had an edge passes by its own kind and sector.
 */
export function filterChain({ nodes, edges }: ValueChain, filter: ChainFilter): ValueChain {
  const nodeKinds = new Set(filter.nodeKinds.split(","));
  const edgeKinds = new Set(filter.edgeKinds.split(","));
  const least = CONFIDENCES.indexOf(filter.leastConfidence);
  const nodeById = new Map(nodes.map((node) => [node.id, node]));
  const isInSector = (sector: string | undefined) => filter.sector === "" || sector === filter.sector;
  const kept = edges.filter(({ kind, confidence, sourceId, targetId }) => {
    const [source, target] = [nodeById.get(sourceId), nodeById.get(targetId)];
    return (
      source !== undefined &&
      target !== undefined &&
      edgeKinds.has(kind) &&
      CONFIDENCES.indexOf(confidence) <= least &&
      nodeKinds.has(source.kind) &&
      nodeKinds.has(target.kind) &&
      (isInSector(source.sector) || isInSector(target.sector))
    );
  });
  const joined = new Set(edges.flatMap(({ sourceId, targetId }) => [sourceId, targetId]));
  const reached = new Set(kept.flatMap(({ sourceId, targetId }) => [sourceId, targetId]));
  return {
    nodes: nodes.filter(
      ({ id, kind, sector }) => reached.has(id) || (!joined.has(id) && nodeKinds.has(kind) && isInSector(sector)),
    ),
    edges: kept,
  };
}

/** How many of the four filters leave something out. */
export function filtersInUse({ nodeKinds, edgeKinds, sector, leastConfidence }: ChainFilter): number {
  const inUse = [
    nodeKinds !== ALL_NODE_KINDS,
    edgeKinds !== ALL_EDGE_KINDS,
    sector !== "",
    leastConfidence !== CONFIDENCES.at(-1),
  ];
  return inUse.filter(Boolean).length;
}
