import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import type { Branded } from "../units/branded.js";
import type { TradingDate } from "../units/trading-date.js";

/** Identifier of a node: lower-case words joined by hyphens, such as `iron-ore` or `hpg`. */
export type ValueChainNodeId = Branded<string, "ValueChainNodeId">;

/** Identifier of an edge, such as `iron-ore--hpg--input-of`. */
export type ValueChainEdgeId = Branded<string, "ValueChainEdgeId">;

export const NODE_KINDS = [
  "company",
  "commodity",
  "currency",
  "rate",
  "sector-index",
  "freight",
  "weather",
  "demand",
] as const;

export type NodeKind = (typeof NODE_KINDS)[number];

/**
 * What the source of an edge is to its target. An edge points from what moves to what is moved: `iron-ore → hpg` is
 * `input-of`, `steel-hrc → hpg` is `product-of` (the commodity is a product of the company).
 */
export const EDGE_KINDS = [
  "input-of",
  "product-of",
  "supplier-of",
  "customer-of",
  "competitor-of",
  "currency-exposure",
  "rate-exposure",
  "member-of",
] as const;

export type EdgeKind = (typeof EDGE_KINDS)[number];

export const CONFIDENCES = ["high", "medium", "low"] as const;

export type Confidence = (typeof CONFIDENCES)[number];

/** Days on which a fact holds: from `from` to `to`, both included; open-ended where absent. */
export interface Validity {
  readonly validFrom: TradingDate | undefined;
  readonly validTo: TradingDate | undefined;
}

export interface ValueChainNode extends Validity {
  readonly id: ValueChainNodeId;
  readonly name: string;
  readonly kind: NodeKind;
  /** Sector in the words of the graph, such as `steel`; `undefined` for what belongs to none. */
  readonly sector: string | undefined;
  /** Instrument whose prices stand for the node, when it is traded. */
  readonly symbol: InstrumentSymbol | undefined;
}

export interface ValueChainEdge extends Validity {
  readonly id: ValueChainEdgeId;
  readonly sourceId: ValueChainNodeId;
  readonly targetId: ValueChainNodeId;
  readonly kind: EdgeKind;
  /** Direction in which a rise of the source is held to move the target's earnings; 0 when it can go either way. */
  readonly sign: -1 | 0 | 1;
  readonly confidence: Confidence;
  /** Why the edge is there, in a sentence or two. */
  readonly rationale: string;
  /** Where the fact comes from, and the day it was stated. */
  readonly source: string;
  readonly sourceDate: TradingDate | undefined;
}

/** A graph as of a day: ids are unique and every edge joins two of the nodes. */
export interface ValueChain {
  readonly nodes: readonly ValueChainNode[];
  readonly edges: readonly ValueChainEdge[];
}
