import { type FileHandle, open } from "node:fs/promises";
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead, type SchemaElement } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import {
  type ColumnTable,
  type ColumnType,
  numericColumn,
  type TableColumn,
  textColumn,
  unsupportedColumn,
} from "./column-table.js";
import { fileError, fileTruncated } from "./file-error.js";
import { throwIfCancelled } from "./read-bytes.js";

const MAGIC = "PAR1";

/**
 * The row groups of a Parquet file, one after the other; `columnNames` limits what is read.
 * @throws FILE_TRUNCATED without the closing footer, FILE_UNREADABLE for damaged content.
 */
export async function* readParquetTables(
  path: string,
  {
    columnNames,
    maxRows = Number.POSITIVE_INFINITY,
    signal,
    onBytesRead,
  }: {
    columnNames?: readonly string[];
    maxRows?: number;
    signal?: AbortSignal | undefined;
    onBytesRead?: ((bytesRead: number) => void) | undefined;
  } = {},
): AsyncGenerator<ColumnTable, void, undefined> {
  const handle = await openFile(path);
  try {
    const { size } = await handle.stat();
    await requireFooter(path, handle, size);
    const file = asyncBufferOf(handle, size);
    const metadata = await parquetMetadataAsync(file);
    const elements = flatColumns(metadata).filter(({ name }) => columnNames?.includes(name.trim()) ?? true);
    let rowStart = 0;
    for (const [index, group] of metadata.row_groups.entries()) {
      throwIfCancelled(signal);
      const rowEnd = Math.min(rowStart + Number(group.num_rows), maxRows);
      if (rowEnd > rowStart) yield await readRows(file, metadata, elements, rowStart, rowEnd);
      rowStart += Number(group.num_rows);
      onBytesRead?.(Math.floor((size * (index + 1)) / metadata.row_groups.length));
      if (rowStart >= maxRows) return;
    }
    if (metadata.row_groups.length === 0)
      yield { rowCount: 0, columns: elements.map(({ name }) => unsupportedColumn(name)) };
  } catch (error) {
    throw fileError(path, error);
  } finally {
    await handle.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (error) {
    throw fileError(path, error);
  }
}

async function requireFooter(path: string, handle: FileHandle, size: number): Promise<void> {
  const { buffer } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, Math.max(0, size - MAGIC.length));
  if (size < 12 || buffer.toString("latin1") !== MAGIC) throw fileTruncated(path, "a Parquet file without its footer");
}

function asyncBufferOf(handle: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      return bytes.buffer.slice(0, bytesRead);
    },
  };
}

/** Columns that hold one value per row; nested and repeated ones have no place in a mapping and are left out. */
function flatColumns({ schema }: FileMetaData): SchemaElement[] {
  const columns: SchemaElement[] = [];
  const [, ...elements] = schema;
  let nestedLeft = 0;
  for (const element of elements) {
    const isNested = nestedLeft > 0;
    if (isNested) nestedLeft--;
    nestedLeft += element.num_children ?? 0;
    if (!isNested && element.num_children === undefined && element.repetition_type !== "REPEATED")
      columns.push(element);
  }
  return columns;
}

async function readRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  elements: readonly SchemaElement[],
  rowStart: number,
  rowEnd: number,
): Promise<ColumnTable> {
  const chunksByName = new Map<string, { rowStart: number; rowEnd: number; values: ArrayLike<unknown> }[]>();
  await parquetRead({
    file,
    metadata,
    columns: elements.map(({ name }) => name),
    rowStart,
    rowEnd,
    compressors,
    parsers: {
      timestampFromMilliseconds: toMilliseconds(1n),
      timestampFromMicroseconds: toMilliseconds(1_000n),
      timestampFromNanoseconds: toMilliseconds(1_000_000n),
      dateFromDays: (days) => (typeof days === "number" ? days * 86_400_000 : Number.NaN),
    },
    onChunk({ columnName, columnData, rowStart: from, rowEnd: to }) {
      const chunks = chunksByName.get(columnName) ?? [];
      chunks.push({ rowStart: from, rowEnd: to, values: columnData });
      chunksByName.set(columnName, chunks);
    },
  });
  const rowCount = rowEnd - rowStart;
  const columns = elements.map((element) => {
    const values: unknown[] = new Array(rowCount).fill(undefined);
    for (const chunk of chunksByName.get(element.name) ?? []) {
      const from = Math.max(chunk.rowStart, rowStart);
      const to = Math.min(chunk.rowEnd, rowEnd);
      for (let row = from; row < to; row++) values[row - rowStart] = chunk.values[row - chunk.rowStart];
    }
    return toColumn(element, values);
  });
  return { rowCount, columns };
}

/** hyparquet passes `null` through for missing values although its types promise a bigint. */
function toMilliseconds(unitsPerMs: bigint): (value: bigint) => number {
  return (value) => (typeof value === "bigint" ? Number(value) / Number(unitsPerMs) : Number.NaN);
}

function toColumn(element: SchemaElement, values: readonly unknown[]): TableColumn {
  const type = columnTypeOf(element);
  switch (type) {
    case "text":
      return textColumn(element.name, (row) => {
        const value = values[row];
        return typeof value === "string" ? value : undefined;
      });
    case "unsupported":
      return unsupportedColumn(element.name);
    default: {
      // hyparquet multiplies a decimal's integer by an inexact 10^-scale: divide by the exact power instead.
      const power = element.converted_type === "DECIMAL" ? 10 ** (element.scale ?? 0) : 1;
      const numberAt = (row: number): number => {
        const value = values[row];
        const number = typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : Number.NaN;
        if (type === "number") return power === 1 ? number : Math.round(number * power) / power;
        return Math.floor(number);
      };
      return numericColumn(element.name, type, numberAt);
    }
  }
}

function columnTypeOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): ColumnType {
  if (logical?.type === "TIMESTAMP") return logical.isAdjustedToUTC ? "instant" : "local-timestamp";
  if (converted === "TIMESTAMP_MILLIS" || converted === "TIMESTAMP_MICROS") return "instant";
  if (type === "INT96") return "local-timestamp";
  if (logical?.type === "DATE" || converted === "DATE") return "date";
  if (logical?.type === "TIME" || logical?.type === "UUID") return "unsupported";
  if (type === "BYTE_ARRAY" && converted !== "DECIMAL") return "text";
  if (type === "FIXED_LEN_BYTE_ARRAY" && converted !== "DECIMAL" && logical?.type !== "FLOAT16") return "unsupported";
  return type === "BOOLEAN" ? "unsupported" : "number";
}
