import { WORKFLOW_API_LIMITS } from "../../contracts/workflow-api.js";
import { WorkbenchError } from "../../engine/errors.js";
import type { JsonValue } from "../../engine/workflow/json-value.js";
import { isObject } from "../../engine/workflow/nodes/json-table.js";

const { columns, cells } = WORKFLOW_API_LIMITS.payload;

/**
 * What starts a run from outside. Triggers make a table of it, `tableOfJson`, whose cells are rows times columns: objects
 * of a list that share no keys would be far more in memory than on the wire.
 * @throws REQUEST_INVALID above 500 columns or 200,000 cells; `field` is what the sender knows it as
 */
export function requirePayload(payload: JsonValue, field: string): JsonValue {
  const rows = (Array.isArray(payload) ? (payload as readonly JsonValue[]) : [payload]).filter(isObject);
  const names = new Set<string>();
  for (const row of rows) for (const name in row) names.add(name);
  if (names.size > columns) throw invalid(field, `${names.size} different keys`, `at most ${columns}`);
  const count = rows.length * names.size;
  if (count > cells) {
    throw invalid(field, `${rows.length} objects of ${names.size} different keys`, `at most ${cells} cells as a table`);
  }
  return payload;
}

function invalid(field: string, problem: string, accepted: string): WorkbenchError {
  return new WorkbenchError("REQUEST_INVALID", `invalid ${field}: ${problem} (accepted: ${accepted})`);
}
