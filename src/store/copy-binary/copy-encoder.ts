import { COPY_HEADER_BYTES, COPY_SIGNATURE, POSTGRES_EPOCH_DAYS, POSTGRES_EPOCH_MS } from "./format.js";

/**
 * A column to send. `float8` writes `NaN` as NULL: the workbench's "no value". Times are UTC epoch
 * milliseconds, days are days since 1970-01-01, `text` is a dictionary with a code per row (-1 for NULL).
 */
export type EncodedColumn =
  | { readonly type: "timestamptz"; readonly values: Float64Array }
  | { readonly type: "date"; readonly values: Int32Array }
  | { readonly type: "float8"; readonly values: Float64Array }
  | { readonly type: "int4"; readonly values: Int32Array }
  | { readonly type: "text"; readonly dictionary: readonly string[]; readonly codes: Int32Array }
  | { readonly type: "constant-int4"; readonly value: number }
  | { readonly type: "constant-bool"; readonly value: boolean };

const CHUNK_BYTES = 1 << 18;
const NULL_LENGTH = -1;

/**
 * Encodes rows `rowOrder[0…rowCount)` (or rows 0…rowCount without an order) as binary COPY chunks.
 * Each chunk is a buffer of its own, so a consumer may keep it.
 */
export function* encodeCopyChunks(
  columns: readonly EncodedColumn[],
  { rowCount, rowOrder }: { rowCount: number; rowOrder?: Int32Array },
): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  const texts = columns.map((column) =>
    column.type === "text" ? column.dictionary.map((text) => encoder.encode(text)) : [],
  );
  const widestRow = 2 + columns.reduce((sum, column, i) => sum + 4 + widestField(column, texts[i]!), 0);
  const capacity = CHUNK_BYTES + widestRow + COPY_HEADER_BYTES + 2;
  let bytes = new Uint8Array(capacity);
  let view = new DataView(bytes.buffer);
  bytes.set(COPY_SIGNATURE);
  let at = COPY_HEADER_BYTES;

  for (let i = 0; i < rowCount; i++) {
    if (at > CHUNK_BYTES) {
      yield bytes.subarray(0, at);
      bytes = new Uint8Array(capacity);
      view = new DataView(bytes.buffer);
      at = 0;
    }
    const row = rowOrder === undefined ? i : rowOrder[i]!;
    view.setInt16(at, columns.length);
    at += 2;
    for (let c = 0; c < columns.length; c++) at = writeField(columns[c]!, texts[c]!, row, bytes, view, at);
  }
  view.setInt16(at, -1);
  yield bytes.subarray(0, at + 2);
}

function widestField(column: EncodedColumn, texts: readonly Uint8Array[]): number {
  return column.type === "text" ? texts.reduce((widest, text) => Math.max(widest, text.length), 0) : 8;
}

function writeField(
  column: EncodedColumn,
  texts: readonly Uint8Array[],
  row: number,
  bytes: Uint8Array,
  view: DataView,
  at: number,
): number {
  switch (column.type) {
    case "float8": {
      const value = column.values[row]!;
      if (Number.isNaN(value)) return writeNull(view, at);
      view.setInt32(at, 8);
      view.setFloat64(at + 4, value);
      return at + 12;
    }
    case "text": {
      const code = column.codes[row]!;
      if (code < 0) return writeNull(view, at);
      const text = texts[code]!;
      view.setInt32(at, text.length);
      for (let i = 0; i < text.length; i++) bytes[at + 4 + i] = text[i]!;
      return at + 4 + text.length;
    }
    case "timestamptz": {
      const micros = Math.round((column.values[row]! - POSTGRES_EPOCH_MS) * 1_000);
      const high = Math.floor(micros / 4_294_967_296);
      view.setInt32(at, 8);
      view.setInt32(at + 4, high);
      view.setUint32(at + 8, micros - high * 4_294_967_296);
      return at + 12;
    }
    case "date":
      return writeInt32(view, at, column.values[row]! - POSTGRES_EPOCH_DAYS);
    case "int4":
      return writeInt32(view, at, column.values[row]!);
    case "constant-int4":
      return writeInt32(view, at, column.value);
    case "constant-bool":
      view.setInt32(at, 1);
      view.setUint8(at + 4, column.value ? 1 : 0);
      return at + 5;
  }
}

function writeNull(view: DataView, at: number): number {
  view.setInt32(at, NULL_LENGTH);
  return at + 4;
}

function writeInt32(view: DataView, at: number, value: number): number {
  view.setInt32(at, 4);
  view.setInt32(at + 4, value);
  return at + 8;
}
