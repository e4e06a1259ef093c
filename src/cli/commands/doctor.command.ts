import { createServer } from "node:net";
import { resolve } from "node:path";
import type { Command } from "commander";
import { isWorkbenchError } from "../../engine/errors.js";
import { readServerSettings } from "../../server/server-settings.js";
import { siteFreshness } from "../../site/site-freshness.js";
import type { Database } from "../../store/database.js";
import { readDatabaseSettings } from "../../store/database-settings.js";
import { schemaFlavour } from "../../store/migrate.js";
import { openDatabase } from "../../store/open-database.js";
import { listCandleExtents } from "../../store/queries/candle-extents.js";
import { activeDataset, readDataVersion } from "../../store/queries/data-version.js";
import { listQuarantines } from "../../store/queries/quarantine-queries.js";
import type { CommandContext } from "../command-context.js";
import { EXIT } from "../exit-codes.js";
import { writeJson } from "../output.js";

interface Diagnosis {
  readonly check: string;
  readonly state: "ok" | "notice" | "problem";
  readonly message: string;
}

export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command("doctor")
    .description("check the set-up and say what is wrong")
    .option("--json", "print {ok, checks: [{check, state, message}]} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow doctor")
    .action(async ({ json }: { json: boolean }) => {
      const checks = [
        await diagnose("node", async () => ok(`Node ${process.versions.node}`)),
        await diagnose("configuration", () => checkConfiguration(context)),
        await diagnose("port", () => checkPort(context)),
        ...(await checkDatabase(context)),
      ];
      if (json) await writeJson(context.stdout, { ok: checks.every(({ state }) => state !== "problem"), checks });
      else
        for (const { check, state, message } of checks)
          context.stdout.write(`${SIGNS[state]} ${check.padEnd(14)} ${message}\n`);
      if (checks.some(({ state }) => state === "problem")) process.exitCode = EXIT.environment;
    });
}

const SIGNS = { ok: "✓", notice: "•", problem: "✗" } as const;

type Outcome = Omit<Diagnosis, "check">;

const ok = (message: string): Outcome => ({ state: "ok", message });
const notice = (message: string): Outcome => ({ state: "notice", message });

async function diagnose(check: string, run: () => Promise<Outcome>): Promise<Diagnosis> {
  try {
    return { check, ...(await run()) };
  } catch (error) {
    const message = isWorkbenchError(error) ? `${error.code}: ${error.message}` : String((error as Error).message);
    return { check, state: "problem", message };
  }
}

async function checkConfiguration({ environment, projectRoot }: CommandContext): Promise<Outcome> {
  readServerSettings(environment);
  const { databaseUrl, dataFolder } = readDatabaseSettings(environment, { projectRoot });
  return ok(
    databaseUrl === undefined
      ? `embedded database in ${dataFolder}`
      : "a PostgreSQL server (DATABASE_URL or POSTGRES_HOST)",
  );
}

async function checkPort({ environment }: CommandContext): Promise<Outcome> {
  const { port } = readServerSettings(environment);
  const taken = await new Promise<boolean>((done) => {
    const probe = createServer();
    probe.once("error", () => done(true));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(false)));
  });
  return taken
    ? notice(`port ${port} is taken, by a running workbench or something else; start takes --port`)
    : ok(`port ${port} is free`);
}

async function checkDatabase(context: CommandContext): Promise<Diagnosis[]> {
  let database: Database | undefined;
  const opened = await diagnose("database", async () => {
    const settings = readDatabaseSettings(context.environment, context);
    database = await openDatabase({ ...settings, purpose: "doctor" });
    return ok(`${database.location}, ${await schemaFlavour(database)} schema`);
  });
  if (database === undefined) return [opened];
  const open = database;
  try {
    return [
      opened,
      await diagnose("data", () => checkData(open)),
      await diagnose("site", () => checkSite(context, open)),
    ];
  } finally {
    await open.close();
  }
}

async function checkData(database: Database): Promise<Outcome> {
  const dataset = await activeDataset(database);
  const extents = await listCandleExtents(database, dataset);
  if (extents.length === 0) return notice("no candles: quantflow import <files> or quantflow demo load brings some");
  const last = extents
    .map(({ lastDate }) => lastDate)
    .sort()
    .at(-1);
  const quarantines = await listQuarantines(database, dataset);
  const left = quarantines.length > 0 ? `, ${quarantines.length} quarantines` : "";
  const text = `${extents.length} symbols until ${last}${left}`;
  return dataset === "simulated" ? notice(`simulated: ${text}`) : ok(text);
}

async function checkSite({ projectRoot }: CommandContext, database: Database): Promise<Outcome> {
  const { watermark } = await readDataVersion(database);
  const freshness = await siteFreshness({ projectRoot, outputDir: resolve(projectRoot, "dist"), watermark });
  if (freshness.kind === "fresh") return ok(`dist is up to date, ${freshness.manifest.pages.length} pages`);
  if (freshness.kind === "missing") return notice("dist is not built: quantflow build or quantflow start builds it");
  return notice(`dist is behind (${freshness.because}): quantflow build or quantflow start brings it up to date`);
}
