import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import type { ArrowColumn, ArrowColumns } from "./arrow-table.js";

/** The same columns as a Parquet file; `NaN` and missing texts are null, and the metadata are the file's own. */
export function parquetFile(columns: ArrowColumns, metadata: ReadonlyMap<string, string>): Uint8Array {
  const columnData = Object.entries(columns).map(([name, column]) => columnSource(name, column));
  const kvMetadata = Array.from(metadata, ([key, value]) => ({ key, value }));
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata }));
}

function columnSource(name: string, column: ArrowColumn): ColumnSource {
  switch (column.type) {
    case "dictionary":
      return {
        name,
        type: "STRING",
        nullable: true,
        data: Array.from(column.codes, (code) => (code < 0 ? null : column.dictionary[code]!)),
      };
    case "text":
      return { name, type: "STRING", nullable: true, data: column.values.map((value) => value ?? null) };
    case "day":
      return { name, type: "TIMESTAMP", data: Array.from(column.values, (day) => new Date(day * MS_PER_DAY)) };
    case "instant":
      return { name, type: "TIMESTAMP", data: Array.from(column.values, (ms) => new Date(ms)) };
    case "float64":
      return {
        name,
        type: "DOUBLE",
        nullable: true,
        data: Array.from(column.values, (value) => (Number.isNaN(value) ? null : value)),
      };
    case "int32":
      return { name, type: "INT32", data: Array.from(column.values) };
    case "float32-list":
      return { name, type: "JSON", data: column.values.map((list) => Array.from(list)) };
  }
}
