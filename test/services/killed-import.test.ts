import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";
import { openDatabase, openSharedDatabase } from "../../src/store/open-database.js";
import { captureJson } from "../support/captured-command.js";
import { placeCluster } from "../support/embedded-cluster.js";
import { createTemporarySchema, postgresUnavailable, type TemporarySchema } from "../support/postgres-schema.js";
import { type ProcessEnvironment, type QuantflowProcess, startQuantflow } from "../support/quantflow-process.js";
import { openSharedHome, TemporaryFolder } from "../support/temporary-home.js";

const SYMBOLS = 42;
const DAYS = 2_500;
const ROWS = SYMBOLS * DAYS;

const folder = new TemporaryFolder();
afterAll(() => folder.remove());

/** A file that takes seconds to import, in more than one batch of the reader. */
const path = folder.file("large.csv", largeFile());

function largeFile(): string {
  const days = Array.from({ length: DAYS }, (_, i) =>
    new Date(Date.UTC(2015, 0, 1) + i * 86_400_000).toISOString().slice(0, 10),
  );
  const symbols = Array.from({ length: SYMBOLS }, (_, i) => `X${String(i).padStart(3, "0")}`);
  const rows = symbols.map((symbol, s) => days.map((day, d) => `${day},${symbol},${100 + ((s + d) % 7)}\n`).join(""));
  return `time,symbol,close\n${rows.join("")}`;
}

interface ImportReport {
  readonly rowsRead: number;
  readonly rowsNew: number;
}

interface SymbolList {
  readonly symbols: readonly { readonly symbol: string; readonly candles: number }[];
}

/** After a kill: the next command finds all of the file or nothing, and importing it completes the store. */
async function expectAllOrNothing(environment: ProcessEnvironment): Promise<"all" | "nothing"> {
  const { symbols } = await captureJson<SymbolList>(["symbols", "--json"], environment);
  const stored = symbols.reduce((candles, each) => candles + each.candles, 0);
  expect([0, ROWS]).toContain(stored);
  const [again] = await captureJson<ImportReport[]>(["import", path, "--json"], environment);
  expect(again).toMatchObject({ rowsRead: ROWS, rowsNew: ROWS - stored });
  return stored === 0 ? "nothing" : "all";
}

/** Kills it, unless it was quicker than that. */
async function kill(importing: QuantflowProcess): Promise<void> {
  importing.kill("SIGKILL");
  await importing.finished;
}

/** Opened once and shared, so that the commands which look at the store afterwards are quick. */
const settingsOf = (home: TemporaryFolder) => ({ databaseUrl: undefined, dataFolder: home.path, purpose: "test" });

describe("kill -9 of an import into the embedded database", () => {
  let home: TemporaryFolder;
  afterEach(() => home.remove());

  const begin = async () => {
    home = new TemporaryFolder();
    await placeCluster(home.path);
    const environment = { QUANTFLOW_HOME: home.path };
    return { environment, importing: startQuantflow(["import", path], environment) };
  };

  it("while it brings up a new store leaves a store that works", async () => {
    const { environment, importing } = await begin();
    await delay(1_200);
    await kill(importing);
    const database = await openSharedDatabase(settingsOf(home));
    expect(await expectAllOrNothing(environment)).toBe("nothing");
    await database.close();
  });

  for (const milliseconds of [50, 400, 1_000]) {
    it(`${milliseconds} ms after the rows began to flow imports all or nothing`, async () => {
      const { environment, importing } = await begin();
      await importing.until(/\n {2}source {2}/);
      await delay(milliseconds);
      await kill(importing);
      const database = await openSharedDatabase(settingsOf(home));
      await expectAllOrNothing(environment);
      await database.close();
    });
  }
});

describe("kill -9 of an import that goes through the running workbench", () => {
  it("rolls back what the workbench has taken so far, and the workbench goes on", async () => {
    const home = await openSharedHome();
    try {
      const importing = startQuantflow(["import", path], home.environment);
      await importing.until(/\n {2}source {2}/);
      await delay(300);
      await kill(importing);
      await expectAllOrNothing(home.environment);
    } finally {
      await home.dispose();
    }
  });
});

const noPostgres = await postgresUnavailable();
describe.skipIf(noPostgres)(`kill -9 of an import into PostgreSQL${noPostgres ? ` (${noPostgres})` : ""}`, () => {
  let schema: TemporarySchema;
  let environment: ProcessEnvironment;
  beforeAll(async () => {
    schema = await createTemporarySchema();
    environment = { DATABASE_URL: schema.url, QUANTFLOW_HOME: folder.path };
    await (await openDatabase({ databaseUrl: schema.url, dataFolder: folder.path, purpose: "test" })).close();
  });
  afterAll(() => schema?.drop());
  afterEach(async () => {
    const database = await openPostgresDatabase(schema.url);
    await database.execute("TRUNCATE instruments, import_batches, market_candles_daily, data_quality_findings");
    await database.close();
  });

  /** Waits until the server runs a statement of the import that begins so. */
  const statement = async (beginning: string) => {
    for (;;) {
      const running = await schema.admin.query(
        "SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND state <> 'idle' AND query LIKE $2 || '%'",
        [schema.name, beginning],
      );
      if (running.length > 0) return;
      await delay(5);
    }
  };

  it("while it copies candles imports nothing", async () => {
    const importing = startQuantflow(["import", path], environment);
    await Promise.race([statement("COPY market_candles_daily"), importing.finished]);
    await kill(importing);
    expect(await expectAllOrNothing(environment)).toBe("nothing");
  });

  it("after all candles are in, while it stores findings, imports nothing", async () => {
    await schema.admin.transaction(async (session) => {
      await session.execute(`LOCK TABLE ${schema.name}.data_quality_findings IN ACCESS EXCLUSIVE MODE`);
      const importing = startQuantflow(["import", path], environment);
      await statement("DELETE FROM data_quality_findings");
      await kill(importing);
    });
    expect(await expectAllOrNothing(environment)).toBe("nothing");
  });
});
