import { tmpdir } from "node:os";
import { type ImportOptions, type ImportReport, importFile } from "../../src/import/import-file.js";
import { planImport } from "../../src/import/plan-import.js";
import type { Database } from "../../src/store/database.js";

type MappingChoices = Parameters<typeof planImport>[2];

/** Plans and imports one file as `quantflow import` does; `mapping` holds what its options would say. */
export async function importPath(
  database: Database,
  path: string,
  options: Partial<ImportOptions> & { readonly mapping?: MappingChoices } = {},
): Promise<ImportReport> {
  const { mapping = {}, ...rest } = options;
  const plan = await planImport(database, path, mapping);
  return importFile(database, plan, {
    dryRun: false,
    skipInvalid: false,
    rejectedFolder: tmpdir(),
    nowMs: Date.parse("2026-04-11T03:00:00Z"),
    ...rest,
  });
}
