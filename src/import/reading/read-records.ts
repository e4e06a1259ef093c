import type { ImportMapping, MappingField } from "../mapping/import-mapping.js";
import { readArrowTables } from "./arrow-tables.js";
import type { ColumnTable } from "./column-table.js";
import { CsvScanner } from "./csv-scanner.js";
import { columnNames, fieldPositions, positionalNames } from "./file-header.js";
import { readParquetTables } from "./parquet-tables.js";
import { REJECTED_TEXT_CHARS } from "./price-batch.js";
import { readBytes } from "./read-bytes.js";
import { shapeProblem } from "./record-shape.js";

/** One row of a file as text, for tables small enough that strings do not matter. */
export interface FieldRecord {
  /** 1-based line of a CSV file, or row of a Parquet or Arrow file. */
  readonly line: number;
  /** The row as it stands in the file, cut after 1,000 characters. */
  readonly text: string;
  /** What is wrong with the row as a whole, when its fields cannot be told apart. */
  readonly problem: string | undefined;
  /** The trimmed text of a mapped field; `undefined` when empty or not mapped. */
  field(name: MappingField): string | undefined;
}

/** The rows of a file of any container, in order. */
export function readRecords(
  path: string,
  mapping: ImportMapping,
  { signal }: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<FieldRecord, void, undefined> {
  switch (mapping.format.container) {
    case "csv":
      return readCsvRecords(readBytes(path, { gzip: mapping.format.gzip, signal }), mapping);
    case "parquet":
      return readTableRecords(readParquetTables(path, { signal }), mapping);
    case "arrow":
      return readTableRecords(readArrowTables(path, { signal }), mapping);
  }
}

async function* readCsvRecords(
  chunks: AsyncIterable<Uint8Array>,
  mapping: ImportMapping,
): AsyncGenerator<FieldRecord, void, undefined> {
  const scanner = new CsvScanner(mapping.format.delimiter);
  let header: { count: number; positions: Readonly<Partial<Record<MappingField, number>>> } | undefined;

  function* scan(): Generator<FieldRecord, void, undefined> {
    while (scanner.next()) {
      const cells = Array.from({ length: scanner.fieldCount }, (_, index) => scanner.field(index));
      if (header === undefined) {
        const names = mapping.format.header ? columnNames(cells) : positionalNames(cells.length);
        header = { count: cells.length, positions: fieldPositions(mapping, names) };
        if (mapping.format.header) continue;
      }
      const { count, positions } = header;
      yield {
        line: scanner.line,
        text: scanner.text(REJECTED_TEXT_CHARS),
        problem: shapeProblem(scanner, count),
        field: (name) => cells[positions[name] ?? -1]?.trim() || undefined,
      };
    }
  }

  for await (const chunk of chunks) {
    scanner.push(chunk);
    yield* scan();
  }
  scanner.finish();
  yield* scan();
}

async function* readTableRecords(
  tables: AsyncIterable<ColumnTable>,
  mapping: ImportMapping,
): AsyncGenerator<FieldRecord, void, undefined> {
  let rowsBefore = 0;
  for await (const { rowCount, columns } of tables) {
    const positions = fieldPositions(mapping, columnNames(columns.map(({ name }) => name)));
    for (let row = 0; row < rowCount; row++) {
      yield {
        line: rowsBefore + row + 1,
        text: columns
          .map((column) => column.textAt(row) ?? "")
          .join(",")
          .slice(0, REJECTED_TEXT_CHARS),
        problem: undefined,
        field: (name) => columns[positions[name] ?? -1]?.textAt(row)?.trim() || undefined,
      };
    }
    rowsBefore += rowCount;
  }
}
