import type { Dataset } from "../../engine/market-data/dataset.js";
import type { DatabaseSession } from "../database.js";

export interface ImportBatchStart {
  readonly kind: "prices" | "instruments" | "calendar";
  readonly dataset: Dataset;
  readonly fileName: string;
  readonly fileSha256: string;
  readonly source: string;
  readonly mapping: unknown;
  readonly intervalSeconds: number | undefined;
}

export interface ImportBatchCounts {
  readonly rowsRead: number;
  readonly rowsNew: number;
  readonly rowsIdentical: number;
  readonly rowsConflicting: number;
  /** Duplicates in the file and rows without a close. */
  readonly rowsLeftOut: number;
  readonly rowsRejected: number;
  readonly symbolCount: number;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

/**
 * Makes imports run one after another until the transaction ends, so that none compares its rows with a state that
 * another is about to change. To be taken before any row is touched: two that hold part of it wait for each other.
 */
export async function lockImports(session: DatabaseSession): Promise<void> {
  await session.execute("LOCK TABLE import_batches IN SHARE ROW EXCLUSIVE MODE");
}

/** Opens a batch, alone among imports, and returns its id. */
export async function startImportBatch(session: DatabaseSession, start: ImportBatchStart): Promise<number> {
  await lockImports(session);
  const [row] = await session.query<{ id: number }>(
    `INSERT INTO import_batches (kind, simulated, file_name, file_sha256, source, mapping, interval_seconds, rows_read, rows_new,
                                 rows_identical, rows_conflicting, rows_left_out, rows_rejected, symbol_count)
     VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, 0, 0, 0, 0, 0, 0, 0) RETURNING id`,
    [
      start.kind,
      start.dataset === "simulated",
      start.fileName,
      start.fileSha256,
      start.source,
      JSON.stringify(start.mapping),
      start.intervalSeconds ?? null,
    ],
  );
  return row!.id;
}

export async function finishImportBatch(
  session: DatabaseSession,
  id: number,
  counts: ImportBatchCounts,
): Promise<void> {
  await session.query(
    `UPDATE import_batches SET rows_read = $2, rows_new = $3, rows_identical = $4, rows_conflicting = $5, rows_left_out = $6,
            rows_rejected = $7, symbol_count = $8, first_time = $9, last_time = $10
      WHERE id = $1`,
    [
      id,
      counts.rowsRead,
      counts.rowsNew,
      counts.rowsIdentical,
      counts.rowsConflicting,
      counts.rowsLeftOut,
      counts.rowsRejected,
      counts.symbolCount,
      counts.firstMs === undefined ? null : new Date(counts.firstMs),
      counts.lastMs === undefined ? null : new Date(counts.lastMs),
    ],
  );
}

/** The intervals in which candles were imported, in seconds, ascending. */
export async function listImportedIntervals(session: DatabaseSession, dataset: Dataset): Promise<number[]> {
  const rows = await session.query<{ interval_seconds: number }>(
    `SELECT DISTINCT interval_seconds FROM import_batches WHERE simulated = $1 AND kind = 'prices' ORDER BY 1`,
    [dataset === "simulated"],
  );
  return rows.map(({ interval_seconds }) => interval_seconds);
}

/** The distinct sources of stored candles, in order of import: what a figure prints. */
export async function listSources(session: DatabaseSession, dataset: Dataset): Promise<string[]> {
  const rows = await session.query<{ source: string }>(
    `SELECT source FROM import_batches WHERE simulated = $1 AND kind = 'prices' AND rows_new > 0
      GROUP BY source ORDER BY min(id)`,
    [dataset === "simulated"],
  );
  return rows.map(({ source }) => source);
}

/** The source of one symbol's candles, the latest import first. */
export async function listSourcesOf(session: DatabaseSession, symbol: string, dataset: Dataset): Promise<string[]> {
  const rows = await session.query<{ source: string }>(
    `SELECT b.source FROM import_batches b
      WHERE b.id IN (SELECT batch_id FROM market_candles_daily WHERE symbol = $1 AND simulated = $2
                     UNION SELECT batch_id FROM market_candles_intraday WHERE symbol = $1 AND simulated = $2)
      GROUP BY b.source ORDER BY max(b.id) DESC`,
    [symbol, dataset === "simulated"],
  );
  return rows.map(({ source }) => source);
}
