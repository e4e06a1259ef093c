import type { Command } from "commander";
import type { LeadLagStudy } from "../../contracts/lead-lag-study.js";
import { WorkbenchError } from "../../engine/errors.js";
import type { DatabaseSession } from "../../store/database.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { compareForecasts, type ForecastComparison, forecastText } from "../lead-lag/compare-forecasts.js";
import { parseStudyNumber, requireStudy } from "../lead-lag/require-study.js";
import { digits, probability } from "../lead-lag/study-text.js";
import { textTable, writeJson } from "../output.js";

export function addStudyCompareCommand(study: Command, context: CommandContext): void {
  study
    .command("compare")
    .description("put two studies of one pair side by side: engines, windows or seeds")
    .argument("<first>", "number of a study, as quantflow study shows it", parseStudyNumber)
    .argument("<second>", "number of another study of the same pair", parseStudyNumber)
    .option("--json", "print {source, target, studies, lags, agreement} as JSON", false)
    .addHelpText(
      "after",
      `
Differences are the second less the first. Forecasts are of days the trees had not seen; a study made with --engine none
has none.

Example:
  quantflow lead-lag --source DCE.I --target HPG
  quantflow lead-lag --source DCE.I --target HPG --engine ml-xgboost
  quantflow study compare 1 2`,
    )
    .action((first: number, second: number, { json }: { json: boolean }) => compare(context, [first, second], json));
}

type NumberedStudy = LeadLagStudy & { readonly studyId: number };
type TwoStudies = readonly [NumberedStudy, NumberedStudy];

async function compare(context: CommandContext, [first, second]: [number, number], json: boolean): Promise<void> {
  const studies: TwoStudies = await withDatabase(context, "study compare", async (database) => [
    await requirePairStudy(database, first),
    await requirePairStudy(database, second),
  ]);
  requireOnePair(studies);
  const comparison = compareForecasts(studies[0].lags, studies[1].lags);
  const { source, target } = studies[0];
  if (json) await writeJson(context.stdout, { source, target, studies: studies.map(summaryOf), ...comparison });
  else context.stdout.write(comparisonText(studies, comparison));
}

async function requirePairStudy(session: DatabaseSession, id: number): Promise<NumberedStudy> {
  const { kind, result } = await requireStudy(session, id);
  if (kind === "pair") return { ...result, studyId: id };
  throw new WorkbenchError("ARGUMENT_INVALID", `invalid study: ${id} is a screen (accepted: a study of one pair)`, {
    details: { id },
  });
}

function requireOnePair([first, second]: TwoStudies): void {
  if (first.source === second.source && first.target === second.target) return;
  const [one, other] = [first, second].map(({ source, target }) => `${source} → ${target}`);
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid studies: ${first.studyId} is of ${one}, ${second.studyId} of ${other} (accepted: two studies of one pair)`,
    { details: { first: one, second: other } },
  );
}

function summaryOf(study: NumberedStudy) {
  const { studyId, engine, seed, from, to, returns, factors, watermark, codeVersion, verdict, p, heldOutIc } = study;
  const { kind, lag } = verdict;
  return {
    ...{ studyId, engine, seed, from, to, returns, factors, watermark, codeVersion },
    ...{ verdict: kind, lag, p, heldOutIc },
  };
}

function comparisonText(studies: TwoStudies, comparison: ForecastComparison): string {
  const [first, second] = studies;
  const labels = [labelOf(first), labelOf(second)] as const;
  const row = (title: string, textOf: (study: NumberedStudy) => string) => [title, ...studies.map(textOf)];
  const facts = [
    row("engine", ({ engine }) => engine),
    row("seed", ({ seed }) => String(seed)),
    row("days", ({ from, to, returns }) => `${from} to ${to}, ${returns} returns`),
    row("freed from", ({ factors }) => (factors.length === 0 ? "no factor" : factors.join(", "))),
    row("data", ({ watermark }) => watermark),
    row("program", ({ codeVersion }) => codeVersion),
    row("verdict", ({ verdict: { kind, lag } }) => (lag === null ? kind : `${kind}, lag ${lag}`)),
    row("p", ({ p }) => probability(p)),
    row("held-out IC", ({ heldOutIc }) => digits(heldOutIc)),
  ];
  const title = `${first.source} → ${first.target}`;
  return `${textTable([title, ...labels], facts)}\n${forecastText(comparison, labels)}`;
}

function labelOf({ studyId }: NumberedStudy): string {
  return `study ${studyId}`;
}
