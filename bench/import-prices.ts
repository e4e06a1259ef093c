import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importFile } from "../src/import/import-file.js";
import { planImport } from "../src/import/plan-import.js";
import type { Database } from "../src/store/database.js";
import type { Bench, BenchContext } from "./harness/bench.js";
import type { BenchResult } from "./harness/result.js";
import { runProgram } from "./harness/run-program.js";
import { takeTurns, timed } from "./harness/take-turns.js";
import { openTemporarySchema, type TemporarySchema } from "./harness/temporary-schema.js";

const FILE = "equities/vn100_daily_2015_2026.csv.gz";
const WHAT = "import of 234,083 daily candles, checks included";

/** A real file from disk to checked rows in PostgreSQL, against the server's own loader of text. */
export const importPrices: Bench = {
  name: "import-prices",
  async run(context) {
    const file = join(context.marketData, FILE);
    if (!existsSync(file)) return [{ kind: "skipped", what: WHAT, because: `${FILE} is not there` }];
    const folder = mkdtempSync(join(tmpdir(), "quantflow-bench-"));
    const schema = await openTemporarySchema(context.databaseUrl);
    try {
      return await compare(context, schema, { file, folder });
    } finally {
      await schema.dispose();
      rmSync(folder, { recursive: true });
    }
  },
};

async function compare(
  { repeats }: BenchContext,
  { database, url }: TemporarySchema,
  { file, folder }: { file: string; folder: string },
): Promise<BenchResult[]> {
  const rows = join(folder, "rows.csv");
  await importInto(database, file, folder);
  await psql(url, `\\copy market_candles_daily TO '${rows}' (FORMAT csv)`);
  await database.execute("CREATE TABLE copied (LIKE market_candles_daily INCLUDING ALL)");

  const { ours, rival } = await takeTurns(
    {
      ours: async () => {
        await emptyStore(database);
        return timed(() => importInto(database, file, folder));
      },
      rival: async () => {
        await database.execute("TRUNCATE copied");
        return timed(() => psql(url, `\\copy copied FROM '${rows}' (FORMAT csv)`));
      },
    },
    repeats,
  );
  return [
    {
      kind: "ratio",
      what: WHAT,
      rival: "psql \\copy of the same rows",
      oursMs: ours,
      rivalMs: rival,
      atLeast: 0.7,
      goal: 1,
    },
  ];
}

async function importInto(database: Database, file: string, rejectedFolder: string): Promise<void> {
  const plan = await planImport(database, file, {});
  await importFile(database, plan, { dryRun: false, skipInvalid: false, rejectedFolder, nowMs: Date.now() });
}

function psql(url: string, command: string): Promise<string> {
  return runProgram("psql", [url, "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--command", command]);
}

async function emptyStore(database: Database): Promise<void> {
  await database.execute("TRUNCATE market_candles_daily, instruments, import_batches, data_quality_findings");
}
