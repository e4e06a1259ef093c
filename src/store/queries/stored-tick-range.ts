import type { Dataset } from "../../engine/market-data/dataset.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";
import { microsecondLiteral } from "../sql-literal.js";

export interface StoredTickRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Event times of the first and the last stored tick of a stretch, both ends included; `undefined` without any. */
export async function storedTickRange(
  session: DatabaseSession,
  dataset: Dataset,
  { fromMs, toMs }: Partial<StoredTickRange> = {},
): Promise<StoredTickRange | undefined> {
  const { columns } = await selectColumns(
    session,
    `SELECT min(event_time) AS first, max(event_time) AS last FROM market_ticks
      WHERE simulated = ${dataset === "simulated"}
        ${fromMs === undefined ? "" : `AND event_time >= ${microsecondLiteral(fromMs)}`}
        ${toMs === undefined ? "" : `AND event_time <= ${microsecondLiteral(toMs)}`}`,
    { first: "timestamptz", last: "timestamptz" },
  );
  const first = columns.first.values[0]!;
  const last = columns.last.values[0]!;
  return Number.isNaN(first) ? undefined : { fromMs: first, toMs: last };
}
