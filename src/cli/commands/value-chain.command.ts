import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { addValueChainExportCommand } from "./value-chain-export.command.js";
import { addValueChainExposureCommand } from "./value-chain-exposure.command.js";
import { addValueChainImportCommand } from "./value-chain-import.command.js";
import { addValueChainLogCommands } from "./value-chain-log.command.js";
import { addValueChainPathsCommand } from "./value-chain-paths.command.js";
import { addValueChainSeedCommand } from "./value-chain-seed.command.js";
import { addValueChainShockCommand } from "./value-chain-shock.command.js";
import { addValueChainStructureCommands } from "./value-chain-structure.command.js";

export function addValueChainCommand(program: Command, context: CommandContext): void {
  const valueChain = program.command("value-chain").description("the graph of what moves what");
  for (const addCommand of [
    addValueChainStructureCommands,
    addValueChainShockCommand,
    addValueChainExposureCommand,
    addValueChainPathsCommand,
    addValueChainImportCommand,
    addValueChainExportCommand,
    addValueChainSeedCommand,
    addValueChainLogCommands,
  ]) {
    addCommand(valueChain, context);
  }
}
