import type { Command } from "commander";
import { epochMs } from "../../engine/units/epoch-ms.js";
import { seedValueChain } from "../../import/value-chain/seed-value-chain.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { writeJson } from "../output.js";

export function addValueChainSeedCommand(valueChain: Command, context: CommandContext): void {
  valueChain
    .command("seed")
    .description("store the Vietnamese value chain that comes with the workbench, leaving every edit as it is")
    .option("--json", "print {revision, nodesWritten, edgesWritten, leftAlone} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow value-chain seed")
    .action(async ({ json }: { json: boolean }) => {
      const report = (await withDatabase(context, "value-chain seed", (database) =>
        seedValueChain(database, { nowMs: epochMs(context.nowMs()) }),
      ))!;
      if (json) await writeJson(context.stdout, report);
      else
        context.stdout.write(
          `Revision ${report.revision}: ${report.nodesWritten} nodes and ${report.edgesWritten} edges written, ${report.leftAlone} left as you set them.\n`,
        );
    });
}
