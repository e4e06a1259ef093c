import { createHash } from "node:crypto";
import type { WorkflowDefinition } from "../../engine/workflow/workflow-definition.js";

/** SHA-256 of a definition, in hexadecimal digits. The order of an object's fields does not count; that of lists does. */
export function definitionDigest(definition: WorkflowDefinition): string {
  return createHash("sha256").update(JSON.stringify(definition, inOrder)).digest("hex");
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}
