import type { Command } from "commander";
import { pino } from "pino";
import { readServerSettings } from "../../server/server-settings.js";
import { startDevelopment } from "../../server/start-development.js";
import { SYMBOLS_FILE_VARIABLE } from "../../site/site-symbols.js";
import { readDatabaseSettings } from "../../store/database-settings.js";
import { openSharedDatabase } from "../../store/open-database.js";
import { parseInteger } from "../arguments.js";
import { writeSymbolsFile } from "../build-workbench-site.js";
import type { CommandContext } from "../command-context.js";
import { openLiveServices } from "../open-live-services.js";
import { untilInterrupted } from "../until-interrupted.js";
import { prepareData } from "./start.command.js";

export function addDevCommand(program: Command, context: CommandContext): void {
  program
    .command("dev")
    .description("serve the notebooks with hot reload, for editing")
    .option(
      "--port <n>",
      "port on loopback, 0 for any free one (default: PORT or 3000)",
      parseInteger({ min: 0, max: 65_535 }),
    )
    .addHelpText("after", "\nExample:\n  quantflow dev --port 4000")
    .action(async (flags: { port?: number }) => {
      const { environment, projectRoot, stdout, version, signal } = context;
      const server = readServerSettings(environment);
      const settings = { ...readDatabaseSettings(environment, { projectRoot }), purpose: "dev" };
      const database = await openSharedDatabase(settings);
      try {
        await prepareData(context, database);
        // Framework reads its configuration, and runs loaders, with the environment of this process.
        process.env[SYMBOLS_FILE_VARIABLE] = (await writeSymbolsFile(database, settings.dataFolder)).file;
        const logger = pino({ level: server.logLevel }, pino.destination({ dest: 2, sync: true }));
        const live = await openLiveServices(context, {
          role: "all",
          database,
          dataFolder: settings.dataFolder,
          logger,
        });
        try {
          const port = flags.port ?? server.port;
          const { workflows } = live;
          const development = await startDevelopment({ version, port, projectRoot, database, live, workflows, logger });
          stdout.write(`QuantFlow Workbench, development: ${development.url}\n`);
          await untilInterrupted(signal);
          await development.close();
        } finally {
          await live.close();
        }
      } finally {
        await database.close();
      }
    });
}
