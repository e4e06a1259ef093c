import type { JsonValue } from "../json-value.js";
import type { TableCell, TableValue } from "../port-value.js";

type JsonObject = Readonly<Record<string, JsonValue>>;

/**
 * A row per object of a JSON value: of itself, or of a list. Columns in the order in which they first appear; lists and
 * objects within it stand as JSON. No rows when there is no object; other members of a list are passed over.
 */
export function tableOfJson(value: JsonValue): TableValue {
  const rows = (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).filter(isObject);
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const columns = [...names].map((name) => ({
    name,
    cells: rows.map((row) => cellOfJson(Object.hasOwn(row, name) ? row[name] : null)),
  }));
  return { columns, rowCount: rows.length };
}

/** The JSON value of a text; undefined when it is none. */
export function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function cellOfJson(value: JsonValue | undefined): TableCell {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : value;
}
