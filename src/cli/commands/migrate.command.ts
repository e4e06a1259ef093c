import type { Command } from "commander";
import { schemaFlavour } from "../../store/migrate.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { writeJson } from "../output.js";

export function addMigrateCommand(program: Command, context: CommandContext): void {
  program
    .command("migrate")
    .description("bring the database schema up to this version (every other command does so too)")
    .option("--json", "print {location, flavour, version} as JSON", false)
    .addHelpText("after", "\nExample:\n  DATABASE_URL=postgresql://… quantflow migrate")
    .action(async ({ json }: { json: boolean }) => {
      const report = await withDatabase(context, "migrate", async (database) => {
        const [row] = await database.query<{ version: number }>(
          "SELECT max(version) AS version FROM schema_migrations",
        );
        return { location: database.location, flavour: await schemaFlavour(database), version: row!.version };
      });
      if (json) await writeJson(context.stdout, report);
      else context.stdout.write(`${report.location}: schema version ${report.version}, ${report.flavour}.\n`);
    });
}
