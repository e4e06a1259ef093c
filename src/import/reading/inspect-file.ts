import { open, stat } from "node:fs/promises";
import type { FileContainer } from "../mapping/import-mapping.js";
import { readArrowTables } from "./arrow-tables.js";
import type { ColumnTable, ColumnType } from "./column-table.js";
import { CsvScanner } from "./csv-scanner.js";
import { detectDelimiter } from "./detect-delimiter.js";
import { fileEmpty, fileError, fileHasNoRows, fileIsFolder, fileNotTabular } from "./file-error.js";
import { columnNames, positionalNames } from "./file-header.js";
import { readParquetTables } from "./parquet-tables.js";
import { readTextHead } from "./text-head.js";

/** Most rows looked at to guess a mapping. */
const SAMPLE_ROWS = 5_000;
const MAGIC_BYTES = 8;

/** What the first rows of a file tell about it. */
export interface InspectedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly container: FileContainer;
  readonly gzip: boolean;
  /** Of no meaning outside CSV. */
  readonly delimiter: string;
  /** Whether the first row names the columns. */
  readonly header: boolean;
  readonly columns: readonly string[];
  /** Types of the columns; all `text` in a CSV file. */
  readonly columnTypes: readonly ColumnType[];
  /** The first rows as text, up to 5,000 and about 256 KiB; rows with another number of fields are left out. */
  readonly sampleRows: readonly (readonly string[])[];
}

/**
 * Looks at the beginning of a file: container and compression by content, not by name; header and sample rows.
 * `delimiter` is detected among `, ; tab |` unless given.
 * @throws FILE_NOT_FOUND, FILE_IS_FOLDER, FILE_UNREADABLE, FILE_EMPTY, FILE_HAS_NO_ROWS, FILE_NOT_TABULAR,
 * FILE_HEADER_INVALID, FILE_LINE_TOO_LONG, FILE_TRUNCATED
 */
export async function inspectFile(
  path: string,
  { delimiter, header = true }: { delimiter?: string | undefined; header?: boolean | undefined } = {},
): Promise<InspectedFile> {
  const { sizeBytes, magic } = await readMagic(path);
  const facts = { path, sizeBytes, delimiter: delimiter ?? ",", header };
  const text = magic.toString("latin1");
  if (text.startsWith("PAR1")) {
    const tables = readParquetTables(path, { maxRows: SAMPLE_ROWS });
    return { ...facts, container: "parquet", gzip: false, header: true, ...(await inspectTable(path, tables)) };
  }
  if (text.startsWith("ARROW1") || magic.readUInt32LE(0) === 0xffffffff) {
    return {
      ...facts,
      container: "arrow",
      gzip: false,
      header: true,
      ...(await inspectTable(path, readArrowTables(path))),
    };
  }
  if (text.startsWith("PK\x03\x04")) {
    throw fileNotTabular(path, "is a zip archive or an Excel workbook", "CSV, CSV.gz, Parquet or Arrow");
  }
  const gzip = magic[0] === 0x1f && magic[1] === 0x8b;
  return { ...facts, container: "csv", gzip, ...(await inspectCsv(path, { gzip, delimiter, header })) };
}

async function readMagic(path: string): Promise<{ sizeBytes: number; magic: Buffer }> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw fileIsFolder(path);
    if (!stats.isFile()) throw new Error("it is no regular file");
    if (stats.size === 0) throw fileEmpty(path);
    const handle = await open(path);
    try {
      const magic = Buffer.alloc(MAGIC_BYTES);
      await handle.read(magic, 0, MAGIC_BYTES, 0);
      return { sizeBytes: stats.size, magic };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(path, error);
  }
}

async function inspectCsv(
  path: string,
  { gzip, delimiter, header }: { gzip: boolean; delimiter: string | undefined; header: boolean },
): Promise<Pick<InspectedFile, "delimiter" | "columns" | "columnTypes" | "sampleRows">> {
  const { bytes, isWholeFile } = await readTextHead(path, { gzip });
  const detected = delimiter ?? detectDelimiter(bytes, { isWholeFile });
  const scanner = new CsvScanner(detected ?? ",");
  scanner.push(bytes);
  if (isWholeFile) scanner.finish();
  if (!scanner.next()) throw fileEmpty(path);
  const first = Array.from({ length: scanner.fieldCount }, (_, index) => scanner.field(index));
  if (first.length < 2) {
    throw fileNotTabular(
      path,
      `has one column, ${JSON.stringify(first[0]?.slice(0, 60))}`,
      "columns separated by , ; tab or |, or by the character named with --delimiter",
    );
  }
  const sampleRows: string[][] = header ? [] : [first];
  let rows = sampleRows.length;
  while (sampleRows.length < SAMPLE_ROWS && scanner.next()) {
    rows++;
    if (scanner.fieldCount !== first.length || scanner.malformed) continue;
    sampleRows.push(Array.from({ length: scanner.fieldCount }, (_, index) => scanner.field(index)));
  }
  const columns = header ? columnNames(first) : positionalNames(first.length);
  if (rows === 0) throw fileHasNoRows(path);
  return { delimiter: detected ?? ",", columns, columnTypes: columns.map(() => "text"), sampleRows };
}

async function inspectTable(
  path: string,
  tables: AsyncGenerator<ColumnTable, void, undefined>,
): Promise<Pick<InspectedFile, "columns" | "columnTypes" | "sampleRows">> {
  for await (const { rowCount, columns } of tables) {
    const names = columnNames(columns.map(({ name }) => name));
    if (rowCount === 0) continue;
    const sampleRows = Array.from({ length: Math.min(rowCount, SAMPLE_ROWS) }, (_, row) =>
      columns.map((column) => column.textAt(row) ?? ""),
    );
    return { columns: names, columnTypes: columns.map(({ type }) => type), sampleRows };
  }
  throw fileHasNoRows(path);
}
