import type { Command } from "commander";
import { listStudies, type StudySummary } from "../../store/queries/studies.js";
import { parseInteger, parseSymbol } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { parseStudyNumber, requireStudy } from "../lead-lag/require-study.js";
import { screenText } from "../lead-lag/screen-text.js";
import { probability, studyText } from "../lead-lag/study-text.js";
import { textTable, writeJson } from "../output.js";
import { addStudyCompareCommand } from "./study-compare.command.js";
import { addStudyRerunCommand } from "./study-rerun.command.js";

interface ListFlags {
  readonly source?: string;
  readonly target?: string;
  readonly limit: number;
  readonly json: boolean;
}

export function addStudyCommand(program: Command, context: CommandContext): void {
  const study = program.command("study").description("lead-lag studies and screens that were stored");

  study
    .command("list", { isDefault: true })
    .description("list studies and screens, newest first")
    .option("--source <symbol>", "only studies of this source", parseSymbol)
    .option("--target <symbol>", "only studies of this target", parseSymbol)
    .option("--limit <n>", "at most so many", parseInteger({ min: 1, max: 100_000 }), 20)
    .option("--json", "print {studies} as JSON", false)
    .addHelpText("after", "\nExamples:\n  quantflow study\n  quantflow study --target HPG --json")
    .action((flags: ListFlags) => list(context, flags));

  study
    .command("show")
    .description("print a study or screen as it was made")
    .argument("<id>", "its number, as quantflow study shows it", parseStudyNumber)
    .option("--json", "print {createdAt, kind, parameters, result} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow study show 3 --json")
    .action((id: number, { json }: { json: boolean }) => show(context, id, json));

  addStudyCompareCommand(study, context);
  addStudyRerunCommand(study, context);
}

async function list(context: CommandContext, { json, ...selection }: ListFlags): Promise<void> {
  const { stdout } = context;
  const found = await withDatabase(context, "study list", (database) => listStudies(database, selection));
  if (json) {
    await writeJson(stdout, {
      studies: found.map(({ createdAtMs, ...rest }) => ({ ...rest, createdAt: instantText(createdAtMs) })),
    });
    return;
  }
  if (found.length === 0) {
    stdout.write("No studies: quantflow lead-lag and quantflow screen make them.\n");
    return;
  }
  const header = ["study", "made", "source", "target", "result", "lag", "p", "held-out IC", "data", "program"];
  stdout.write(textTable(header, found.map(summaryCells)));
}

function summaryCells(summary: StudySummary): (string | number)[] {
  const { id, createdAtMs, source, target, verdict, lag, p, heldOutIc, tested, declared, watermark, codeVersion } =
    summary;
  return [
    id,
    instantText(createdAtMs),
    source ?? `${tested} pairs`,
    target ?? "",
    verdict ?? `${declared} declared`,
    lag === null ? "" : String(lag),
    probability(p),
    heldOutIc?.toFixed(4) ?? "",
    watermark.split(":").at(-1)!,
    codeVersion,
  ];
}

async function show(context: CommandContext, id: number, json: boolean): Promise<void> {
  const { stdout } = context;
  const { createdAtMs, kind, parameters, result } = await withDatabase(context, "study show", (database) =>
    requireStudy(database, id),
  );
  if (json) await writeJson(stdout, { createdAt: instantText(createdAtMs), kind, parameters, result });
  else stdout.write(`${"pairs" in result ? screenText(result) : studyText(result)}Made ${instantText(createdAtMs)}.\n`);
}

function instantText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
