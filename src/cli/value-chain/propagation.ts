import type { Dataset } from "../../engine/market-data/dataset.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import type { PropagationOptions } from "../../engine/value-chain/exposure.js";
import type { ValueChainPath } from "../../engine/value-chain/simple-paths.js";
import type { ValueChainGraph } from "../../engine/value-chain/value-chain-graph.js";
import { activeDataset } from "../../store/queries/data-version.js";
import { measuredBetas } from "../../store/queries/value-chain-betas.js";
import { type CommandContext, type OutputStream, withDatabase } from "../command-context.js";
import { valueChainGraphOn } from "./graph-on-day.js";
import type { EffectFlags } from "./path-options.js";

const LEVEL = 0.95;

export interface Propagation {
  readonly graph: ValueChainGraph;
  readonly asOf: TradingDate;
  readonly dataset: Dataset;
  readonly options: Required<PropagationOptions>;
}

/** The graph of the day asked for, and how effects are reckoned on it: with measured betas unless told otherwise. */
export function propagationOf(context: CommandContext, purpose: string, flags: EffectFlags): Promise<Propagation> {
  const { asOf: day, assumedOnly, attenuation, maxLength, maxPaths } = flags;
  return withDatabase(context, purpose, async (database) => {
    const { graph, chain, asOf } = await valueChainGraphOn(database, context, day);
    const dataset = await activeDataset(database);
    const { betas } = assumedOnly ? { betas: [] } : await measuredBetas(database, chain, dataset);
    return { graph, asOf, dataset, options: { measured: betas, attenuation, maxLength, maxPaths, level: LEVEL } };
  });
}

/** Says what a reader of the figures should know: that the search ended early, that prices are simulated. */
export function warnOf(
  stderr: OutputStream,
  { capped, maxPaths, dataset }: { capped: boolean; maxPaths: number; dataset?: Dataset },
): void {
  if (capped) stderr.write(`The search ended at ${maxPaths} paths; --max-paths takes more.\n`);
  if (dataset === "simulated") stderr.write("Betas are measured on simulated data.\n");
}

export function pathText({ nodeIds }: ValueChainPath): string {
  return nodeIds.join(" → ");
}
