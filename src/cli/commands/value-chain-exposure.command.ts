import type { Command } from "commander";
import { exposuresOf } from "../../engine/value-chain/exposure.js";
import type { ValueChainNodeId } from "../../engine/value-chain/value-chain.js";
import { requireNode } from "../../engine/value-chain/value-chain-graph.js";
import type { CommandContext } from "../command-context.js";
import { textTable, writeJson } from "../output.js";
import { type EffectFlags, parseNodeId, withEffectOptions } from "../value-chain/path-options.js";
import { pathText, propagationOf, warnOf } from "../value-chain/propagation.js";

interface ExposureFlags extends EffectFlags {
  readonly to?: ValueChainNodeId;
}

export function addValueChainExposureCommand(valueChain: Command, context: CommandContext): void {
  withEffectOptions(
    valueChain
      .command("exposure")
      .description("what a node is exposed to")
      .argument("<node>", "id of the node", parseNodeId)
      .option("--to <node>", "only this factor", parseNodeId),
  )
    .option("--json", "print {node, asOf, dataset, attenuation, maxLength, level, capped, exposures} as JSON", false)
    .addHelpText(
      "after",
      "\nExamples:\n  quantflow value-chain exposure hpg\n  quantflow value-chain exposure hpg --to iron-ore --json",
    )
    .action((nodeId: ValueChainNodeId, flags: ExposureFlags) => exposure(context, nodeId, flags));
}

async function exposure(context: CommandContext, nodeId: ValueChainNodeId, flags: ExposureFlags): Promise<void> {
  const { graph, asOf, dataset, options } = await propagationOf(context, "value-chain exposure", flags);
  const { to, maxPaths } = flags;
  if (to !== undefined) requireNode(graph, to);
  const report = exposuresOf(graph, nodeId, options);
  const exposures = report.exposures.filter(({ factorId }) => to === undefined || factorId === to);
  if (flags.json) {
    const { attenuation, maxLength, level } = options;
    await writeJson(context.stdout, {
      ...{ node: nodeId, asOf, dataset, attenuation, maxLength, level, capped: report.capped },
      exposures: exposures.map(({ factorId: factor, contributions, ...effect }) => ({
        factor,
        ...effect,
        paths: contributions.map(({ path, coefficient, basis }) => ({ edges: path.edgeIds, coefficient, basis })),
      })),
    });
    return;
  }
  const rows = exposures.map((each) => [
    each.factorId,
    each.coefficient.toFixed(3),
    `${each.low.toFixed(3)} to ${each.high.toFixed(3)}`,
    each.basis,
    each.contributions.length,
    pathText(each.contributions[0]!.path),
  ]);
  context.stdout.write(`${requireNode(graph, nodeId).name}, percent for a percent of each factor, on ${asOf}\n`);
  context.stdout.write(textTable(["factor", "exposure", "95%", "betas", "paths", "largest path"], rows));
  warnOf(context.stderr, { dataset, capped: report.capped, maxPaths });
}
