import { readFileSync, statSync } from "node:fs";
import { importWorkflowRequestSchema, WORKFLOW_API_LIMITS } from "../../contracts/workflow-api.js";
import { type ParsedWorkflow, parseWorkflow } from "../../contracts/workflow-definition.js";
import { WorkbenchError } from "../../engine/errors.js";
import type { WorkflowDefinition } from "../../engine/workflow/workflow-definition.js";
import { fileError } from "../../import/reading/file-error.js";

/**
 * The workflow of a JSON file: a definition, or what `quantflow workflow export` wrote. A file that is no JSON is a
 * workflow that cannot be read, too.
 * @throws FILE_NOT_FOUND, FILE_UNREADABLE
 */
export function readWorkflowFile(path: string): ParsedWorkflow {
  const text = readText(path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const message = `definition: no JSON: ${(error as Error).message} (accepted: a workflow as JSON)`;
    return { isValid: false, problems: [{ code: "DEFINITION_INVALID", message, nodeIds: [], edgeIds: [] }] };
  }
  const exported = importWorkflowRequestSchema.safeParse(json);
  return parseWorkflow(exported.success ? exported.data.definition : json);
}

/** @throws WORKFLOW_INVALID with every problem, FILE_NOT_FOUND, FILE_UNREADABLE */
export function requireWorkflowFile(path: string): WorkflowDefinition {
  const parsed = readWorkflowFile(path);
  if (parsed.isValid) return parsed.definition;
  const { problems } = parsed;
  const [first] = problems;
  const rest = problems.length > 1 ? ` and ${problems.length - 1} more` : "";
  throw new WorkbenchError("WORKFLOW_INVALID", `invalid workflow: ${path}: ${first!.message}${rest}`, {
    details: { problems },
  });
}

function readText(path: string): string {
  try {
    const { size } = statSync(path);
    const most = WORKFLOW_API_LIMITS.definitionBytes;
    if (size > most) throw new WorkbenchError("FILE_UNREADABLE", `${path} has ${size} bytes (accepted: up to ${most})`);
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    throw fileError(path, error);
  }
}
