import { basename } from "node:path";
import type { Finding } from "../engine/data-quality/finding.js";
import { WorkbenchError } from "../engine/errors.js";
import { INTERVAL_SECONDS } from "../engine/market-data/candle-interval.js";
import type { TradingDate } from "../engine/units/trading-date.js";
import type { Database, DatabaseSession } from "../store/database.js";
import { upsertCalendar } from "../store/queries/calendar-queries.js";
import { raiseDataVersion } from "../store/queries/data-version.js";
import { finishImportBatch, type ImportBatchCounts, startImportBatch } from "../store/queries/import-batch-queries.js";
import { listInstruments } from "../store/queries/instrument-queries.js";
import { refreshDirtyRollups } from "../store/rollups.js";
import { recheckStoredSeries } from "./check-stored-series.js";
import { fileSha256 } from "./file-digest.js";
import { importInstruments } from "./import-instruments.js";
import { importPrices } from "./import-prices.js";
import type { ImportPlan } from "./plan-import.js";
import { readCalendar } from "./reading/read-calendar.js";
import type { ReadProgress } from "./reading/read-prices.js";
import { RejectedRowsFile } from "./rejected-rows.js";

export interface ImportOptions {
  /** Go through everything and store nothing. */
  readonly dryRun: boolean;
  /** Import the valid rows of a file that has invalid ones. */
  readonly skipInvalid: boolean;
  /** Date of the market capitalisations of an instruments file that has no column for it. */
  readonly asOf?: TradingDate | undefined;
  /** Folder for the rejected rows of each file. */
  readonly rejectedFolder: string;
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

export interface ImportReport extends ImportBatchCounts {
  readonly path: string;
  readonly kind: ImportPlan["mapping"]["kind"];
  /** `undefined` when nothing was stored: a dry run, or a file that brought nothing new. */
  readonly batchId: number | undefined;
  readonly findings: readonly Finding[];
  readonly rejectedFile: string | undefined;
}

/**
 * Imports one file in one transaction: all of it or nothing, whatever happens on the way. Importing a file again
 * changes nothing.
 * @throws ROWS_INVALID when rows are invalid and `skipInvalid` is false; whatever reading the file throws
 */
export async function importFile(database: Database, plan: ImportPlan, options: ImportOptions): Promise<ImportReport> {
  const { path, mapping } = plan;
  const rejected = new RejectedRowsFile(options.rejectedFolder, path, options.nowMs);
  const digest = await fileSha256(path);
  const nothingToKeep = new NothingToKeep();
  let report: ImportReport | undefined;
  try {
    await database.transaction(async (session) => {
      const batchId = await startImportBatch(session, {
        kind: mapping.kind,
        dataset: "market",
        fileName: basename(path),
        fileSha256: digest,
        source: mapping.source,
        mapping,
        intervalSeconds: mapping.kind === "prices" ? INTERVAL_SECONDS[mapping.interval] : undefined,
      });
      const { counts, findings, hasChanged } = await importRows(session, plan, batchId, rejected, options);
      if (rejected.count > 0 && !options.skipInvalid) throw rowsInvalid(path, rejected, counts.rowsRead);
      const complete = { ...counts, rowsRejected: rejected.count };
      report = {
        ...complete,
        path,
        kind: mapping.kind,
        batchId: hasChanged && !options.dryRun ? batchId : undefined,
        findings,
        rejectedFile: rejected.path,
      };
      if (!hasChanged || options.dryRun) throw nothingToKeep;
      await finishImportBatch(session, batchId, complete);
      await raiseDataVersion(session);
    });
  } catch (error) {
    if (error !== nothingToKeep) throw error;
  } finally {
    rejected.close();
  }
  await refreshDirtyRollups(database);
  return report!;
}

/** Thrown to roll back the transaction of an import that has nothing to keep. */
class NothingToKeep extends Error {}

async function importRows(
  session: DatabaseSession,
  { path, mapping }: ImportPlan,
  batchId: number,
  rejected: RejectedRowsFile,
  { asOf, signal, onProgress }: ImportOptions,
): Promise<{ counts: Omit<ImportBatchCounts, "rowsRejected">; findings: readonly Finding[]; hasChanged: boolean }> {
  switch (mapping.kind) {
    case "prices":
      return importPrices(session, path, mapping, { batchId, rejected, reading: { signal, onProgress } });
    case "instruments":
      return withChange(await importInstruments(session, path, mapping, { asOf, rejected, signal }));
    case "calendar": {
      const file = await readCalendar(path, mapping, { ...(signal && { signal }) });
      rejected.add(file.rejected);
      const changed = await upsertCalendar(
        session,
        file.days.map(({ date, exchange, kind, note }) => ({
          date,
          exchange,
          kind,
          note: note ?? "",
          source: mapping.source,
        })),
      );
      const counts = {
        rowsRead: file.days.length + file.rejected.length,
        rowsNew: changed,
        rowsIdentical: file.days.length - changed,
        rowsConflicting: 0,
        rowsLeftOut: 0,
        symbolCount: 0,
        firstMs: undefined,
        lastMs: undefined,
      };
      const symbols = changed === 0 ? [] : (await listInstruments(session, "market")).map(({ symbol }) => symbol);
      return withChange({ counts, findings: await recheckStoredSeries(session, { dataset: "market", symbols }) });
    }
  }
}

function withChange<Imported extends { counts: Omit<ImportBatchCounts, "rowsRejected"> }>(imported: Imported) {
  return { ...imported, hasChanged: imported.counts.rowsNew > 0 };
}

function rowsInvalid(path: string, rejected: RejectedRowsFile, rowsRead: number): WorkbenchError {
  const examples = rejected.examples.join("; ");
  return new WorkbenchError(
    "ROWS_INVALID",
    `${basename(path)}: ${rejected.count} of ${rowsRead} rows are invalid, so nothing was imported (${examples}); they are listed in ${rejected.path}; correct them or import the others with --skip-invalid`,
    { details: { rejected: rejected.count, rowsRead, rejectedFile: rejected.path, examples: rejected.examples } },
  );
}
