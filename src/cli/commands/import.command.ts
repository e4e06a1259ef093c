import type { Command } from "commander";
import { type ErrorCode, isWorkbenchError, type WorkbenchError } from "../../engine/errors.js";
import type { CandleInterval } from "../../engine/market-data/candle-interval.js";
import { ASSET_CLASSES } from "../../engine/market-data/instrument.js";
import { type TradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import { storeCalendarFacts } from "../../import/demo-market.js";
import { type ImportReport, importFile } from "../../import/import-file.js";
import { describeMapping } from "../../import/mapping/describe-mapping.js";
import type { MappingOptions } from "../../import/mapping/guess-mapping.js";
import { DATE_FORMATS, MAPPING_KINDS, type MappingField } from "../../import/mapping/import-mapping.js";
import { type ImportPlan, planImport } from "../../import/plan-import.js";
import type { Database } from "../../store/database.js";
import { readDatabaseSettings } from "../../store/database-settings.js";
import { activeDataset } from "../../store/queries/data-version.js";
import { parseChoice, parseDate, parseDelimiter, parseInterval } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { EXIT, exitCodeOf } from "../exit-codes.js";
import { expandPaths } from "../expand-paths.js";
import { writeJson } from "../output.js";
import { ProgressBar } from "../progress-bar.js";

const PRICE_UNITS = { "as-is": 1, "thousand-vnd": 1000 } as const;

interface ImportFlags {
  readonly kind?: MappingOptions["kind"];
  readonly column?: readonly string[];
  readonly unit?: keyof typeof PRICE_UNITS;
  readonly decimal?: "." | ",";
  readonly delimiter?: string;
  readonly header: boolean;
  readonly dateFormat?: MappingOptions["dateFormat"];
  readonly timeZone?: string;
  readonly interval?: CandleInterval;
  readonly symbol?: string;
  readonly currency?: string;
  readonly exchange?: string;
  readonly assetClass?: MappingOptions["assetClass"];
  readonly source?: string;
  readonly asOf?: TradingDate;
  readonly dryRun: boolean;
  readonly skipInvalid: boolean;
  readonly json: boolean;
}

interface FailedImport {
  readonly path: string;
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly details: object };
}

export function addImportCommand(program: Command, context: CommandContext): void {
  program
    .command("import")
    .description("import price, instrument and calendar files (CSV, CSV.gz, Parquet, Arrow)")
    .argument("<files...>", "paths or glob patterns")
    .option("--kind <kind>", `what the files hold: ${MAPPING_KINDS.join(", ")}`, parseChoice(MAPPING_KINDS))
    .option("--column <field=header...>", "name the column of a field, such as --column close=Last")
    .option(
      "--unit <unit>",
      "prices as they stand, or in thousand VND: as-is, thousand-vnd",
      parseChoice(["as-is", "thousand-vnd"]),
    )
    .option("--decimal <sign>", "decimal sign: . or ,", parseChoice([".", ","]))
    .option("--delimiter <sign>", "character between columns", parseDelimiter)
    .option("--no-header", "the first row holds data; columns are called 1, 2, 3, …")
    .option("--date-format <format>", `how times are written: ${DATE_FORMATS.join(", ")}`, parseChoice(DATE_FORMATS))
    .option("--time-zone <zone>", "IANA zone of times without offset (default Asia/Ho_Chi_Minh)")
    .option("--interval <interval>", "candle interval, such as 1d or 5m", parseInterval)
    .option("--symbol <symbol>", "symbol of every row, for a file without a symbol column")
    .option("--currency <code>", "ISO 4217 code of the prices, such as USD")
    .option("--exchange <name>", "market of the instruments, such as HOSE")
    .option("--asset-class <class>", ASSET_CLASSES.join(", "), parseChoice(ASSET_CLASSES))
    .option("--source <text>", "where the data come from, as figures print it (default: the file's name)")
    .option("--as-of <date>", "date of the market capitalisations of an instruments file", parseDate)
    .option("--dry-run", "show what would happen and store nothing", false)
    .option("--skip-invalid", "import the valid rows of a file that has invalid ones", false)
    .option("--json", "print [{path, kind, rowsRead, rowsNew, …, findings} or {path, error}] as JSON", false)
    .addHelpText(
      "after",
      `
Each file is imported in one transaction. Importing a file again changes nothing.
Rejected rows, with line numbers and reasons, are written to the data folder.

Examples:
  quantflow import prices/*.csv.gz
  quantflow import vn30.csv --unit thousand-vnd --source "vendor X, adjusted"
  quantflow import trades.csv --column time=Date --column close=Last --date-format dmy --symbol HPG
  quantflow import prices.parquet --dry-run --json`,
    )
    .action(async (patterns: string[], flags: ImportFlags) => {
      process.exitCode = await runImport(context, patterns, flags);
    });
}

