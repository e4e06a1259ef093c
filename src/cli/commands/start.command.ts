import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { type Command, Option } from "commander";
import { pino } from "pino";
import { WorkbenchError } from "../../engine/errors.js";
import { epochMs, MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { readFeedsSettings } from "../../feeds/feeds-settings.js";
import { loadDemoMarket, storeCalendarFacts } from "../../import/demo-market.js";
import { seedValueChain } from "../../import/value-chain/seed-value-chain.js";
import { PROCESS_ROLES, type ProcessRole } from "../../server/live/live-services.js";
import { readServerSettings } from "../../server/server-settings.js";
import { startBackgroundProcess } from "../../server/start-background-process.js";
import { startWorkbench } from "../../server/start-workbench.js";
import { siteFreshness } from "../../site/site-freshness.js";
import type { Database } from "../../store/database.js";
import { readDatabaseSettings } from "../../store/database-settings.js";
import { openSharedDatabase } from "../../store/open-database.js";
import { readDataVersion } from "../../store/queries/data-version.js";
import { refreshDirtyRollups } from "../../store/rollups.js";
import { parseInteger } from "../arguments.js";
import { closeWithin } from "../close-within.js";
import type { CommandContext } from "../command-context.js";
import { lastCompletedTradingDate } from "../demo-end-date.js";
import { openLiveServices, requireSharedParts } from "../open-live-services.js";
import { untilInterrupted } from "../until-interrupted.js";

export function addStartCommand(program: Command, context: CommandContext): void {
  program
    .command("start")
    .description("build the pages when needed and serve the workbench")
    .option(
      "--port <n>",
      "port on loopback, 0 for any free one (default: PORT or 3000)",
      parseInteger({ min: 0, max: 65_535 }),
    )
    .option("--site <folder>", "folder of the built site, inside the project", "dist")
    .addOption(
      new Option("--role <role>", "what this process does; all but all need a database server and REDIS_URL")
        .choices(PROCESS_ROLES)
        .default("all"),
    )
    .option("--no-publish", "serve the pages as they are; another process builds them")
    .addHelpText(
      "after",
      "\nExamples:\n  quantflow start\n  quantflow start --port 8080\n  FEED=dnse quantflow start --role ingester",
    )
    .action((flags: StartFlags) => start(context, flags));
}

/** For each part, after it was told to stop. */
const STOP_MS = 10 * MS_PER_SECOND;

interface StartFlags {
  readonly port?: number;
  readonly site: string;
  readonly role: ProcessRole;
  readonly publish: boolean;
}

async function start(context: CommandContext, flags: StartFlags): Promise<void> {
  const { environment, projectRoot, stdout, version, signal } = context;
  const server = readServerSettings(environment);
  const siteFolder = resolve(projectRoot, flags.site);
  const settings = { ...readDatabaseSettings(environment, { projectRoot }), purpose: "start" };
  requireSharedParts(flags.role, environment, settings);
  readFeedsSettings(environment);
  const logger = pino({ level: server.logLevel }, pino.destination({ dest: 2, sync: true }));
  const stop = async (what: string, close: () => Promise<void>) => {
    if (await closeWithin(STOP_MS, what, close, logger)) return;
    // What was left keeps the process alive; the rest gets as long again.
    setTimeout(() => process.exit(), STOP_MS).unref();
  };
  const port = flags.port ?? server.port;
  const database = await openSharedDatabase(settings);
  try {
    await prepareData(context, database);
    const live = await openLiveServices(context, {
      role: flags.role,
      database,
      dataFolder: settings.dataFolder,
      logger,
    });
    try {
      if (flags.role === "ingester" || flags.role === "worker") {
        const background = await startBackgroundProcess({ version, port, database, live, logger });
        stdout.write(`QuantFlow ${flags.role}: ${background.url}\n`);
        await untilInterrupted(signal);
        await stop("the process", () => background.close());
        return;
      }
      const workbench = await startWorkbench({
        version,
        port,
        siteFolder,
        database,
        live,
        workflows: live.workflows,
        logger,
        isPublishing: flags.publish,
        isFresh: async () => {
          const { watermark } = await readDataVersion(database);
          return (await siteFreshness({ projectRoot, outputDir: siteFolder, watermark })).kind === "fresh";
        },
        build: (onLine) => buildInChild(context, flags.site, onLine),
      });
      try {
        await Promise.race([workbench.published, untilInterrupted(signal)]);
        if (!signal.aborted) stdout.write(`QuantFlow Workbench: ${workbench.url}\n`);
        await untilInterrupted(signal);
      } finally {
        await stop("the server", () => workbench.close());
      }
    } finally {
      await stop("the live market and workflows", () => live.close());
    }
  } finally {
    await database.close();
  }
}

/** What a killed process left undone, the shipped calendar and value chain, and a market to look at in an empty store. */
export async function prepareData({ stderr, nowMs }: CommandContext, database: Database): Promise<void> {
  await refreshDirtyRollups(database);
  await storeCalendarFacts(database);
  const [stored] = await database.query<{ any: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM import_batches) OR EXISTS (SELECT 1 FROM market_candles)
         OR version > 1 + (SELECT count(*) FROM value_chain_changes) AS any FROM data_version`,
  );
  if (!stored!.any) {
    const { endDate } = await loadDemoMarket(database, { endDate: lastCompletedTradingDate(nowMs()) });
    stderr.write(
      `The store is empty: a simulated market until ${endDate} was put in. quantflow import <files> brings real data.\n`,
    );
  }
  await seedValueChain(database, { nowMs: epochMs(nowMs()), onlyIfNew: true });
}

/** A build of its own process: it needs several hundred MB that the server should not keep. */
async function buildInChild(
  { projectRoot, environment, stderr, signal }: CommandContext,
  site: string,
  onLine: (line: string) => void,
): Promise<void> {
  const child = spawn(process.execPath, [join(projectRoot, "bin", "quantflow.js"), "build", "--output", site], {
    cwd: projectRoot,
    env: { ...environment },
    stdio: ["ignore", "ignore", "pipe"],
    signal,
  });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    lines.push(line);
    onLine(line);
    if (stderr.isTTY) stderr.write(`${line}\n`);
  });
  const exitCode = await new Promise<number | null>((done, fail) => {
    child.once("error", (cause) =>
      fail(
        cause.name === "AbortError"
          ? new WorkbenchError("CANCELLED", "the site build was cancelled", { cause })
          : new WorkbenchError("SITE_BUILD_FAILED", `the site build could not start: ${cause.message}`, { cause }),
      ),
    );
    child.once("close", done);
  });
  if (exitCode !== 0)
    throw new WorkbenchError(
      "SITE_BUILD_FAILED",
      `the pages could not be built: ${lines.at(-1) ?? `exit code ${exitCode}`}`,
    );
}
