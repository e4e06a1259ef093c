import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { addWorkflowDiffCommand } from "./workflow-diff.command.js";
import { addWorkflowExportCommand } from "./workflow-export.command.js";
import { addWorkflowImportCommand } from "./workflow-import.command.js";
import { addWorkflowRunCommand } from "./workflow-run.command.js";
import { addWorkflowValidateCommand } from "./workflow-validate.command.js";

export function addWorkflowCommand(program: Command, context: CommandContext): void {
  const workflow = program.command("workflow").description("check, compare, try and keep workflows");
  addWorkflowValidateCommand(workflow, context);
  addWorkflowDiffCommand(workflow, context);
  addWorkflowRunCommand(workflow, context);
  addWorkflowImportCommand(workflow, context);
  addWorkflowExportCommand(workflow, context);
}
