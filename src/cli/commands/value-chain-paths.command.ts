import type { Command } from "commander";
import { pathsBetween } from "../../engine/value-chain/simple-paths.js";
import type { ValueChainNodeId } from "../../engine/value-chain/value-chain.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { writeJson } from "../output.js";
import { valueChainGraphOn } from "../value-chain/graph-on-day.js";
import { type PathFlags, parseNodeId, withPathOptions } from "../value-chain/path-options.js";
import { pathText, warnOf } from "../value-chain/propagation.js";
import { signText } from "../value-chain/sign-text.js";

interface PathEnds {
  readonly fromId: ValueChainNodeId;
  readonly toId: ValueChainNodeId;
}

export function addValueChainPathsCommand(valueChain: Command, context: CommandContext): void {
  withPathOptions(
    valueChain
      .command("paths")
      .description("the paths from one node to another")
      .argument("<from>", "id of the node that moves", parseNodeId)
      .argument("<to>", "id of the node that is moved", parseNodeId),
  )
    .option("--json", "print {from, to, asOf, maxLength, capped, paths} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow value-chain paths brent dpm")
    .action((fromId: ValueChainNodeId, toId: ValueChainNodeId, flags: PathFlags) =>
      paths(context, { fromId, toId }, flags),
    );
}

async function paths(context: CommandContext, { fromId, toId }: PathEnds, flags: PathFlags): Promise<void> {
  const { maxLength, maxPaths } = flags;
  const { graph, asOf } = await withDatabase(context, "value-chain paths", (database) =>
    valueChainGraphOn(database, context, flags.asOf),
  );
  const search = pathsBetween(graph, { fromId, toId, maxLength, maxPaths });
  if (flags.json) {
    await writeJson(context.stdout, {
      ...{ from: fromId, to: toId, asOf, maxLength, capped: search.capped },
      paths: search.paths.map(({ nodeIds, edgeIds, sign }) => ({ nodes: nodeIds, edges: edgeIds, sign })),
    });
    return;
  }
  if (search.paths.length === 0) {
    context.stdout.write(`No path of up to ${maxLength} edges leads from ${fromId} to ${toId}.\n`);
  }
  for (const path of search.paths) context.stdout.write(`${signText(path)}  ${pathText(path)}\n`);
  warnOf(context.stderr, { capped: search.capped, maxPaths });
}
