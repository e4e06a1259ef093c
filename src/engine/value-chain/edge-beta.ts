import type { Confidence, EdgeKind, ValueChainEdge, ValueChainEdgeId } from "./value-chain.js";
import { edgesOf, type ValueChainGraph } from "./value-chain-graph.js";

/** Relative move of the target for a relative move of one of the source, with its standard error. */
export type EdgeBeta =
  | { readonly kind: "measured"; readonly beta: number; readonly standardError: number; readonly n: number }
  | { readonly kind: "assumed"; readonly beta: number; readonly standardError: number };

/** A beta measured from prices, for one edge; `NaN` where it could not be measured. */
export interface MeasuredEdgeBeta {
  readonly edgeId: ValueChainEdgeId;
  readonly beta: number;
  readonly standardError: number;
  readonly n: number;
}

/** Size of a beta that nobody measured. A judgement, not a finding: half for a product, less the further from price. */
export const ASSUMED_BETA_SIZE = {
  "product-of": 0.5,
  "input-of": 0.3,
  "supplier-of": 0.2,
  "customer-of": 0.2,
  "competitor-of": 0.1,
  "currency-exposure": 0.3,
  "rate-exposure": 0.2,
  "member-of": 0.1,
} as const satisfies Record<EdgeKind, number>;

/** Standard error of an assumed beta as a multiple of its size: even high confidence leaves zero within 95%. */
export const ASSUMED_ERROR_MULTIPLE = { high: 0.6, medium: 0.8, low: 1.2 } as const satisfies Record<
  Confidence,
  number
>;

/**
 * The beta assumed for an edge without a measured one: its sign times {@link ASSUMED_BETA_SIZE} of its kind. The
 * standard error depends on the confidence; an edge of sign 0 has beta 0 and the error all the same.
 */
export function assumedBeta({ kind, sign, confidence }: ValueChainEdge): EdgeBeta {
  const size = ASSUMED_BETA_SIZE[kind];
  return { kind: "assumed", beta: sign * size || 0, standardError: size * ASSUMED_ERROR_MULTIPLE[confidence] };
}

/**
 * The beta of every edge: measured where a defined one is given, else assumed. A measured beta is the co-movement of
 * two prices, so it belongs to the pair of nodes: among parallel edges only the first measured one gets a beta, and
 * paths take that edge alone.
 */
export function edgeBetas(
  graph: ValueChainGraph,
  measured: readonly MeasuredEdgeBeta[],
): ReadonlyMap<ValueChainEdgeId, EdgeBeta> {
  const defined = new Map(
    measured
      .filter(({ beta, standardError }) => Number.isFinite(beta) && Number.isFinite(standardError))
      .map((each) => [each.edgeId, each]),
  );
  const firstMeasured = new Map<string, ValueChainEdgeId>();
  const pairOf = ({ sourceId, targetId }: ValueChainEdge) => `${sourceId} ${targetId}`;
  const edges = edgesOf(graph);
  for (const edge of edges) {
    const pair = pairOf(edge);
    if (defined.has(edge.id) && !firstMeasured.has(pair)) firstMeasured.set(pair, edge.id);
  }
  const betas = new Map<ValueChainEdgeId, EdgeBeta>();
  for (const edge of edges) {
    const chosen = firstMeasured.get(pairOf(edge));
    if (chosen === undefined) betas.set(edge.id, assumedBeta(edge));
    else if (chosen === edge.id) {
      const { beta, standardError, n } = defined.get(edge.id)!;
      betas.set(edge.id, { kind: "measured", beta, standardError, n });
    }
  }
  return betas;
}
