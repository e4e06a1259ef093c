import type { Command } from "commander";
import { NODE_CATALOGUE } from "../../engine/workflow/node-catalogue.js";
import { validateWorkflow, type WorkflowValidation } from "../../engine/workflow/validate-workflow.js";
import type { CommandContext } from "../command-context.js";
import { EXIT } from "../exit-codes.js";
import { writeJson } from "../output.js";
import { readWorkflowFile } from "../workflow/read-workflow-file.js";

export function addWorkflowValidateCommand(workflow: Command, context: CommandContext): void {
  workflow
    .command("validate")
    .description("list everything that keeps a workflow from running; exit code 1 when anything does")
    .argument("<file>", "a workflow as JSON")
    .option("--json", "print {ok, problems, generations} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow workflow validate crossing.json --json")
    .action((path: string, flags: { readonly json: boolean }) => validate(context, path, flags));
}

async function validate({ stdout }: CommandContext, path: string, { json }: { readonly json: boolean }): Promise<void> {
  const { ok, problems, generations } = validationOf(path);
  if (!ok) process.exitCode = EXIT.failed;
  if (json) {
    await writeJson(stdout, {
      ok,
      problems: problems.map(({ code, message, nodeIds, edgeIds }) => ({ code, message, nodeIds, edgeIds })),
      generations,
    });
    return;
  }
  for (const { code, message } of problems) stdout.write(`${code}: ${message}\n`);
  const nodeCount = generations.reduce((count, nodes) => count + nodes.length, 0);
  stdout.write(
    ok
      ? `No problem: ${nodeCount} nodes in ${generations.length} generations.\n`
      : `${problems.length} problem${problems.length === 1 ? "" : "s"}.\n`,
  );
}

function validationOf(path: string): WorkflowValidation {
  const parsed = readWorkflowFile(path);
  if (parsed.isValid) return validateWorkflow(parsed.definition, NODE_CATALOGUE);
  return { ok: false, problems: parsed.problems, generations: [] };
}
