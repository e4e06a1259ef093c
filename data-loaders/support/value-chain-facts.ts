import type { FigureMetadata } from "../../src/contracts/figure-metadata.js";
import { tradingDateOf } from "../../src/engine/units/trading-date.js";
import type { ValueChain } from "../../src/engine/value-chain/value-chain.js";
import type { DatabaseSession } from "../../src/store/database.js";
import { listRevisions } from "../../src/store/queries/value-chain-changes.js";
import { readValueChain } from "../../src/store/queries/value-chain-queries.js";
import { datasetFacts } from "./dataset-facts.js";

/** The stored graph, and where it and the prices behind its betas come from. */
export async function valueChainFacts(session: DatabaseSession): Promise<{
  readonly chain: ValueChain;
  readonly facts: Pick<FigureMetadata, "dataset" | "source" | "asOf">;
}> {
  const { chain, revision } = await readValueChain(session);
  const [last] = await listRevisions(session, { limit: 1 });
  const { dataset, source } = await datasetFacts(session);
  return {
    chain,
    facts: {
      dataset,
      source: `value chain, revision ${revision}${source === "" ? "" : `; betas from ${source}`}`,
      asOf: last === undefined ? "" : tradingDateOf(last.changedAtMs),
    },
  };
}
