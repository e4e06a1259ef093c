import { WorkbenchError } from "../../../engine/errors.js";
import { type EpochMs, epochMs, MS_PER_HOUR } from "../../../engine/units/epoch-ms.js";
import { tradingDateOf } from "../../../engine/units/trading-date.js";
import { exposuresOf } from "../../../engine/value-chain/exposure.js";
import { valueChainAsOf } from "../../../engine/value-chain/value-chain-as-of.js";
import { buildValueChainGraph } from "../../../engine/value-chain/value-chain-graph.js";
import type { LeadLagFinding, StudySource } from "../../../engine/workflow/node-services.js";
import type { TableValue } from "../../../engine/workflow/port-value.js";
import type { Database } from "../../../store/database.js";
import { activeDataset } from "../../../store/queries/data-version.js";
import { latestPairStudy } from "../../../store/queries/latest-pair-study.js";
import { measuredBetas } from "../../../store/queries/value-chain-betas.js";
import { readValueChain } from "../../../store/queries/value-chain-queries.js";
import { throwIfAborted } from "./throw-if-aborted.js";

/** New York closes at 17:00, which in winter is 05:00 of the next day in Ho Chi Minh City: no market closes later. */
const LATEST_CLOSE_AFTER_MIDNIGHT_MS = 5 * MS_PER_HOUR;

/** What the store knows of the value chain and of lead-lag studies. */
export class StoredStudies implements StudySource {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The graph as it was known and valid then, with betas measured from candles of the days before: the day's own may
   * not have closed.
   */
  async exposure(symbol: string, asOfMs: EpochMs, signal: AbortSignal): Promise<TableValue> {
    throwIfAborted(signal);
    const asOf = tradingDateOf(asOfMs);
    const { chain: known } = await readValueChain(this.#database, { knownAtMs: asOfMs });
    const chain = valueChainAsOf(known, asOf);
    const node = chain.nodes.find((each) => each.symbol === symbol);
    if (node === undefined) {
      throw new WorkbenchError(
        "ARGUMENT_INVALID",
        `invalid symbol: ${JSON.stringify(symbol.slice(0, 40))} is no node of the value chain on ${asOf} (accepted: ${symbolsOf(chain.nodes)})`,
        { details: { symbol: symbol.slice(0, 40) } },
      );
    }
    const dataset = await activeDataset(this.#database);
    const { betas } = await measuredBetas(this.#database, chain, dataset, {
      beforeMs: epochMs(asOfMs - LATEST_CLOSE_AFTER_MIDNIGHT_MS),
    });
    throwIfAborted(signal);
    const { exposures } = exposuresOf(buildValueChainGraph(chain), node.id, { measured: betas });
    return {
      rowCount: exposures.length,
      columns: [
        { name: "factor", cells: exposures.map(({ factorId }) => factorId) },
        { name: "exposure", cells: exposures.map(({ coefficient }) => coefficient) },
        { name: "low", cells: exposures.map(({ low }) => low) },
        { name: "high", cells: exposures.map(({ high }) => high) },
      ],
    };
  }

  async leadLag(
    source: string,
    target: string,
    asOfMs: EpochMs,
    signal: AbortSignal,
  ): Promise<LeadLagFinding | undefined> {
    throwIfAborted(signal);
    return latestPairStudy(this.#database, { source, target, asOfMs, dataset: await activeDataset(this.#database) });
  }
}

function symbolsOf(nodes: readonly { readonly symbol?: string | undefined }[]): string {
  return nodes
    .flatMap(({ symbol }) => symbol ?? [])
    .sort()
    .join(", ");
}
