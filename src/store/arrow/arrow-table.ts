import {
  type Data,
  DateDay,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int32,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimestampMillisecond,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from "apache-arrow";

/**
 * A column of an Arrow table, over arrays that are used as they are. `NaN` stays `NaN`; a text or a day that is
 * missing is null.
 */
export type ArrowColumn =
  | { readonly type: "dictionary"; readonly dictionary: readonly string[]; readonly codes: Int32Array }
  | { readonly type: "text"; readonly values: readonly (string | undefined)[] }
  /** Days since 1970-01-01. */
  | { readonly type: "day"; readonly values: Int32Array }
  /** UTC epoch milliseconds. */
  | { readonly type: "instant"; readonly values: Float64Array }
  | { readonly type: "float64"; readonly values: Float64Array }
  | { readonly type: "int32"; readonly values: Int32Array }
  | { readonly type: "float32-list"; readonly values: readonly ArrayLike<number>[] };

export type ArrowColumns = Readonly<Record<string, ArrowColumn>>;

/** One record batch with the schema's metadata. All columns have `rowCount` rows. */
export function arrowTable(columns: ArrowColumns, rowCount: number, metadata: ReadonlyMap<string, string>): Table {
  const built = Object.entries(columns).map(([name, column]) => {
    const data = arrowData(column, rowCount);
    return { data, field: new Field(name, data.type, data.nullable) };
  });
  const schema = new Schema(
    built.map(({ field }) => field),
    new Map(metadata),
  );
  const struct = new Struct(schema.fields);
  const children = built.map(({ data }) => data);
  return new Table([new RecordBatch(schema, makeData({ type: struct, length: rowCount, nullCount: 0, children }))]);
}

/** The table as an Arrow IPC stream. */
export function arrowStream(table: Table): Uint8Array {
  return tableToIPC(table, "stream");
}

function arrowData(column: ArrowColumn, length: number): Data {
  switch (column.type) {
    case "float64":
      return makeData({ type: new Float64(), length, nullCount: 0, data: column.values });
    case "int32":
      return makeData({ type: new Int32(), length, nullCount: 0, data: column.values });
    case "day":
      return makeData({ type: new DateDay(), length, nullCount: 0, data: column.values });
    case "instant":
      return makeData({
        type: new TimestampMillisecond("UTC"),
        length,
        nullCount: 0,
        data: wholeMilliseconds(column.values),
      });
    case "text":
      return textData(column.values);
    case "dictionary":
      return makeData({
        type: new Dictionary(new Utf8(), new Int32()),
        length,
        ...validity(column.codes),
        data: column.codes,
        dictionary: vectorFromArray(column.dictionary, new Utf8()),
      });
    case "float32-list":
      return listData(column.values);
  }
}

/** Instants as 64-bit integers, written as two 32-bit halves: a BigInt a row would take longer than all the rest. */
function wholeMilliseconds(values: Float64Array): BigInt64Array {
  const halves = new Int32Array(values.length * 2);
  for (let row = 0; row < values.length; row++) {
    const ms = Math.floor(values[row]!);
    const high = Math.floor(ms / 4_294_967_296);
    halves[2 * row] = ms - high * 4_294_967_296;
    halves[2 * row + 1] = high;
  }
  return new BigInt64Array(halves.buffer);
}

function textData(values: readonly (string | undefined)[]): Data {
  const [data] = vectorFromArray(
    values.map((value) => value ?? null),
    new Utf8(),
  ).data;
  return data!;
}

/** A code below zero is null. */
function validity(codes: Int32Array): { nullCount: number; nullBitmap?: Uint8Array } {
  let nullCount = 0;
  for (const code of codes) if (code < 0) nullCount++;
  if (nullCount === 0) return { nullCount };
  const nullBitmap = new Uint8Array(Math.ceil(codes.length / 8));
  codes.forEach((code, i) => {
    if (code >= 0) nullBitmap[i >> 3]! |= 1 << (i & 7);
  });
  return { nullCount, nullBitmap };
}

function listData(lists: readonly ArrayLike<number>[]): Data {
  const valueOffsets = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    valueOffsets[i + 1] = valueOffsets[i]! + list.length;
  });
  const values = new Float32Array(valueOffsets.at(-1)!);
  lists.forEach((list, i) => {
    values.set(list, valueOffsets[i]!);
  });
  const child = makeData({ type: new Float32(), length: values.length, nullCount: 0, data: values });
  const type = new List(new Field("item", new Float32(), false));
  return makeData({ type, length: lists.length, nullCount: 0, valueOffsets, child });
}
