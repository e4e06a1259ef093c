import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { DataType, type RecordBatch, RecordBatchReader, type Vector } from "apache-arrow";
import { WorkbenchError } from "../../engine/errors.js";
import { type ColumnTable, numericColumn, type TableColumn, textColumn, unsupportedColumn } from "./column-table.js";
import { fileError, fileTruncated } from "./file-error.js";
import { throwIfCancelled } from "./read-bytes.js";

const FILE_MAGIC = "ARROW1";
/** Optional by the format, but every writer of files ends with it, and without it a cut stream looks complete. */
const END_OF_STREAM = "\xff\xff\xff\xff\0\0\0\0";
/**
 * The record batches of an Arrow IPC file or stream, one after the other; `columnNames` limits what is handed on.
 * @throws FILE_TRUNCATED for a file without footer or a stream without end-of-stream marker, FILE_UNREADABLE
 */
export async function* readArrowTables(
  path: string,
  {
    columnNames,
    signal,
    onBytesRead,
  }: {
    columnNames?: readonly string[];
    signal?: AbortSignal | undefined;
    onBytesRead?: ((bytesRead: number) => void) | undefined;
  } = {},
): AsyncGenerator<ColumnTable, void, undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path);
  } catch (error) {
    throw fileError(path, error);
  }
  const stream = createReadStream(path);
  try {
    const { size } = await handle.stat();
    const isFile = await isArrowFile(path, handle, size);
    const reader = isFile ? await RecordBatchReader.from(handle) : await RecordBatchReader.from(stream);
    await reader.open();
    let batches = 0;
    for await (const batch of reader as AsyncIterable<RecordBatch>) {
      throwIfCancelled(signal);
      batches++;
      requireBuffers(path, batch);
      const fields = batch.schema.fields.filter(({ name }) => columnNames?.includes(name.trim()) ?? true);
      yield { rowCount: batch.numRows, columns: fields.map(({ name }) => toColumn(name, batch.getChild(name)!)) };
      if (!isFile) onBytesRead?.(stream.bytesRead);
    }
    if (batches === 0) {
      const columns = reader.schema.fields.map(({ name }) => unsupportedColumn(name));
      yield { rowCount: 0, columns };
    }
    onBytesRead?.(size);
  } catch (error) {
    throw arrowError(path, error);
  } finally {
    stream.destroy();
    await handle.close().catch(() => undefined); // the reader of an IPC file closes the handle itself
  }
}

/** Tells a file from a stream by its first bytes. @throws FILE_TRUNCATED without the last bytes of either. */
async function isArrowFile(path: string, handle: FileHandle, size: number): Promise<boolean> {
  const first = await readAt(handle, 0, FILE_MAGIC.length);
  if (first === FILE_MAGIC) {
    const last = await readAt(handle, size - FILE_MAGIC.length, FILE_MAGIC.length);
    if (size > 2 * FILE_MAGIC.length && last === FILE_MAGIC) return true;
    throw fileTruncated(path, "an Arrow file without its footer");
  }
  const last = await readAt(handle, size - END_OF_STREAM.length, END_OF_STREAM.length);
  if (last === END_OF_STREAM) return false;
  throw fileTruncated(path, "an Arrow stream without its end-of-stream marker");
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<string> {
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, Math.max(0, position));
  return buffer.toString("latin1");
}

/** A damaged row count would have billions of rows read out of buffers that end after a few. */
function requireBuffers(path: string, batch: RecordBatch): void {
  for (const column of batch.data.children) {
    const hasOffsets = DataType.isUtf8(column.type) || DataType.isLargeUtf8(column.type);
    const stored: unknown = hasOffsets ? column.valueOffsets : column.values;
    if (!ArrayBuffer.isView(stored) || DataType.isNull(column.type) || DataType.isBool(column.type)) continue;
    const available = (stored as Uint8Array).length / (hasOffsets ? 1 : column.stride) - (hasOffsets ? 1 : 0);
    if (column.length > Math.max(0, available) || column.length !== batch.numRows) throw damagedArrow(path);
  }
}

function damagedArrow(path: string): WorkbenchError {
  return new WorkbenchError(
    "FILE_UNREADABLE",
    `invalid file: the Arrow content of ${path} is damaged (accepted: a complete Arrow file or stream)`,
    { details: { path } },
  );
}

function arrowError(path: string, error: unknown): WorkbenchError {
  if (error instanceof Error && /Expected to read|Invalid flatbuffer|Unexpected end/i.test(error.message)) {
    return fileTruncated(path, "an Arrow stream that ends within a message", error);
  }
  return fileError(path, error);
}

function toColumn(name: string, vector: Vector): TableColumn {
  const type: DataType = DataType.isDictionary(vector.type) ? vector.type.dictionary : vector.type;
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) {
    const strings = DataType.isDictionary(vector.type) ? vector.memoize() : vector;
    return textColumn(name, (row) => (strings.get(row) as string | null) ?? undefined);
  }
  if (DataType.isDate(type)) return numericColumn(name, "date", numberFrom(vector));
  if (DataType.isTimestamp(type)) {
    // apache-arrow 17 reads timestamps of every unit as milliseconds.
    const kind = type.timezone ? "instant" : "local-timestamp";
    return numericColumn(name, kind, numberFrom(vector));
  }
  if (DataType.isDecimal(type)) return numericColumn(name, "number", decimalFrom(vector, type.scale));
  if (DataType.isInt(type) || DataType.isFloat(type)) return numericColumn(name, "number", numberFrom(vector));
  if (DataType.isNull(type)) return numericColumn(name, "number", () => Number.NaN);
  return unsupportedColumn(name);
}

function numberFrom(vector: Vector): (row: number) => number {
  return (row) => {
    const value: unknown = vector.get(row);
    if (typeof value === "number") return value;
    return typeof value === "bigint" ? Number(value) : Number.NaN;
  };
}

/** A decimal is a little-endian two's-complement integer of 32-bit words, to be divided by `10^scale`. */
function decimalFrom(vector: Vector, scale: number): (row: number) => number {
  return (row) => {
    const words: unknown = vector.get(row);
    if (!(words instanceof Uint32Array)) return Number.NaN;
    let integer = 0n;
    for (let i = words.length - 1; i >= 0; i--) integer = (integer << 32n) | BigInt(words[i]!);
    return Number(`${BigInt.asIntN(words.length * 32, integer)}e${-scale}`);
  };
}
