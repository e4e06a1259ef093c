import type { DatabaseSession } from "../database.js";
import {
  type ColumnBuilder,
  dayColumnBuilder,
  Float64ColumnBuilder,
  Int32ColumnBuilder,
  TextColumnBuilder,
  TimestampColumnBuilder,
} from "./column-builders.js";
import { CopyColumnDecoder } from "./copy-decoder.js";

/**
 * How a column arrives, by its PostgreSQL type: `float8` with NULL as `NaN`, `int4`, `date` as days since
 * 1970-01-01, `timestamptz` as UTC epoch milliseconds, `text` as dictionary and codes with NULL as -1.
 */
const BUILDERS = {
  float8: () => new Float64ColumnBuilder(),
  int4: () => new Int32ColumnBuilder(),
  date: () => dayColumnBuilder(),
  timestamptz: () => new TimestampColumnBuilder(),
  text: () => new TextColumnBuilder(),
} as const satisfies Record<string, () => ColumnBuilder>;

type Builders = typeof BUILDERS;

export type SelectedColumns<Types extends Readonly<Record<string, keyof Builders>>> = {
  readonly [Name in keyof Types]: ReturnType<Builders[Types[Name]]>;
};

/**
 * Runs a SELECT whose columns have these types, in this order, and gives them as typed columns: for answers that
 * can be long. COPY takes no parameters, so values stand in the SQL as literals (`sql-literal.ts`).
 */
export async function selectColumns<const Types extends Readonly<Record<string, keyof Builders>>>(
  session: DatabaseSession,
  sql: string,
  types: Types,
): Promise<{ readonly rowCount: number; readonly columns: SelectedColumns<Types> }> {
  const builders = Object.entries(types).map(([name, type]) => [name, BUILDERS[type]()] as const);
  const rowCount = await session.copyOut(
    `COPY (${sql}) TO STDOUT (FORMAT binary)`,
    new CopyColumnDecoder(builders.map(([, builder]) => builder)),
  );
  return { rowCount, columns: Object.fromEntries(builders) as SelectedColumns<Types> };
}
