import type { MeasuredEdgeBeta } from "../../engine/value-chain/edge-beta.js";
import type { ValueChain, ValueChainEdge } from "../../engine/value-chain/value-chain.js";
import { nodesById } from "./chain-words.js";
import type { EdgeFacts } from "./edge-card.js";
import type { MeasuredLeads } from "./measured-lead.js";

/** What was measured, beside what the graph states. */
export interface Measurements {
  readonly betas: readonly MeasuredEdgeBeta[];
  readonly leads: MeasuredLeads;
  /** Symbols with stored prices. */
  readonly priced: ReadonlySet<string>;
}

/** Gives the facts of any edge of the chain. */
export function factsOf(chain: ValueChain, measured: Measurements): (edge: ValueChainEdge) => EdgeFacts {
  const nodes = nodesById(chain);
  const betas = new Map(measured.betas.map((each) => [each.edgeId, each]));
  const isPriced = (symbol: string | undefined) => symbol !== undefined && measured.priced.has(symbol);
  return (edge) => {
    const [source, target] = [nodes.get(edge.sourceId), nodes.get(edge.targetId)];
    return {
      edge,
      source,
      target,
      beta: betas.get(edge.id),
      lead: measured.leads(source?.symbol, target?.symbol),
      hasPrices: isPriced(source?.symbol) && isPriced(target?.symbol),
    };
  };
}
