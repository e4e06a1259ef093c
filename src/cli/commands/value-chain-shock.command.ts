import type { Command } from "commander";
import { propagateShock } from "../../engine/value-chain/shock-propagation.js";
import type { ValueChainNodeId } from "../../engine/value-chain/value-chain.js";
import { requireNode } from "../../engine/value-chain/value-chain-graph.js";
import { parseNumber } from "../arguments.js";
import type { CommandContext } from "../command-context.js";
import { textTable, writeJson } from "../output.js";
import { type EffectFlags, parseNodeId, withEffectOptions } from "../value-chain/path-options.js";
import { pathText, propagationOf, warnOf } from "../value-chain/propagation.js";

interface ShockFlags extends EffectFlags {
  readonly percent: number;
}

export function addValueChainShockCommand(valueChain: Command, context: CommandContext): void {
  const percent = parseNumber({ min: -100, max: 1_000 });
  withEffectOptions(
    valueChain
      .command("shock")
      .description("what a move of one node does to the others")
      .argument("<node>", "id of the node that moves", parseNodeId)
      .option("--percent <n>", "size of the move in percent; below zero is a fall", percent, 10),
  )
    .option(
      "--json",
      "print {node, shock, asOf, dataset, attenuation, maxLength, level, capped, affected, unaffected} as JSON",
      false,
    )
    .addHelpText(
      "after",
      "\nExamples:\n  quantflow value-chain shock iron-ore\n  quantflow value-chain shock brent --percent -20 --json",
    )
    .action((nodeId: ValueChainNodeId, flags: ShockFlags) => shock(context, nodeId, flags));
}

async function shock(context: CommandContext, nodeId: ValueChainNodeId, flags: ShockFlags): Promise<void> {
  const { graph, asOf, dataset, options } = await propagationOf(context, "value-chain shock", flags);
  const report = propagateShock(graph, { nodeId, shock: flags.percent / 100, ...options });
  const { attenuation, maxLength, level, capped, affected, unaffected } = report;
  if (flags.json) {
    await writeJson(context.stdout, {
      ...{ node: nodeId, shock: report.shock, asOf, dataset, attenuation, maxLength, level, capped },
      affected: affected.map(({ nodeId: node, contributions, ...effect }) => ({
        node,
        ...effect,
        paths: contributions.map(({ path, effect: part, basis }) => ({ edges: path.edgeIds, effect: part, basis })),
      })),
      unaffected: unaffected.map(({ nodeId: node, reason, distance }) => ({
        node,
        reason,
        distance: distance ?? null,
      })),
    });
    return;
  }
  const rows = affected.map((effect) => [
    effect.nodeId,
    inPercent(effect.effect),
    `${inPercent(effect.low)} to ${inPercent(effect.high)}`,
    effect.basis,
    effect.contributions.length,
    pathText(effect.contributions[0]!.path),
  ]);
  context.stdout.write(`${requireNode(graph, nodeId).name} ${inPercent(report.shock)} on ${asOf}\n`);
  context.stdout.write(textTable(["node", "effect", "95%", "betas", "paths", "largest path"], rows));
  context.stdout.write(`${unaffected.length} nodes are not reached within ${maxLength} steps.\n`);
  warnOf(context.stderr, { dataset, capped, maxPaths: flags.maxPaths });
}

function inPercent(fraction: number): string {
  return `${fraction < 0 ? "−" : "+"}${Math.abs(100 * fraction).toFixed(2)}%`;
}
