import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { WorkbenchError } from "../../engine/errors.js";
import type { WorkflowId } from "../../engine/workflow/workflow-ids.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { write } from "../output.js";
import { storedWorkflows } from "../workflow/stored-workflows.js";

interface ExportFlags {
  readonly output?: string;
  readonly json: boolean;
}

export function addWorkflowExportCommand(workflow: Command, context: CommandContext): void {
  workflow
    .command("export")
    .description("write a stored workflow as a file that import and the other commands read")
    .argument("<workflow>", "its name, or its id")
    .option("--output <file>", "write to a file instead of standard output")
    .option("--json", "print {kind, version, exportedAtMs, definition} as JSON, as it is anyway", false)
    .addHelpText("after", '\nExample:\n  quantflow workflow export "Monthly risk parity" --output parity.json')
    .action((name: string, flags: ExportFlags) => exportWorkflow(context, name, flags));
}

async function exportWorkflow(context: CommandContext, name: string, { output }: ExportFlags): Promise<void> {
  const exported = await withDatabase(context, "workflow export", async (database) => {
    const workflows = storedWorkflows(database, context.nowMs);
    const found = (await workflows.list()).workflows.filter(
      (workflow) => workflow.id === name || workflow.name === name,
    );
    if (found.length === 1) return workflows.export(found[0]!.id as WorkflowId);
    const ids = found.map(({ id }) => id).join(", ");
    throw new WorkbenchError(
      "NOT_FOUND",
      found.length === 0
        ? `no workflow ${name} is stored`
        : `several workflows are called ${name}: say which id of ${ids}`,
    );
  });
  const text = `${JSON.stringify(exported, null, 2)}\n`;
  if (output === undefined) {
    await write(context.stdout, text);
    return;
  }
  try {
    writeFileSync(output, text);
  } catch (cause) {
    throw new WorkbenchError("FILE_UNREADABLE", `cannot write ${output}: ${(cause as Error).message}`, { cause });
  }
}
