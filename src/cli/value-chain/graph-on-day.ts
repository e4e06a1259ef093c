import { type TradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import { valueChainAsOf } from "../../engine/value-chain/value-chain-as-of.js";
import { buildValueChainGraph, type ValueChainGraph } from "../../engine/value-chain/value-chain-graph.js";
import type { DatabaseSession } from "../../store/database.js";
import { readValueChain } from "../../store/queries/value-chain-queries.js";
import type { CommandContext } from "../command-context.js";

export interface GraphOnDay {
  readonly asOf: TradingDate;
  readonly revision: number;
  readonly chain: ValueChain;
  readonly graph: ValueChainGraph;
}

/** The graph that a command works on: as known now, valid on `asOf` or else today. */
export async function valueChainGraphOn(
  session: DatabaseSession,
  { nowMs }: CommandContext,
  asOf: TradingDate = tradingDateOf(nowMs()),
): Promise<GraphOnDay> {
  const { chain: everything, revision } = await readValueChain(session);
  const chain = valueChainAsOf(everything, asOf);
  return { asOf, revision, chain, graph: buildValueChainGraph(chain) };
}
