import type { TableCell, TableColumn, TableValue } from "../port-value.js";
import { invalidInput } from "./step-inputs.js";

const SHOWN_COLUMNS = 20;

export function tableOf(columns: Readonly<Record<string, readonly TableCell[]>>): TableValue {
  const named = Object.entries(columns).map(([name, cells]) => ({ name, cells }));
  return { columns: named, rowCount: named[0]?.cells.length ?? 0 };
}

/** Cells of a column. @throws ARGUMENT_INVALID naming the columns there are */
export function cellsOf(table: TableValue, name: string, port = "table"): readonly TableCell[] {
  const column = table.columns.find((each) => each.name === name);
  if (column?.cells.length === table.rowCount) return column.cells;
  const names = table.columns.slice(0, SHOWN_COLUMNS).map((each) => each.name);
  const accepted = names.length === 0 ? "a table with columns" : names.join(", ");
  if (!column) throw invalidInput(port, `no column ${JSON.stringify(name)}`, accepted);
  throw invalidInput(port, `${column.cells.length} cells in column ${name}`, `${table.rowCount}, one per row`);
}

/** A column as numbers; `NaN` for every other cell. */
export function numbersOf(cells: readonly TableCell[]): Float64Array {
  return Float64Array.from(cells, (cell) => (typeof cell === "number" ? cell : NaN));
}

/** A number as a cell: empty unless it is finite. */
export function cellOf(value: number | undefined): TableCell {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** The table with these rows in this order. */
export function takeRows({ columns }: TableValue, rows: readonly number[]): TableValue {
  const taken = columns.map(({ name, cells }) => ({ name, cells: rows.map((row) => cells[row] ?? null) }));
  return { columns: taken, rowCount: rows.length };
}

/** The table with one more column, or another in the place of one of that name. */
export function withColumn(table: TableValue, name: string, cells: readonly TableCell[]): TableValue {
  const column: TableColumn = { name, cells };
  const at = table.columns.findIndex((each) => each.name === name);
  const columns = at < 0 ? [...table.columns, column] : table.columns.with(at, column);
  return { columns, rowCount: table.rowCount };
}

/** The texts of the column `symbol`, each once, in their order. @throws ARGUMENT_INVALID for a cell that is no text */
export function symbolsOfTable(table: TableValue, port: string): readonly string[] {
  const cells = cellsOf(table, "symbol", port);
  const wrong = cells.findIndex((cell) => typeof cell !== "string" || cell === "");
  if (wrong >= 0) throw invalidInput(port, `${JSON.stringify(cells[wrong])} in row ${wrong}`, "a symbol in every row");
  return [...new Set(cells as readonly string[])];
}

/** A row as an object, for messages and facts. */
export function rowOf({ columns }: TableValue, row: number): Readonly<Record<string, TableCell>> {
  return Object.fromEntries(columns.map(({ name, cells }) => [name, cells[row] ?? null]));
}
