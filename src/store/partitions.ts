import { type EpochMs, MS_PER_DAY } from "../engine/units/epoch-ms.js";
import type { DatabaseSession } from "./database.js";
import { schemaFlavour } from "./migrate.js";
import { instantLiteral } from "./sql-literal.js";

const MS_PER_WEEK = 7 * MS_PER_DAY;
/** 1970-01-05T00:00:00Z, the first Monday of the epoch. */
const FIRST_MONDAY_MS = 4 * MS_PER_DAY;

export type PartitionedTable = "market_candles_intraday" | "market_ticks";

/** Number of the week, from Monday 00:00 UTC, in which an instant falls. */
export function weekOf(instant: EpochMs | number): number {
  return Math.floor((instant - FIRST_MONDAY_MS) / MS_PER_WEEK);
}

/**
 * Makes the weekly partitions that rows of these instants need. TimescaleDB makes its chunks itself.
 * Only weeks that hold a row get one. Ticks, which come in nearly in the order of time, get an index of blocks by time:
 * it costs next to nothing and answers for all symbols at once.
 */
export async function ensureWeeklyPartitions(
  session: DatabaseSession,
  table: PartitionedTable,
  instants: Float64Array,
): Promise<void> {
  if ((await schemaFlavour(session)) === "timescaledb") return;
  const weeks = new Set<number>();
  for (const instant of instants) weeks.add(weekOf(instant));
  if (weeks.size === 0) return;
  const statements = [...weeks].map((week) => {
    const startMs = (FIRST_MONDAY_MS + week * MS_PER_WEEK) as EpochMs;
    const name = `${table}_${new Date(startMs).toISOString().slice(0, 10).replaceAll("-", "")}`;
    return `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${table}
            FOR VALUES FROM (${instantLiteral(startMs)}) TO (${instantLiteral(startMs + MS_PER_WEEK)});
            ${table === "market_ticks" ? `CREATE INDEX IF NOT EXISTS ${name}_times ON ${name} USING brin (event_time);` : ""}`;
  });
  await session.execute(statements.join("\n"));
}
