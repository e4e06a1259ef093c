import type { Command } from "commander";
import {
  FINDING_KINDS,
  FINDING_SEVERITIES,
  type FindingKind,
  type FindingSeverity,
} from "../../engine/data-quality/finding.js";
import { WorkbenchError } from "../../engine/errors.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { type TradingDate, tradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import { activeDataset } from "../../store/queries/data-version.js";
import { selectFindings } from "../../store/queries/finding-queries.js";
import { addQuarantine, liftQuarantine, listQuarantines } from "../../store/queries/quarantine-queries.js";
import { parseChoice, parseDate, parseInteger, parseSymbol } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { textTable, writeJson } from "../output.js";
import { requireSymbol } from "../require-symbol.js";

const FIRST_DATE = tradingDate("1900-01-01");
const LAST_DATE = tradingDate("2199-12-31");

interface ListFlags {
  readonly symbol?: InstrumentSymbol;
  readonly kind?: FindingKind;
  readonly severity?: FindingSeverity;
  readonly limit?: number;
  readonly json: boolean;
}

export function addQualityCommand(program: Command, context: CommandContext): void {
  const quality = program.command("quality").description("what the quality checks found, and quarantine");

  quality
    .command("list", { isDefault: true })
    .description("list findings, errors first")
    .option("--symbol <symbol>", "only this symbol", parseSymbol)
    .option("--kind <kind>", FINDING_KINDS.join(", "), parseChoice(FINDING_KINDS))
    .option("--severity <severity>", FINDING_SEVERITIES.join(", "), parseChoice(FINDING_SEVERITIES))
    .option("--limit <n>", "at most so many", parseInteger({ min: 1, max: 1_000_000 }))
    .option("--json", "print {findings, quarantines} as JSON", false)
    .addHelpText(
      "after",
      "\nExamples:\n  quantflow quality\n  quantflow quality --symbol HHV --kind calendar-gap --json",
    )
    .action((flags: ListFlags) => list(context, flags));

  quality
    .command("quarantine")
    .description("leave a symbol, or some of its dates, out of every query")
    .argument("<symbol>", "the symbol", parseSymbol)
    .option("--from <date>", "first trading date (default: all)", parseDate, FIRST_DATE)
    .option("--to <date>", "last trading date, included (default: all)", parseDate, LAST_DATE)
    .option("--reason <text>", "why, for whoever meets it later", "")
    .option("--json", "print {id, symbol, fromDate, toDate, reason} as JSON", false)
    .addHelpText(
      "after",
      '\nExample:\n  quantflow quality quarantine VNINDEX --from 2008-08-16 --to 2008-08-16 --reason "a Saturday"',
    )
    .action(
      async (
        symbol: InstrumentSymbol,
        flags: { from: TradingDate; to: TradingDate; reason: string; json: boolean },
      ) => {
        if (flags.from > flags.to)
          throw new WorkbenchError(
            "RANGE_INVALID",
            `invalid --from: ${flags.from} (accepted: a date up to --to, ${flags.to})`,
          );
        await withDatabase(context, "quality quarantine", async (database) => {
          const dataset = await requireSymbol(database, symbol);
          const quarantine = { symbol, fromDate: flags.from, toDate: flags.to, reason: flags.reason };
          const id = await addQuarantine(database, { ...quarantine, dataset });
          if (flags.json) await writeJson(context.stdout, { id, ...quarantine });
          else
            context.stdout.write(
              `Quarantine ${id}: ${symbol} from ${flags.from} to ${flags.to} is left out of every query.\n`,
            );
        });
      },
    );

  quality
    .command("lift")
    .description("end a quarantine")
    .argument("<id>", "its number, as quantflow quality shows it", parseInteger({ min: 1, max: 2_147_483_647 }))
    .option("--json", "print {id, lifted} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow quality lift 3")
    .action(async (id: number, { json }: { json: boolean }) => {
      const lifted = await withDatabase(context, "quality lift", (database) => liftQuarantine(database, id));
      if (!lifted)
        throw new WorkbenchError("NOT_FOUND", `no open quarantine has number ${id}: quantflow quality lists them`);
      if (json) await writeJson(context.stdout, { id, lifted });
      else context.stdout.write(`Quarantine ${id} is lifted.\n`);
    });
}

async function list(context: CommandContext, flags: ListFlags): Promise<void> {
  const { findings, quarantines } = await withDatabase(context, "quality", async (database) => {
    const dataset = await activeDataset(database);
    const { rowCount, columns } = await selectFindings(database, { dataset, ...flags });
    const findings = Array.from({ length: rowCount }, (_, row) => ({
      id: columns.id.values[row]!,
      kind: columns.kind.at(row)!,
      severity: columns.severity.at(row)!,
      symbol: columns.symbol.at(row)!,
      intervalSeconds: columns.intervalSeconds.values[row]!,
      from: tradingDateOf(columns.fromMs.values[row]!),
      to: tradingDateOf(columns.toMs.values[row]!),
      count: columns.count.values[row]!,
      message: columns.message.at(row)!,
      fileName: columns.fileName.at(row)!,
      source: columns.source.at(row)!,
    }));
    return { findings, quarantines: await listQuarantines(database, dataset) };
  });
  if (flags.json) {
    await writeJson(context.stdout, { findings, quarantines });
    return;
  }
  if (quarantines.length > 0) {
    const rows = quarantines.map(({ id, symbol, fromDate, toDate, reason }) => [id, symbol, fromDate, toDate, reason]);
    context.stdout.write(`${textTable(["quarantine", "symbol", "from", "to", "reason"], rows)}\n`);
  }
  if (findings.length === 0) {
    context.stdout.write("No findings.\n");
    return;
  }
  const rows = findings.map(({ severity, kind, symbol, from, to, count, message }) => [
    severity,
    kind,
    symbol,
    from,
    to,
    count,
    message,
  ]);
  context.stdout.write(textTable(["severity", "kind", "symbol", "from", "to", "rows", "finding"], rows));
}
