import type { Command } from "commander";
import { WorkbenchError } from "../../engine/errors.js";
import { type InstrumentSymbol, instrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { StoredStudy } from "../../store/queries/studies.js";
import { readSnapshot } from "../../store/read-snapshot.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { readCodeVersion } from "../lead-lag/code-version.js";
import { compareStudies, type StudyDifference } from "../lead-lag/compare-studies.js";
import { parseStudyNumber, requireStudy } from "../lead-lag/require-study.js";
import { runPairStudy } from "../lead-lag/run-pair-study.js";
import { runScreen } from "../lead-lag/run-screen.js";
import { changedHeadlines } from "../lead-lag/study-changes.js";
import { materialOfStore, type StudyMaterial } from "../lead-lag/study-material.js";
import { requestOfParameters } from "../lead-lag/study-request.js";
import { textTable, writeJson } from "../output.js";
import { ProgressLine } from "../progress-line.js";

const SHOWN_DIFFERENCES = 20;

export function addStudyRerunCommand(study: Command, context: CommandContext): void {
  study
    .command("rerun")
    .description("make a study or screen again and compare")
    .argument("<id>", "its number, as quantflow study shows it", parseStudyNumber)
    .option(
      "--json",
      "print {studyId, sameWatermark, sameCodeVersion, sameNumbers, changes, differences, before, after} as JSON",
      false,
    )
    .addHelpText(
      "after",
      `
On the data it was made on, the same program gives the same numbers to the last bit; exit code 1 when it does not. On
newer data it says what changed. Nothing is stored.

Example:
  quantflow study rerun 3`,
    )
    .action((id: number, { json }: { json: boolean }) => rerun(context, id, json));
}

async function rerun(context: CommandContext, id: number, json: boolean): Promise<void> {
  const codeVersion = await readCodeVersion(context);
  const { stored, material } = await withDatabase(context, "study rerun", (database) =>
    readSnapshot(database, async (session) => {
      const stored = await requireStudy(session, id);
      return { stored, material: await materialOfStore(session, symbolsOf(stored)) };
    }),
  );
  const after = await madeAgain(context, stored, { material, codeVersion });
  const before = stored.result;
  const differences = compareStudies(before, after);
  const report: Rerun = {
    studyId: id,
    sameWatermark: before.watermark === after.watermark,
    sameCodeVersion: before.codeVersion === after.codeVersion,
    sameNumbers: differences.length === 0,
    changes: changedHeadlines(before, after),
    differences: differences.slice(0, SHOWN_DIFFERENCES),
    before,
    after,
  };
  if (json) await writeJson(context.stdout, report);
  else context.stdout.write(rerunText(report));
  if (!report.sameWatermark || !report.sameCodeVersion || report.sameNumbers) return;
  throw new WorkbenchError(
    "STUDY_NOT_REPRODUCED",
    `study ${id} has other numbers on the same data with the same program, the first in ${differences[0]!.field}`,
    { details: { id, differences: report.differences } },
  );
}

interface Rerun {
  readonly studyId: number;
  readonly sameWatermark: boolean;
  readonly sameCodeVersion: boolean;
  readonly sameNumbers: boolean;
  readonly changes: readonly StudyDifference[];
  readonly differences: readonly StudyDifference[];
  readonly before: StoredStudy["result"];
  readonly after: StoredStudy["result"];
}

function symbolsOf({ parameters }: StoredStudy): InstrumentSymbol[] {
  const pairs = parameters.kind === "pair" ? [parameters] : parameters.pairs;
  const names = [...pairs.flatMap(({ source, target }) => [source, target]), ...(parameters.factors ?? [])];
  return [...new Set(names)].map(instrumentSymbol);
}

async function madeAgain(
  { stderr, signal }: CommandContext,
  { parameters }: StoredStudy,
  { material, codeVersion }: { readonly material: StudyMaterial; readonly codeVersion: string },
): Promise<StoredStudy["result"]> {
  const progress = new ProgressLine(stderr, parameters.kind === "pair" ? "forecasts" : "pairs");
  const execution = { codeVersion, workers: undefined, signal, onProgress: progress.show };
  const request = requestOfParameters(parameters);
  try {
    return parameters.kind === "pair"
      ? await runPairStudy(material, parameters, { ...request, compare: parameters.compare }, execution)
      : await runScreen(material, parameters.pairs, request, execution);
  } finally {
    progress.clear();
  }
}

function rerunText({ studyId, sameWatermark, sameCodeVersion, sameNumbers, changes, before, after }: Rerun): string {
  const data = sameWatermark
    ? `the same data, ${after.watermark}`
    : `${after.watermark} instead of ${before.watermark}`;
  const program = sameCodeVersion ? "the same program" : `${after.codeVersion} instead of ${before.codeVersion}`;
  const circumstances = `Study ${studyId} on ${data}, with ${program}.\n`;
  if (sameNumbers) return `Same numbers, to the last bit.\n${circumstances}`;
  if (changes.length === 0) return `Same verdict and measures; other numbers differ.\n${circumstances}`;
  const rows = changes.map(({ field, before: then, after: now }) => [
    field,
    String(then ?? "none"),
    String(now ?? "none"),
  ]);
  return `Other numbers.\n${circumstances}\n${textTable(["", "before", "now"], rows)}`;
}
