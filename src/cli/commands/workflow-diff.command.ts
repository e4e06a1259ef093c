import type { Command } from "commander";
import { compareWorkflows } from "../../engine/workflow/compare-workflows.js";
import type { CommandContext } from "../command-context.js";
import { writeJson } from "../output.js";
import { describeChange } from "../workflow/describe-change.js";
import { requireWorkflowFile } from "../workflow/read-workflow-file.js";

export function addWorkflowDiffCommand(workflow: Command, context: CommandContext): void {
  workflow
    .command("diff")
    .description("list what changed from one workflow to another; what only moved comes last")
    .argument("<before>", "a workflow as JSON")
    .argument("<after>", "another one, mostly a later revision")
    .option("--json", "print {changes} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow workflow diff crossing-1.json crossing-2.json")
    .action((before: string, after: string, flags: { readonly json: boolean }) => diff(context, before, after, flags));
}

async function diff(
  { stdout }: CommandContext,
  before: string,
  after: string,
  { json }: { readonly json: boolean },
): Promise<void> {
  const changes = compareWorkflows(requireWorkflowFile(before), requireWorkflowFile(after));
  if (json) {
    await writeJson(stdout, { changes });
    return;
  }
  if (changes.length === 0) stdout.write("Nothing changed.\n");
  for (const change of changes) stdout.write(`${describeChange(change)}\n`);
}
