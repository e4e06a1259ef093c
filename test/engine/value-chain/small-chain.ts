import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { tradingDate } from "../../../src/engine/units/trading-date.js";
import { edgeIdOf } from "../../../src/engine/value-chain/element-ids.js";
import type {
  EdgeKind,
  ValueChainEdge,
  ValueChainEdgeId,
  ValueChainNode,
  ValueChainNodeId,
} from "../../../src/engine/value-chain/value-chain.js";

export const nodeId = (id: string) => id as ValueChainNodeId;
export const edgeId = (id: string) => id as ValueChainEdgeId;

export function node(id: string, changes: Partial<ValueChainNode> = {}): ValueChainNode {
  return {
    id: nodeId(id),
    name: id,
    kind: "company",
    sector: undefined,
    symbol: undefined,
    validFrom: undefined,
    validTo: undefined,
    ...changes,
  };
}

/** An edge such as `edge("iron hpg", -1)`. */
export function edge(ends: string, sign: -1 | 0 | 1 = 1, changes: Partial<ValueChainEdge> = {}): ValueChainEdge {
  const [sourceId, targetId] = ends.split(" ").map(nodeId) as [ValueChainNodeId, ValueChainNodeId];
  const kind: EdgeKind = changes.kind ?? "input-of";
  return {
    id: edgeIdOf(sourceId, targetId, kind),
    sourceId,
    targetId,
    kind,
    sign,
    confidence: "medium",
    rationale: "a fact",
    source: "a test",
    sourceDate: undefined,
    validFrom: undefined,
    validTo: undefined,
    ...changes,
  };
}

/** Iron ore and coal go into Hoa Phat, steel comes out and goes into Hoa Sen; both answer to the market. */
export const STEEL = {
  nodes: [
    node("iron", { kind: "commodity", symbol: instrumentSymbol("DCE.I") }),
    node("coal", { kind: "commodity" }),
    node("steel", { kind: "commodity" }),
    node("hpg", { symbol: instrumentSymbol("HPG") }),
    node("hsg", { validFrom: tradingDate("2008-12-05") }),
    node("milk", { kind: "commodity" }),
  ],
  edges: [
    edge("iron hpg", -1),
    edge("coal hpg", -1),
    edge("iron steel", 1),
    edge("steel hpg", 1, { kind: "product-of" }),
    edge("steel hsg", -1),
  ],
};
