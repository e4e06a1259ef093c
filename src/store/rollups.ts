import type { InstrumentSymbol } from "../engine/market-data/instrument-symbol.js";
import type { EpochMs } from "../engine/units/epoch-ms.js";
import type { Database, DatabaseSession } from "./database.js";
import { schemaFlavour } from "./migrate.js";
import { raiseDataVersion } from "./queries/data-version.js";
import { instantLiteral, textLiteral } from "./sql-literal.js";

const ROLLUPS = [
  { name: "market_candles_1h", seconds: 3_600, condition: "AND interval_seconds < 3600" },
  { name: "market_candles_1d", seconds: 86_400, condition: "" },
] as const;

/** 00:00 Asia/Ho_Chi_Minh: where daily buckets start. An hour divides it, so hourly buckets start there too. */
const BUCKET_ORIGIN = "TIMESTAMPTZ '2000-01-01 17:00:00+00'";

interface DirtyWindow {
  readonly id: number;
  readonly symbol: string;
  readonly from_time: Date;
  readonly to_time: Date;
}

/** Notes, in the transaction that changes intraday candles, that the rollups of this window are out of date. */
export async function markRollupsDirty(
  session: DatabaseSession,
  windows: readonly { symbol: InstrumentSymbol; fromMs: EpochMs; toMs: EpochMs }[],
): Promise<void> {
  for (let at = 0; at < windows.length; at += 200) {
    const values = windows
      .slice(at, at + 200)
      .map(
        ({ symbol, fromMs, toMs }) => `(${textLiteral(symbol)}, ${instantLiteral(fromMs)}, ${instantLiteral(toMs)})`,
      );
    await session.execute(`INSERT INTO rollup_dirty_windows (symbol, from_time, to_time) VALUES ${values.join(",")}`);
  }
}

export interface RollupRefresh {
  /** Windows that reach to this instant or beyond stay dirty: those of a day that is not over. */
  readonly beforeMs?: EpochMs | number | undefined;
}

/**
 * Refreshes the rollups of every dirty window, including those a killed process left behind.
 * Returns the number of windows refreshed.
 */
export async function refreshDirtyRollups(database: Database, { beforeMs }: RollupRefresh = {}): Promise<number> {
  const windows = await listDirtyWindows(database, { beforeMs });
  if (windows.length === 0) return 0;
  if ((await schemaFlavour(database)) === "timescaledb") {
    await refreshContinuousAggregates(database, windows);
    return windows.length;
  }
  return database.transaction(async (session) => {
    // Another process that refreshes them at the same time is waited for, and leaves nothing to do.
    const locked = await listDirtyWindows(session, { beforeMs, locking: "FOR UPDATE" });
    if (locked.length > 0) await refreshRollupTables(session, locked);
    return locked.length;
  });
}

async function listDirtyWindows(
  session: DatabaseSession,
  { beforeMs, locking = "" }: RollupRefresh & { readonly locking?: "" | "FOR UPDATE" },
): Promise<DirtyWindow[]> {
  const isOver = beforeMs === undefined ? "" : `WHERE to_time < ${instantLiteral(beforeMs)}`;
  return (await session.query(
    `SELECT id, symbol, from_time, to_time FROM rollup_dirty_windows ${isOver} ORDER BY id ${locking}`,
  )) as unknown as DirtyWindow[];
}

/** A refresh cannot run in a transaction; the windows are forgotten only after it, so a crash repeats it. */
async function refreshContinuousAggregates(database: Database, windows: readonly DirtyWindow[]): Promise<void> {
  const fromMs = Math.min(...windows.map((window) => window.from_time.getTime()));
  const toMs = Math.max(...windows.map((window) => window.to_time.getTime()));
  const options = await refreshOptions(database);
  for (const { name, seconds } of ROLLUPS) {
    // A window must cover whole buckets, so it is widened by one on each side.
    const from = instantLiteral(fromMs - seconds * 1_000);
    const to = instantLiteral(toMs + 2 * seconds * 1_000);
    await database.execute(`CALL refresh_continuous_aggregate('${name}', ${from}, ${to}${options})`);
  }
  await database.transaction((session) => forget(session, windows));
}

/** From 2.28 a refresh works bucket by bucket unless told otherwise, many times slower for a bulk load. */
async function refreshOptions(database: Database): Promise<string> {
  const [extension] = await database.query<{ extversion: string }>(
    "SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'",
  );
  const [major = 0, minor = 0] = (extension?.extversion ?? "0.0").split(".").map(Number);
  return major > 2 || (major === 2 && minor >= 28) ? `, options => '{"buckets_per_batch":0}'` : "";
}

async function refreshRollupTables(session: DatabaseSession, windows: readonly DirtyWindow[]): Promise<void> {
  for (const { symbol, from_time, to_time } of windows) {
    for (const { name, seconds, condition } of ROLLUPS) {
      const bucket = (time: string) => `date_bin(INTERVAL '${seconds} seconds', ${time}, ${BUCKET_ORIGIN})`;
      const from = bucket(instantLiteral(from_time.getTime()));
      const toExclusive = `${bucket(instantLiteral(to_time.getTime()))} + INTERVAL '${seconds} seconds'`;
      const window = `symbol = ${textLiteral(symbol)} AND time >= ${from} AND time < ${toExclusive}`;
      await session.execute(`
        DELETE FROM ${name} WHERE ${window};
        INSERT INTO ${name} (symbol, simulated, base_interval_seconds, time, open, high, low, close, volume, candle_count)
        SELECT symbol, simulated, interval_seconds, ${bucket("time")}, (array_agg(open ORDER BY time))[1], max(high),
               min(low), (array_agg(close ORDER BY time DESC))[1], sum(volume), count(*)
          FROM market_candles_intraday
         WHERE ${window} ${condition}
         GROUP BY 1, 2, 3, 4`);
    }
  }
  await forget(session, windows);
}

/** Queries answer otherwise from now on, so the data version is raised as well. */
async function forget(session: DatabaseSession, windows: readonly DirtyWindow[]): Promise<void> {
  await raiseDataVersion(session);
  await session.query("DELETE FROM rollup_dirty_windows WHERE id = ANY($1::int[])", [windows.map(({ id }) => id)]);
}
