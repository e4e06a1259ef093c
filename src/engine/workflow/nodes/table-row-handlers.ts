import type { NodeImplementation } from "../node-handler.js";
import type { TableCell, TableColumn, TableValue } from "../port-value.js";
import { invalidInput, tableAt, valueAt } from "./step-inputs.js";
import { aTable, gives } from "./step-outputs.js";
import { choiceOf, flagOf, invalidParameter, listOf, numberOf, textOf } from "./step-parameters.js";
import { cellsOf, takeRows } from "./table-columns.js";

const COMPARISONS = {
  ">": (order: number) => order > 0,
  ">=": (order: number) => order >= 0,
  "<": (order: number) => order < 0,
  "<=": (order: number) => order <= 0,
  "=": (order: number) => order === 0,
  "!=": (order: number) => order !== 0,
} as const;

type Comparison = keyof typeof COMPARISONS | "is empty" | "is not empty";

function isKept(cell: TableCell, comparison: Comparison, value: TableCell): boolean {
  if (comparison === "is empty" || comparison === "is not empty")
    return (cell === null) === (comparison === "is empty");
  const order = orderOf(cell, likeCell(value, cell));
  if (order === undefined) return comparison === "!=" && cell !== null;
  return COMPARISONS[comparison](order);
}

/** Below 0 when `a` comes first; undefined when the cells are of different kinds, or empty, or not a number. */
function orderOf(a: TableCell, b: TableCell): number | undefined {
  if (typeof a === "string" && typeof b === "string") return a === b ? 0 : a < b ? -1 : 1;
  if (typeof a !== typeof b || typeof a === "string" || a === null) return undefined;
  const order = Number(a) - Number(b);
  return Number.isNaN(order) ? undefined : order;
}

/** A value that was written as a text, read as the kind of the cell that it is compared with. */
function likeCell(value: TableCell, cell: TableCell): TableCell {
  if (typeof value !== "string") return value;
  if (typeof cell === "number" && value.trim() !== "") return Number(value);
  if (typeof cell === "boolean" && (value === "true" || value === "false")) return value === "true";
  return value;
}

function sortedRows(cells: readonly TableCell[], isDescending: boolean): number[] {
  const isEmpty = (row: number) => cells[row] === null || Number.isNaN(cells[row]);
  return cells
    .map((_, row) => row)
    .sort((a, b) => {
      if (isEmpty(a) || isEmpty(b)) return Number(isEmpty(a)) - Number(isEmpty(b));
      const order = orderOf(cells[a]!, cells[b]!) ?? (typeof cells[a] < typeof cells[b] ? -1 : 1);
      return isDescending ? -order : order;
    });
}

/** `name`, or `name as other`. */
function selectedColumn(table: TableValue, part: string): TableColumn {
  const [, name, as] = /^(.*?)(?:\s+as\s+(.+))?$/.exec(part)!;
  return { name: as ?? name!, cells: cellsOf(table, name!) };
}

function appended(tables: readonly TableValue[]): TableValue {
  const names = new Set(tables.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const columns = [...names].map((name) => ({
    name,
    cells: tables.flatMap(
      (table) => table.columns.find((each) => each.name === name)?.cells ?? new Array(table.rowCount).fill(null),
    ),
  }));
  return { columns, rowCount: tables.reduce((rows, { rowCount }) => rows + rowCount, 0) };
}

function distinct(table: TableValue): TableValue {
  const seen = new Set<string>();
  const rows: number[] = [];
  for (let row = 0; row < table.rowCount; row++) {
    const key = JSON.stringify(table.columns.map(({ cells }) => cells[row] ?? null));
    if (!seen.has(key)) rows.push(row);
    seen.add(key);
  }
  return takeRows(table, rows);
}

/** Nodes that choose rows and columns. */
export const TABLE_ROW_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "table.filter": {
    run(parameters, inputs) {
      const table = tableAt(inputs, "table");
      const cells = cellsOf(table, textOf(parameters, "column"));
      const comparison = choiceOf<Comparison>(parameters, "comparison");
      const connected = valueAt(inputs, "value");
      if (connected !== undefined && connected.type !== "number" && connected.type !== "text") {
        throw invalidInput("value", `a ${connected.type}`, "number or text");
      }
      const value = connected?.value ?? textOf(parameters, "value");
      const rows = cells.flatMap((cell, row) => (isKept(cell, comparison, value) ? [row] : []));
      return gives({ table: aTable(takeRows(table, rows)) }, { note: `${rows.length} of ${table.rowCount} rows` });
    },
  },
  "table.sort": {
    run(parameters, inputs) {
      const table = tableAt(inputs, "table");
      const rows = sortedRows(
        cellsOf(table, textOf(parameters, "column")),
        choiceOf(parameters, "direction") === "descending",
      );
      const limit = numberOf(parameters, "limit");
      return gives({ table: aTable(takeRows(table, limit > 0 ? rows.slice(0, limit) : rows)) });
    },
  },
  "table.select": {
    run(parameters, inputs) {
      const table = tableAt(inputs, "table");
      const parts = listOf(parameters, "columns");
      const columns = parts.map((part) => selectedColumn(table, part));
      const names = new Set(columns.map(({ name }) => name));
      if (columns.length === 0 || names.size < columns.length) {
        throw invalidParameter("columns", parts.join(", "), "names, each once");
      }
      return gives({ table: aTable({ columns, rowCount: table.rowCount }) });
    },
  },
  "table.append": {
    run(parameters, inputs) {
      const tables = (inputs.tables ?? []).map(({ value }) => {
        if (value.type === "table") return value.value;
        throw invalidInput("tables", `a ${value.type}`, "tables");
      });
      const all = appended(tables);
      return gives({ table: aTable(flagOf(parameters, "distinct") ? distinct(all) : all) });
    },
  },
};
