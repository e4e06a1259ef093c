import type { Command } from "commander";
import { epochMs } from "../../engine/units/epoch-ms.js";
import { undoValueChain } from "../../import/value-chain/undo-value-chain.js";
import { listRevisions } from "../../store/queries/value-chain-changes.js";
import { parseInteger } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { textTable, writeJson } from "../output.js";

export function addValueChainLogCommands(valueChain: Command, context: CommandContext): void {
  valueChain
    .command("log")
    .description("list changes, newest first")
    .option("--limit <n>", "at most so many", parseInteger({ min: 1, max: 100_000 }), 20)
    .option("--json", "print {changes} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow value-chain log --limit 5")
    .action(async ({ limit, json }: { limit: number; json: boolean }) => {
      const revisions = await withDatabase(context, "value-chain log", (database) =>
        listRevisions(database, { limit }),
      );
      const changes = revisions.map(({ changedAtMs, undoes, nodeIds, edgeIds, ...rest }) => ({
        ...rest,
        changedAt: new Date(changedAtMs).toISOString(),
        undoes: undoes ?? null,
        nodes: nodeIds.length,
        edges: edgeIds.length,
      }));
      if (json) {
        await writeJson(context.stdout, { changes });
        return;
      }
      const rows = changes.map((each) => [
        each.revision,
        each.changedAt,
        each.author,
        each.undoes === null ? each.kind : `${each.kind} of ${each.undoes}`,
        each.nodes,
        each.edges,
        each.note,
      ]);
      context.stdout.write(textTable(["revision", "at", "by", "change", "nodes", "edges", "note"], rows));
    });

  valueChain
    .command("undo")
    .description("take back the last change that stands; again takes back the one before")
    .option("--author <name>", "who says so, for the log", "local")
    .option("--json", "print {revision, nodesWritten, edgesWritten, nodesRemoved, edgesRemoved} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow value-chain undo")
    .action(async ({ author, json }: { author: string; json: boolean }) => {
      const edited = await withDatabase(context, "value-chain undo", (database) =>
        undoValueChain(database, { author, note: "", changedAtMs: epochMs(context.nowMs()) }),
      );
      const report = {
        revision: edited.revision,
        nodesWritten: edited.nodes.length,
        edgesWritten: edited.edges.length,
        nodesRemoved: edited.removedNodeIds.length,
        edgesRemoved: edited.removedEdgeIds.length,
      };
      if (json) await writeJson(context.stdout, report);
      else
        context.stdout.write(
          `Revision ${report.revision}: ${report.nodesWritten} nodes and ${report.edgesWritten} edges written back, ${report.nodesRemoved} and ${report.edgesRemoved} removed.\n`,
        );
    });
}
