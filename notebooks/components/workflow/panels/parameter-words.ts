import type { JsonValue } from "../../../engine/workflow/json-value.js";

/** A parameter's value in a few words. */
export function parameterWords(value: JsonValue | undefined): string {
  if (value === undefined || value === null || value === "") return "not set";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value).replace("-", "−");
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
}
