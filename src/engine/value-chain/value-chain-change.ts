import type { TradingDate } from "../units/trading-date.js";
import type { ValueChainEdge, ValueChainEdgeId, ValueChainNode, ValueChainNodeId } from "./value-chain.js";

/**
 * One edit of a graph. A change replaces the element of that id as a whole. Retiring sets the last day on which the
 * element holds; a retired node takes its edges with it.
 */
export type ValueChainChange =
  | { readonly kind: "add-node"; readonly node: ValueChainNode }
  | { readonly kind: "change-node"; readonly node: ValueChainNode }
  | { readonly kind: "retire-node"; readonly id: ValueChainNodeId; readonly lastDay: TradingDate }
  | { readonly kind: "add-edge"; readonly edge: ValueChainEdge }
  | { readonly kind: "change-edge"; readonly edge: ValueChainEdge }
  | { readonly kind: "retire-edge"; readonly id: ValueChainEdgeId; readonly lastDay: TradingDate };
