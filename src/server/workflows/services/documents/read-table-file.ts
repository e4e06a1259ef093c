import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { WorkbenchError } from "../../../../engine/errors.js";
import type { TableCell, TableValue } from "../../../../engine/workflow/port-value.js";
import { readArrowTables } from "../../../../import/reading/arrow-tables.js";
import type { ColumnTable, TableColumn } from "../../../../import/reading/column-table.js";
import { CsvScanner } from "../../../../import/reading/csv-scanner.js";
import { detectDelimiter } from "../../../../import/reading/detect-delimiter.js";
import { columnNames } from "../../../../import/reading/file-header.js";
import { inspectFile } from "../../../../import/reading/inspect-file.js";
import { readParquetTables } from "../../../../import/reading/parquet-tables.js";
import { readBytes } from "../../../../import/reading/read-bytes.js";
import { shapeProblem } from "../../../../import/reading/record-shape.js";
import { readTextHead } from "../../../../import/reading/text-head.js";
import { tableOfJson } from "./json-table.js";
import { TableBuilder } from "./table-builder.js";

/**
 * A table file as cells: JSON and CSV by the end of its name, else by its content CSV, Parquet or Arrow. Texts
 * of a CSV file that are numbers, `true` or `false` become such; empty ones are null. Days and instants come as texts,
 * `YYYY-MM-DD` and ISO 8601.
 * @throws REQUEST_TOO_LARGE, ROWS_INVALID, CANCELLED, and what the readers of files throw
 */
export async function readTableFile(path: string, signal: AbortSignal): Promise<TableValue> {
  const name = basename(path);
  if (/\.(json|jsonl|ndjson)$/i.test(name)) {
    const text = await readFile(path, { encoding: "utf8", signal });
    return tableOfJson(name, text.replace(/^\ufeff/, ""), { isLines: !/\.json$/i.test(name) });
  }
  if (/\.(csv|tsv|txt)(\.gz)?$/i.test(name)) return readCsv(path, { gzip: /\.gz$/i.test(name), signal });
  const file = await inspectFile(path);
  if (file.container === "parquet") return cellsOf(name, file.columns, readParquetTables(path, { signal }));
  if (file.container === "arrow") return cellsOf(name, file.columns, readArrowTables(path, { signal }));
  return readCsv(path, { gzip: file.gzip, signal });
}

async function readCsv(
  path: string,
  { gzip, signal }: { readonly gzip: boolean; readonly signal: AbortSignal },
): Promise<TableValue> {
  const name = basename(path);
  const head = await readTextHead(path, { gzip });
  // A list of symbols has one column, and nothing that parts columns.
  const scanner = new CsvScanner(detectDelimiter(head.bytes, head) ?? ",");
  let table: TableBuilder | undefined;
  let width = 0;
  const takeRecords = () => {
    while (scanner.next()) {
      const fields = Array.from({ length: scanner.fieldCount }, (_, at) => scanner.field(at));
      if (table === undefined) {
        table = new TableBuilder(name, columnNames(fields));
        width = fields.length;
        continue;
      }
      const problem = shapeProblem(scanner, width);
      if (problem !== undefined) {
        throw new WorkbenchError("ROWS_INVALID", `invalid file: ${name}, line ${scanner.line}: ${problem}`, {
          details: { line: scanner.line },
        });
      }
      table.add(fields.map(cellOfText));
    }
  };
  for await (const chunk of readBytes(path, { gzip, signal })) {
    scanner.push(chunk);
    takeRecords();
  }
  scanner.finish();
  takeRecords();
  return (table ?? new TableBuilder(name, [])).build();
}

async function cellsOf(
  name: string,
  names: readonly string[],
  tables: AsyncIterable<ColumnTable>,
): Promise<TableValue> {
  const table = new TableBuilder(name, names);
  for await (const { rowCount, columns } of tables) {
    columnNames(columns.map((column) => column.name));
    for (let row = 0; row < rowCount; row++) table.add(columns.map((column) => cellOfColumn(column, row)));
  }
  return table.build();
}

function cellOfColumn(column: TableColumn, row: number): TableCell {
  if (column.type === "unsupported") return null;
  if (column.type !== "number") return column.textAt(row) ?? null;
  const value = column.numberAt(row);
  return Number.isNaN(value) ? null : value;
}

/** Digits with a point: no hexadecimal, no spaces, no words such as Infinity. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** A code such as 0123 is no number. */
const LEADING_ZERO = /^[+-]?0\d/;

function cellOfText(text: string): TableCell {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  return NUMBER.test(trimmed) && !LEADING_ZERO.test(trimmed) ? Number(trimmed) : text;
}
