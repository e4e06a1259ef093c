import type { Finding, FindingKind, FindingSeverity } from "../../engine/data-quality/finding.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import type { DatabaseSession } from "../database.js";

/** Kinds that say something about one imported file; all others describe what is stored and are found anew. */
const KINDS_OF_A_FILE: readonly FindingKind[] = ["duplicate-row", "conflicting-row", "missing-close"];

export interface StoredFinding extends Finding {
  readonly id: number;
  readonly intervalSeconds: number;
  /** File the finding came with; "" for the demo market and for what was found after facts on the instrument changed. */
  readonly fileName: string;
  readonly source: string;
}

export interface FindingFilter {
  readonly dataset: Dataset;
  readonly symbol?: InstrumentSymbol | undefined;
  readonly kind?: FindingKind | undefined;
  readonly severity?: FindingSeverity | undefined;
  readonly limit?: number | undefined;
}

export async function listFindings(session: DatabaseSession, filter: FindingFilter): Promise<StoredFinding[]> {
  const rows = await session.query<{
    id: number;
    kind: FindingKind;
    severity: FindingSeverity;
    symbol: InstrumentSymbol;
    interval_seconds: number;
    from_time: Date;
    to_time: Date;
    row_count: number;
    message: string;
    file_name: string;
    source: string;
  }>(
    `SELECT f.id, f.kind, f.severity, f.symbol, f.interval_seconds, f.from_time, f.to_time, f.row_count, f.message,
            coalesce(b.file_name, '') AS file_name, coalesce(b.source, '') AS source
       FROM data_quality_findings f LEFT JOIN import_batches b ON b.id = f.batch_id
      WHERE f.simulated = $1 AND ($2::text IS NULL OR f.symbol = $2) AND ($3::text IS NULL OR f.kind = $3)
        AND ($4::text IS NULL OR f.severity = $4)
      ORDER BY array_position(ARRAY['error','warning','info'], f.severity), f.symbol, f.from_time, f.id
      LIMIT $5`,
    [
      filter.dataset === "simulated",
      filter.symbol ?? null,
      filter.kind ?? null,
      filter.severity ?? null,
      filter.limit ?? null,
    ],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    severity: row.severity,
    symbol: row.symbol,
    intervalSeconds: row.interval_seconds,
    fromMs: epochMs(row.from_time.getTime()),
    toMs: epochMs(row.to_time.getTime()),
    count: row.row_count,
    message: row.message,
    fileName: row.file_name,
    source: row.source,
  }));
}

/**
 * Replaces what the checks of stored candles found for these symbols, and adds what the file itself showed.
 * A finding about a file is kept once, however often the file is imported. Returns how many of those were new.
 */
export async function replaceFindings(
  session: DatabaseSession,
  symbols: readonly InstrumentSymbol[],
  findings: readonly Finding[],
  { dataset, intervalSeconds, batchId }: { dataset: Dataset; intervalSeconds: number; batchId: number | undefined },
): Promise<number> {
  let newOfFile = 0;
  const simulated = dataset === "simulated";
  await session.query(
    `DELETE FROM data_quality_findings
      WHERE symbol = ANY($1) AND simulated = $2 AND interval_seconds = $3 AND NOT (kind = ANY($4))`,
    [symbols, simulated, intervalSeconds, KINDS_OF_A_FILE],
  );
  for (let at = 0; at < findings.length; at += 500) {
    const rows = findings.slice(at, at + 500).map((finding) => ({
      ...finding,
      from_time: new Date(finding.fromMs).toISOString(),
      to_time: new Date(finding.toMs).toISOString(),
    }));
    const added = await session.query<{ kind: FindingKind }>(
      `INSERT INTO data_quality_findings (kind, severity, symbol, simulated, interval_seconds, from_time, to_time, row_count, message, batch_id)
       SELECT j.kind, j.severity, j.symbol, $2, $3, j.from_time, j.to_time, j.count, j.message, $4
         FROM json_to_recordset($1::json) AS j(kind text, severity text, symbol text, from_time timestamptz, to_time timestamptz,
              count integer, message text)
        WHERE NOT (j.kind = ANY($5) AND EXISTS (
                SELECT 1 FROM data_quality_findings f
                 WHERE f.kind = j.kind AND f.symbol = j.symbol AND f.simulated = $2 AND f.interval_seconds = $3
                   AND f.from_time = j.from_time AND f.to_time = j.to_time AND f.message = j.message))
      RETURNING kind`,
      [JSON.stringify(rows), simulated, intervalSeconds, batchId ?? null, KINDS_OF_A_FILE],
    );
    newOfFile += added.filter(({ kind }) => KINDS_OF_A_FILE.includes(kind)).length;
  }
  return newOfFile;
}
