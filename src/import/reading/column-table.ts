/**
 * What the values of a column of a Parquet or Arrow file mean.
 *
 * - `number`: a double; missing is `NaN`. `text`: a string; missing is `undefined`.
 * - `date` and `local-timestamp`: epoch milliseconds of the reading in UTC, without zone.
 * - `instant`: epoch milliseconds. Missing is `NaN` in these three.
 * - `unsupported`: no field of a mapping can be read from it.
 */
export type ColumnType = "number" | "text" | "date" | "local-timestamp" | "instant" | "unsupported";

export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** The value as a number, for every type other than `text`. */
  numberAt(row: number): number;
  /** The value as text, for messages and for text fields; `undefined` when missing. */
  textAt(row: number): string | undefined;
}

/** Consecutive rows of a columnar file: a Parquet row group or an Arrow record batch. */
export interface ColumnTable {
  readonly rowCount: number;
  readonly columns: readonly TableColumn[];
}

/** A column over values that are ready as numbers of one of the numeric types. */
export function numericColumn(
  name: string,
  type: Exclude<ColumnType, "text" | "unsupported">,
  numberAt: (row: number) => number,
): TableColumn {
  return {
    name,
    type,
    numberAt,
    textAt(row) {
      const value = numberAt(row);
      if (Number.isNaN(value)) return undefined;
      if (type === "number") return String(value);
      if (Math.abs(value) > MAX_DATE_MS) return String(value);
      const iso = new Date(value).toISOString();
      if (type === "date") return iso.slice(0, 10);
      return type === "local-timestamp" ? iso.slice(0, -1) : iso;
    },
  };
}

export function textColumn(name: string, textAt: (row: number) => string | undefined): TableColumn {
  return { name, type: "text", numberAt: () => Number.NaN, textAt };
}

export function unsupportedColumn(name: string): TableColumn {
  return { name, type: "unsupported", numberAt: () => Number.NaN, textAt: () => undefined };
}

/** The largest time a `Date` can hold. */
const MAX_DATE_MS = 8.64e15;
