import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isWorkbenchError } from "../../src/engine/errors.js";
import type { Database } from "../../src/store/database.js";
import { readDatabaseSettings } from "../../src/store/database-settings.js";
import { openDatabase } from "../../src/store/open-database.js";

export interface LoaderContext {
  readonly database: Database;
  /** The values that stand for `[name]` in the loader's path. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Makes one file for the pages. A site build calls it in process; Framework runs the file as a script. */
export type Loader = (context: LoaderContext) => Promise<Uint8Array>;

/**
 * When the loader's file is the program being run, writes its output to standard output, as Framework expects.
 * Parameters come as `--name=value`.
 */
export async function runAsScript(module: ImportMeta, load: Loader): Promise<void> {
  if (process.argv[1] === undefined || realpathSync(process.argv[1]) !== fileURLToPath(module.url)) return;
  const projectRoot = fileURLToPath(new URL("../..", import.meta.url));
  const { values } = parseArgs({ strict: false });
  const parameters = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  try {
    const settings = readDatabaseSettings(process.env, { projectRoot });
    const database = await openDatabase({ ...settings, purpose: "data loader" });
    const bytes = await load({ database, parameters }).finally(() => database.close());
    await new Promise<void>((resolve) => process.stdout.write(bytes, () => resolve()));
  } catch (error) {
    process.stderr.write(`${isWorkbenchError(error) ? `${error.code}: ${error.message}` : (error as Error).stack}\n`);
    process.exitCode = 1;
  }
}
