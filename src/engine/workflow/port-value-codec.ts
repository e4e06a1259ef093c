import { WorkbenchError } from "../errors.js";
import { portValueProblem } from "./execution/port-value-problem.js";
import type { JsonValue } from "./json-value.js";
import type { PortValue, TableCell } from "./port-value.js";
import type { Outputs } from "./run-event.js";

/**
 * Values at rest. A typed array is a list, and NaN null; what JSON has no word for is text: `Infinity`, `-Infinity`,
 * `-0`. In the cells of tables, where null and text mean themselves, such a number is `{"number": "NaN"}`. Decoded, a
 * value is what was encoded, to the last bit; fields that are undefined are left out.
 */
export function encodePortValue({ type, value }: PortValue): JsonValue {
  switch (type) {
    case "number":
      return { type, value: encodeNumber(value) };
    case "series": {
      const { timesMs, values, ...rest } = value;
      return {
        type,
        value: { ...defined(rest), timesMs: Array.from(timesMs), values: Array.from(values, encodeNumber) },
      };
    }
    case "table": {
      const columns = value.columns.map(({ name, cells }) => ({ name, cells: cells.map(encodeCell) }));
      return { type, value: { columns, rowCount: value.rowCount } };
    }
    case "signal":
      return { type, value: { ...defined(value), ...encodedField("strength", value.strength) } };
    case "order":
      return { type, value: value.map(defined) };
    default:
      return { type, value };
  }
}

/** @throws WORKFLOW_OUTPUT_INVALID for what `encodePortValue` did not write */
export function decodePortValue(json: JsonValue): PortValue {
  const candidate = decoded(json);
  const problem = portValueProblem(candidate);
  if (problem !== undefined) throw invalid(problem);
  return candidate as PortValue;
}

export function encodeOutputs(outputs: Outputs): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(Object.entries(outputs).map(([port, value]) => [port, encodePortValue(value)]));
}

/** @throws WORKFLOW_OUTPUT_INVALID for what `encodeOutputs` did not write */
export function decodeOutputs(json: JsonValue): Outputs {
  if (!isRecord(json)) throw invalid("is no object of values by output port");
  return Object.fromEntries(Object.entries(json).map(([port, value]) => [port, decodePortValue(value)]));
}

function decoded(json: JsonValue): unknown {
  if (!isRecord(json)) return json;
  const { type, value } = json;
  if (type === "number") return { type, value: decodeNumber(value) };
  if (!isRecord(value)) return json;
  if (type === "series" && Array.isArray(value.timesMs) && Array.isArray(value.values)) {
    return { type, value: { ...value, timesMs: numbers(value.timesMs), values: numbers(value.values) } };
  }
  if (type === "signal" && "strength" in value) {
    return { type, value: { ...value, strength: decodeNumber(value.strength) } };
  }
  if (type !== "table" || !Array.isArray(value.columns)) return json;
  const columns = value.columns.map((column: JsonValue) =>
    isRecord(column) && Array.isArray(column.cells) ? { ...column, cells: column.cells.map(decodeCell) } : column,
  );
  return { type, value: { ...value, columns } };
}

const NUMBER_WORDS: ReadonlyMap<JsonValue | undefined, number> = new Map<JsonValue, number>([
  [null, Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

function encodeNumber(value: number): number | string | null {
  if (Number.isNaN(value)) return null;
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : String(value);
}

function decodeNumber(json: JsonValue | undefined): unknown {
  return typeof json === "number" ? json : (NUMBER_WORDS.get(json) ?? json);
}

function numbers(json: readonly JsonValue[]): Float64Array {
  return Float64Array.from(json, (item, i) => {
    const value = decodeNumber(item);
    if (typeof value !== "number") throw invalid(`has no number in place ${i}`);
    return value;
  });
}

function encodeCell(cell: TableCell): JsonValue {
  if (typeof cell !== "number") return cell;
  const json = encodeNumber(cell);
  return typeof json === "number" ? json : { number: json ?? "NaN" };
}

function decodeCell(json: JsonValue): unknown {
  if (!isRecord(json)) return json;
  return decodeNumber(json.number === "NaN" ? null : json.number);
}

function encodedField(name: string, value: number | undefined): Readonly<Record<string, JsonValue>> {
  return value === undefined ? {} : { [name]: encodeNumber(value) };
}

/** Without the fields that are undefined. */
function defined(fields: object): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function isRecord(json: JsonValue | undefined): json is { readonly [key: string]: JsonValue } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function invalid(problem: string): WorkbenchError {
  return new WorkbenchError("WORKFLOW_OUTPUT_INVALID", `invalid output: it ${problem}`);
}
