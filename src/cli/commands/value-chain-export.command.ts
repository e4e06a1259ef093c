import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { VALUE_CHAIN_FORMATS, type ValueChainFormat } from "../../contracts/value-chain.js";
import { WorkbenchError } from "../../engine/errors.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import { valueChainAsOf } from "../../engine/value-chain/value-chain-as-of.js";
import { writeEdgesCsv, writeNodesCsv } from "../../import/value-chain/value-chain-csv.js";
import { writeValueChainJson } from "../../import/value-chain/value-chain-json.js";
import { writeGraphml } from "../../import/value-chain/write-graphml.js";
import { readValueChain } from "../../store/queries/value-chain-queries.js";
import { parseChoice, parseDate } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { write } from "../output.js";

const PARTS = ["nodes", "edges"] as const;

interface ExportFlags {
  readonly format: ValueChainFormat;
  readonly part: (typeof PARTS)[number];
  readonly asOf?: TradingDate;
  readonly output?: string;
  readonly json: boolean;
}

export function addValueChainExportCommand(valueChain: Command, context: CommandContext): void {
  valueChain
    .command("export")
    .description("write the graph as a file that import reads")
    .option("--format <format>", VALUE_CHAIN_FORMATS.join(", "), parseChoice(VALUE_CHAIN_FORMATS), "json")
    .option("--part <part>", "which of the two CSV files: nodes, edges", parseChoice(PARTS), "edges")
    .option("--as-of <date>", "only what is valid on this day", parseDate)
    .option("--output <file>", "write to a file instead of standard output")
    .option("--json", "the same as --format json", false)
    .addHelpText(
      "after",
      "\nExamples:\n  quantflow value-chain export --output chain.json\n  quantflow value-chain export --format csv --part nodes",
    )
    .action((flags: ExportFlags) => exportFile(context, flags));
}

async function exportFile(context: CommandContext, flags: ExportFlags): Promise<void> {
  const { chain: everything } = await withDatabase(context, "value-chain export", (database) =>
    readValueChain(database),
  );
  const chain = flags.asOf === undefined ? everything : valueChainAsOf(everything, flags.asOf);
  const format = flags.json ? "json" : flags.format;
  const text =
    format === "json"
      ? writeValueChainJson(chain)
      : format === "graphml"
        ? writeGraphml(chain)
        : flags.part === "nodes"
          ? writeNodesCsv(chain)
          : writeEdgesCsv(chain);
  if (flags.output === undefined) await write(context.stdout, text);
  else writeOutput(flags.output, text);
}

function writeOutput(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new WorkbenchError("FILE_UNREADABLE", `cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}
