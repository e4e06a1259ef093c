import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { addWorkflowDiffCommand } from "./workflow-diff.command.js";
import { addWorkflowValidateCommand } from "./workflow-validate.command.js";

export function addWorkflowCommand(program: Command, context: CommandContext): void {
  const workflow = program.command("workflow").description("check, compare and keep workflows");
  addWorkflowValidateCommand(workflow, context);
  addWorkflowDiffCommand(workflow, context);
}
