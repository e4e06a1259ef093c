import type { Finding, FindingKind, FindingSeverity } from "../../engine/data-quality/finding.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";
import { textLiteral } from "../sql-literal.js";

/** Kinds that say something about one imported file; all others describe what is stored and are found anew. */
const KINDS_OF_A_FILE: readonly FindingKind[] = ["duplicate-row", "conflicting-row", "missing-close"];

export interface FindingFilter {
  readonly dataset: Dataset;
  readonly symbol?: InstrumentSymbol | undefined;
  readonly kind?: FindingKind | undefined;
  readonly severity?: FindingSeverity | undefined;
  readonly limit?: number | undefined;
}

const FINDING_COLUMNS = {
  id: "int4",
  kind: "text",
  severity: "text",
  symbol: "text",
  intervalSeconds: "int4",
  fromMs: "timestamptz",
  toMs: "timestamptz",
  count: "int4",
  message: "text",
  fileName: "text",
  source: "text",
} as const;

/**
 * Findings as columns, errors first, then by symbol and time. `fileName` and `source` are those of the import a
 * finding came with; "" for the demo market and for what was found after facts on the instrument changed.
 */
export function selectFindings(session: DatabaseSession, filter: FindingFilter) {
  const condition = (column: string, value: string | undefined) =>
    value === undefined ? "" : ` AND f.${column} = ${textLiteral(value)}`;
  return selectColumns(
    session,
    `SELECT f.id, f.kind, f.severity, f.symbol, f.interval_seconds, f.from_time, f.to_time, f.row_count, f.message,
            coalesce(b.file_name, ''), coalesce(b.source, '')
       FROM data_quality_findings f LEFT JOIN import_batches b ON b.id = f.batch_id
      WHERE f.simulated = ${filter.dataset === "simulated"}${condition("symbol", filter.symbol)}${condition("kind", filter.kind)}${condition("severity", filter.severity)}
      ORDER BY array_position(ARRAY['error','warning','info'], f.severity), f.symbol, f.from_time, f.id
      LIMIT ${filter.limit ?? "ALL"}`,
    FINDING_COLUMNS,
  );
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
