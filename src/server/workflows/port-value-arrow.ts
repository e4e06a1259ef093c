import { type Table, tableFromIPC } from "apache-arrow";
import { WorkbenchError } from "../../engine/errors.js";
import type { JsonValue } from "../../engine/workflow/json-value.js";
import type { PortValue, SeriesValue, TableCell, TableColumn, TableValue } from "../../engine/workflow/port-value.js";
import { decodePortValue, encodePortValue } from "../../engine/workflow/port-value-codec.js";
import { type ArrowColumn, type ArrowColumns, arrowStream, arrowTable } from "../../store/arrow/arrow-table.js";

/*
 * Values of ports as Arrow IPC streams, exact to the last bit. The schema's metadata names the type. A series has the
 * columns `time_ms` and `value`. A table has its own columns: numbers as float64, texts as utf8, any other mixture as
 * JSON, whose column names the metadata lists. Everything else is one row of JSON in the column `json`; so is a table of
 * more than 500 columns, because making a schema takes time in the square of its columns.
 */

const MOST_ARROW_COLUMNS = 500;

const TYPE = "quantflow.type";
const JSON_COLUMNS = "quantflow.json-columns";
const SYMBOL = "quantflow.symbol";
const UNIT = "quantflow.unit";

export function portValueToArrow(value: PortValue): Uint8Array {
  if (value.type === "series") return seriesToArrow(value.value);
  if (value.type === "table" && value.value.columns.length <= MOST_ARROW_COLUMNS) return tableToArrow(value.value);
  const json = { type: "text", values: [JSON.stringify(encodePortValue(value))] } as const;
  return stream({ json }, 1, new Map([[TYPE, value.type]]));
}

/** @throws WORKFLOW_OUTPUT_INVALID for what `portValueToArrow` did not write */
export function portValueFromArrow(bytes: Uint8Array): PortValue {
  let table: Table;
  try {
    table = tableFromIPC(bytes);
  } catch (cause) {
    throw new WorkbenchError("WORKFLOW_OUTPUT_INVALID", "invalid output: it is no Arrow stream", { cause });
  }
  const json = table.getChild("json");
  if (json) return decodePortValue(JSON.parse(String(json.get(0))) as JsonValue);
  const type = table.schema.metadata.get(TYPE);
  if (type === "series") return { type, value: seriesFromArrow(table) };
  if (type === "table") return { type, value: tableFromArrow(table) };
  throw new WorkbenchError("WORKFLOW_OUTPUT_INVALID", "invalid output: its stream names no type of value");
}

function seriesToArrow({ timesMs, values, symbol, unit }: SeriesValue): Uint8Array {
  const metadata = new Map([[TYPE, "series"]]);
  if (symbol !== undefined) metadata.set(SYMBOL, symbol);
  if (unit !== undefined) metadata.set(UNIT, unit);
  const columns: ArrowColumns = {
    time_ms: { type: "float64", values: timesMs },
    value: { type: "float64", values },
  };
  return stream(columns, timesMs.length, metadata);
}

function seriesFromArrow(table: Table): SeriesValue {
  const { metadata } = table.schema;
  const [symbol, unit] = [metadata.get(SYMBOL), metadata.get(UNIT)];
  return {
    timesMs: floats(table, "time_ms"),
    values: floats(table, "value"),
    ...(symbol === undefined ? {} : { symbol }),
    ...(unit === undefined ? {} : { unit }),
  };
}

function tableToArrow({ columns, rowCount }: TableValue): Uint8Array {
  const inJson: string[] = [];
  const arrow = columns.map((column): [string, ArrowColumn] => {
    const plain = plainColumn(column);
    if (plain === undefined) inJson.push(column.name);
    return [column.name, plain ?? jsonColumn(column)];
  });
  // Columns are told apart by their place: names such as `__proto__` or `1` would not keep theirs in an object.
  const byPlace = Object.fromEntries(arrow.map(([, column], i) => [`c${i}`, column]));
  const names = JSON.stringify(arrow.map(([name]) => name));
  const metadata = new Map([
    [TYPE, "table"],
    [JSON_COLUMNS, JSON.stringify(inJson)],
    ["quantflow.columns", names],
    ["quantflow.rows", String(rowCount)],
  ]);
  return stream(byPlace, rowCount, metadata);
}

function tableFromArrow(table: Table): TableValue {
  const { metadata } = table.schema;
  const inJson = new Set(JSON.parse(metadata.get(JSON_COLUMNS) ?? "[]") as string[]);
  const names = JSON.parse(metadata.get("quantflow.columns") ?? "[]") as string[];
  const columns = names.map((name, place): TableColumn => {
    const cells = Array.from(table.getChild(`c${place}`) ?? []) as TableCell[];
    return { name, cells: inJson.has(name) ? cells.map((text) => cellOf(String(text))) : cells };
  });
  return { columns, rowCount: Number(metadata.get("quantflow.rows") ?? table.numRows) };
}

function plainColumn({ cells }: TableColumn): ArrowColumn | undefined {
  if (cells.every((cell) => typeof cell === "number")) return { type: "float64", values: Float64Array.from(cells) };
  if (!cells.every((cell) => typeof cell === "string" || cell === null)) return undefined;
  return { type: "text", values: cells.map((cell) => cell ?? undefined) };
}

function jsonColumn({ cells }: TableColumn): ArrowColumn {
  const asTable = (cell: TableCell) => encodePortValue(oneCell(cell));
  return { type: "text", values: cells.map((cell) => JSON.stringify(asTable(cell))) };
}

function cellOf(json: string): TableCell {
  const value = decodePortValue(JSON.parse(json) as JsonValue);
  return value.type === "table" ? value.value.columns[0]!.cells[0]! : null;
}

function oneCell(cell: TableCell): PortValue {
  return { type: "table", value: { columns: [{ name: "cell", cells: [cell] }], rowCount: 1 } };
}

function floats(table: Table, name: string): Float64Array {
  const column = table.getChild(name)?.toArray() as unknown;
  if (column instanceof Float64Array) return column;
  throw new WorkbenchError("WORKFLOW_OUTPUT_INVALID", `invalid output: it has no column ${name} of numbers`);
}

function stream(columns: ArrowColumns, rowCount: number, metadata: ReadonlyMap<string, string>): Uint8Array {
  return arrowStream(arrowTable(columns, rowCount, metadata));
}
