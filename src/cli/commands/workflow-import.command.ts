import type { Command } from "commander";
import { type CommandContext, withDatabase } from "../command-context.js";
import { writeJson } from "../output.js";
import { requireWorkflowFile } from "../workflow/read-workflow-file.js";
import { storedWorkflows } from "../workflow/stored-workflows.js";

export function addWorkflowImportCommand(workflow: Command, context: CommandContext): void {
  workflow
    .command("import")
    .description("store a workflow of a file as a new one, with its problems and not active")
    .argument("<file>", "a workflow as JSON")
    .option("--json", "print {id, revision} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow workflow import parity.json")
    .action(async (path: string, { json }: { json: boolean }) => {
      const definition = requireWorkflowFile(path);
      const saved = await withDatabase(context, "workflow import", (database) =>
        storedWorkflows(database, context.nowMs).create(definition, { note: "imported" }),
      );
      if (json) await writeJson(context.stdout, saved);
      else context.stdout.write(`stored: workflow ${saved.id} (${definition.name})\n`);
    });
}
