import { makeVector, RecordBatch, Schema, Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { LIVE_TABLES, type LiveTableName } from "../../src/contracts/live-tables.js";

export type Columns = Readonly<Record<string, readonly (string | number)[]>>;

/** One binary frame of the stream, written with Apache Arrow's own writer. */
export function arrowFrame(table: LiveTableName, columns: Columns, metadata: Map<string, string>): Uint8Array {
  const text: readonly string[] = LIVE_TABLES[table].text;
  const names = [...text, ...LIVE_TABLES[table].numbers];
  const vectors = names.map((name) =>
    text.includes(name)
      ? vectorFromArray((columns[name] ?? []) as string[], new Utf8())
      : makeVector(Float64Array.from((columns[name] ?? []) as number[])),
  );
  const bare = new Table(Object.fromEntries(names.map((name, i) => [name, vectors[i]!])));
  const schema = new Schema(bare.schema.fields, metadata);
  return tableToIPC(
    new Table(
      schema,
      bare.batches.map(({ data }) => new RecordBatch(schema, data)),
    ),
    "stream",
  );
}
