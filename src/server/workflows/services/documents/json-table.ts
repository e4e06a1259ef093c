import { WorkbenchError } from "../../../../engine/errors.js";
import type { TableCell, TableValue } from "../../../../engine/workflow/port-value.js";
import { TableBuilder } from "./table-builder.js";

const ACCEPTED = "accepted: a list of objects, or one object a line in a file .jsonl";

/** Objects as rows; columns in the order in which they appear, null where an object lacks one, lists and objects as JSON. */
export function tableOfJson(name: string, text: string, { isLines }: { readonly isLines: boolean }): TableValue {
  const rows = isLines
    ? text.split("\n").flatMap((line, at) => (line.trim() === "" ? [] : [parse(`${name}, line ${at + 1}`, line)]))
    : parse(name, text);
  if (!Array.isArray(rows)) throw invalid(name, "it is no list");
  const names = new Set<string>();
  for (const [at, row] of rows.entries()) {
    if (typeof row !== "object" || row === null || Array.isArray(row))
      throw invalid(name, `row ${at + 1} is no object`);
    for (const column of Object.keys(row)) names.add(column);
  }
  const table = new TableBuilder(name, [...names]);
  for (const row of rows as Record<string, unknown>[]) {
    table.add(Array.from(names, (column) => cellOf(Object.hasOwn(row, column) ? row[column] : null)));
  }
  return table.build();
}

function parse(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(where, (cause as Error).message, cause);
  }
}

function cellOf(value: unknown): TableCell {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  return JSON.stringify(value);
}

function invalid(where: string, problem: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError("ROWS_INVALID", `invalid JSON: ${where}: ${problem} (${ACCEPTED})`, { cause });
}
