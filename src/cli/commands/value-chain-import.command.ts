import type { Command } from "commander";
import { VALUE_CHAIN_FORMATS, type ValueChainFormat } from "../../contracts/value-chain.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import { importValueChain } from "../../import/value-chain/import-value-chain.js";
import type { ImportMode } from "../../import/value-chain/value-chain-file.js";
import { parseChoice } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { writeJson } from "../output.js";
import { readValueChainFiles } from "../value-chain/read-files.js";

interface ImportFlags {
  readonly format?: ValueChainFormat;
  readonly mode: ImportMode;
  readonly author: string;
  readonly note: string;
  readonly json: boolean;
}

export function addValueChainImportCommand(valueChain: Command, context: CommandContext): void {
  valueChain
    .command("import")
    .description("import a graph: one JSON or GraphML file, or CSV files of nodes and edges")
    .argument("<files...>", "one file, or two of CSV")
    .option(
      "--format <format>",
      `${VALUE_CHAIN_FORMATS.join(", ")} (default: by the file's name)`,
      parseChoice(VALUE_CHAIN_FORMATS),
    )
    .option(
      "--mode <mode>",
      "merge: other elements stay; replace: they are removed",
      parseChoice(["merge", "replace"]),
      "merge",
    )
    .option("--author <name>", "who says so, for the log", "local")
    .option("--note <text>", "why, for the log", "")
    .option("--json", "print {revision, nodesWritten, edgesWritten, nodesRemoved, edgesRemoved} as JSON", false)
    .addHelpText(
      "after",
      `
A file with any problem is refused as a whole; every problem is listed with its line.

Examples:
  quantflow value-chain import nodes.csv edges.csv
  quantflow value-chain import chain.graphml --mode replace --note "review of July"`,
    )
    .action((paths: string[], flags: ImportFlags) => importFiles(context, paths, flags));
}

async function importFiles(context: CommandContext, paths: readonly string[], flags: ImportFlags): Promise<void> {
  const file = readValueChainFiles(paths, flags.format);
  const { mode, author, note } = flags;
  const edited = await withDatabase(context, "value-chain import", (database) =>
    importValueChain(database, file, { mode, author, note, changedAtMs: epochMs(context.nowMs()) }),
  );
  const report = {
    revision: edited.revision,
    nodesWritten: edited.nodes.length,
    edgesWritten: edited.edges.length,
    nodesRemoved: edited.removedNodeIds.length,
    edgesRemoved: edited.removedEdgeIds.length,
  };
  if (flags.json) await writeJson(context.stdout, report);
  else
    context.stdout.write(
      `Revision ${report.revision}: ${report.nodesWritten} nodes and ${report.edgesWritten} edges written, ${report.nodesRemoved} and ${report.edgesRemoved} removed.\n`,
    );
}
