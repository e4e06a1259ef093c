import { DataType, type Table } from "npm:apache-arrow";
import { MS_PER_DAY } from "../engine/units/epoch-ms.js";

/**
 * A numeric, date or instant column as numbers: dates become epoch milliseconds (00:00 UTC), instants are held in
 * milliseconds already, null becomes `NaN`.
 */
export function numberColumn(table: Table, name: string): Float64Array {
  const vector = columnOf(table, name);
  const values = new Float64Array(vector.length);
  const scale = DataType.isDate(vector.type) ? MS_PER_DAY : 1;
  let row = 0;
  for (const chunk of vector.data) {
    const source = chunk.values as ArrayLike<number | bigint>;
    const hasNulls = chunk.nullCount > 0;
    for (let index = 0; index < chunk.length; index++, row++) {
      values[row] = hasNulls && !chunk.getValid(index) ? Number.NaN : Number(source[index] ?? Number.NaN) * scale;
    }
  }
  return values;
}

/** A text column; null stays null. */
export function textColumn(table: Table, name: string): (string | null)[] {
  return Array.from(columnOf(table, name), (value) => (value === null || value === undefined ? null : String(value)));
}

/** A text column that an older file may lack: all null then. */
export function optionalTextColumn(table: Table, name: string): (string | null)[] {
  return table.getChild(name) ? textColumn(table, name) : Array.from({ length: table.numRows }, () => null);
}

/** A list column of numbers, one `Float32Array` a row. */
export function numberListColumn(table: Table, name: string): Float32Array[] {
  return Array.from(columnOf(table, name), (value: { toArray(): ArrayLike<number> } | null) =>
    value ? Float32Array.from(value.toArray()) : new Float32Array(),
  );
}

function columnOf(table: Table, name: string) {
  const vector = table.getChild(name);
  if (!vector) throw new TypeError(`the table has no column ${name} (it has ${table.schema.names.join(", ")})`);
  return vector;
}
