import type { DuckDBConnection } from "npm:@observablehq/duckdb";
import type { RecordBatch, Schema } from "npm:apache-arrow";
import { DataType, Table } from "npm:apache-arrow";

/** More rows than anybody reads, and few enough for a table in a page. */
export const MOST_ROWS = 10_000;

const CANCEL_EVERY_MS = 200;

export type ColumnKind = "number" | "text" | "day" | "time" | "other";

export interface ResultColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Numbers, also for days and times (epoch milliseconds), or texts; `null` for no value. */
  readonly values: readonly (number | string | null)[];
}

export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: number;
  /** The query had more rows than are kept. */
  readonly isCut: boolean;
  readonly tookMs: number;
}

/** Runs one query; an abort ends it in the database too. Rejects with what the database says. */
export async function runQuery(connection: DuckDBConnection, sql: string, signal: AbortSignal): Promise<QueryResult> {
  const startedMs = performance.now();
  let again: ReturnType<typeof setInterval> | undefined;
  // A cancellation that comes before the query has begun is forgotten: it is repeated until the query ends.
  const cancel = () => {
    void connection.cancelSent();
    again ??= setInterval(() => void connection.cancelSent(), CANCEL_EVERY_MS);
  };
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    const reader = await connection.send(sql);
    const batches: RecordBatch[] = [];
    let rows = 0;
    let isCut = false;
    for await (const batch of reader) {
      if (signal.aborted) throw new Error("the query was cancelled");
      batches.push(batch);
      rows += batch.numRows;
      if (rows < MOST_ROWS) continue;
      isCut = rows > MOST_ROWS;
      await connection.cancelSent();
      break;
    }
    const schema = batches[0]?.schema ?? reader.schema;
    return { ...readColumns(schema, batches), isCut, tookMs: performance.now() - startedMs };
  } catch (error) {
    throw signal.aborted ? new Error("the query was cancelled") : error;
  } finally {
    signal.removeEventListener("abort", cancel);
    clearInterval(again);
  }
}

function readColumns(schema: Schema, batches: readonly RecordBatch[]): Pick<QueryResult, "columns" | "rows"> {
  if (batches.length === 0) {
    const columns = (schema?.fields ?? []).map(({ name, type }) => ({ name, kind: kindOf(type), values: [] }));
    return { columns, rows: 0 };
  }
  const table = new Table(schema, [...batches]);
  const rows = Math.min(table.numRows, MOST_ROWS);
  const columns = schema.fields.map((field, at): ResultColumn => {
    const vector = table.getChildAt(at);
    const kind = kindOf(field.type);
    return {
      name: field.name,
      kind,
      values: Array.from({ length: rows }, (_, row) => plainValue(vector?.get(row), kind)),
    };
  });
  return { columns, rows };
}

function kindOf(type: DataType): ColumnKind {
  if (DataType.isDate(type)) return "day";
  if (DataType.isTimestamp(type)) return "time";
  if (DataType.isFloat(type) || DataType.isInt(type) || DataType.isDecimal(type)) return "number";
  return DataType.isUtf8(type) || DataType.isDictionary(type) || DataType.isBool(type) ? "text" : "other";
}

function plainValue(value: unknown, kind: ColumnKind): number | string | null {
  if (value === null || value === undefined) return null;
  if (kind === "number" || kind === "day" || kind === "time") return Number(value);
  return String(value);
}