async function runImport(context: CommandContext, patterns: readonly string[], flags: ImportFlags): Promise<number> {
  const paths = await expandPaths(patterns);
  return withDatabase(context, "import", async (database) => {
    await storeCalendarFacts(database);
    const datasetBefore = await activeDataset(database);
    const results: (ImportReport | FailedImport)[] = [];
    for (const path of paths) results.push(await importOne(context, database, path, flags));
    if (flags.json)
      await writeJson(
        context.stdout,
        results.map((result) => ("error" in result ? result : forJson(result))),
      );
    const imported = results.some((result) => !("error" in result) && result.batchId !== undefined);
    if (imported && datasetBefore === "simulated" && (await activeDataset(database)) === "market") {
      context.stderr.write(
        "The pages now show the imported data. The simulated market is kept: quantflow demo remove deletes it.\n",
      );
    }
    const failed = results.filter((result) => "error" in result);
    if (failed.length === 0) return EXIT.done;
    return Math.max(...failed.map(({ error }) => exitCodeOf(error.code)));
  });
}

async function importOne(
  context: CommandContext,
  database: Database,
  path: string,
  flags: ImportFlags,
): Promise<ImportReport | FailedImport> {
  const { stderr, signal, nowMs, environment, projectRoot } = context;
  const bar = new ProgressBar(stderr, path.split("/").at(-1)!);
  try {
    const plan = await planImport(database, path, mappingOptions(flags), signal);
    showPlan(context, plan);
    const startedAtMs = performance.now();
    const report = await importFile(database, plan, {
      dryRun: flags.dryRun,
      skipInvalid: flags.skipInvalid,
      asOf: flags.asOf,
      rejectedFolder: `${readDatabaseSettings(environment, { projectRoot }).dataFolder}/rejected`,
      nowMs: nowMs(),
      signal,
      onProgress: bar.show,
    });
    bar.clear();
    showReport(context, report, flags, performance.now() - startedAtMs);
    return report;
  } catch (error) {
    bar.clear();
    if (!isWorkbenchError(error) || error.code === "CANCELLED") throw error;
    stderr.write(`${error.code}: ${error.message}\n`);
    return failedImport(path, error);
  }
}

function failedImport(path: string, { code, message, details }: WorkbenchError): FailedImport {
  return { path, error: { code, message, details } };
}

function mappingOptions(flags: ImportFlags): Parameters<typeof planImport>[2] {
  const { unit, column, header } = flags;
  return {
    ...flags,
    header: header ? undefined : false,
    priceScale: unit === undefined ? undefined : PRICE_UNITS[unit],
    columns: column && columnsOf(column),
  };
}

function columnsOf(pairs: readonly string[]): Partial<Record<MappingField, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function showPlan({ stderr }: CommandContext, plan: ImportPlan): void {
  const lines = describeMapping(plan).map(
    ({ field, value, because }) => `  ${field.padEnd(14)} ${value}${because === "" ? "" : `  (${because})`}`,
  );
  stderr.write(`${plan.path}\n${lines.join("\n")}\n`);
}

function showReport({ stderr }: CommandContext, report: ImportReport, flags: ImportFlags, milliseconds: number): void {
  const count = (rows: number) => rows.toLocaleString("en-US");
  const parts = [
    `${count(report.rowsNew)} new`,
    `${count(report.rowsIdentical)} already stored`,
    ...(report.rowsConflicting > 0 ? [`${count(report.rowsConflicting)} in conflict with what is stored (kept)`] : []),
    ...(report.rowsLeftOut > 0 ? [`${count(report.rowsLeftOut)} left out (duplicates or no close)`] : []),
    ...(report.rowsRejected > 0 ? [`${count(report.rowsRejected)} rejected (${report.rejectedFile})`] : []),
  ];
  const rate = count(Math.round(report.rowsRead / (milliseconds / 1_000)));
  stderr.write(
    `  ${flags.dryRun ? "dry run, nothing stored: " : ""}${count(report.rowsRead)} rows: ${parts.join(", ")}; ${rate} rows/s\n`,
  );
  if (report.findings.length === 0) return;
  const kinds = Map.groupBy(report.findings, ({ kind }) => kind);
  const summary = [...kinds].map(([kind, findings]) => `${kind} ${findings.length}`).join(", ");
  stderr.write(`  quality: ${summary}; quantflow quality lists them\n`);
}

function forJson({ findings, firstMs, lastMs, ...report }: ImportReport): object {
  return {
    ...report,
    first: firstMs === undefined ? null : tradingDateOf(firstMs),
    last: lastMs === undefined ? null : tradingDateOf(lastMs),
    batchId: report.batchId ?? null,
    rejectedFile: report.rejectedFile ?? null,
    findings: findings.map((finding) => ({
      kind: finding.kind,
      severity: finding.severity,
      symbol: finding.symbol,
      from: tradingDateOf(finding.fromMs),
      to: tradingDateOf(finding.toMs),
      count: finding.count,
      message: finding.message,
    })),
  };
}
