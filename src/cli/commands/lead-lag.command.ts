import type { Command } from "commander";
import { type LeadLagStudy, STUDY_ENGINES, type StudyEngine } from "../../contracts/lead-lag-study.js";
import { BOOSTING_ENGINES, type BoostingEngine } from "../../engine/boosting/gradient-boosting.js";
import { WorkbenchError } from "../../engine/errors.js";
import { instrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import { storeStudy } from "../../store/queries/studies.js";
import { readSnapshot } from "../../store/read-snapshot.js";
import { parseChoice } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { readCodeVersion } from "../lead-lag/code-version.js";
import type { NamedPair } from "../lead-lag/pairs-file.js";
import { isAboutTheData, refusedStudy } from "../lead-lag/refused-study.js";
import { runPairStudy } from "../lead-lag/run-pair-study.js";
import type { StudySubject } from "../lead-lag/study-answer.js";
import { addStudyOptions, nameReader, requireSeriesFlags, type StudyFlags } from "../lead-lag/study-flags.js";
import { materialOfFile, materialOfStore, type StudyMaterial } from "../lead-lag/study-material.js";
import { askedOf, type PairRequest, requestOfFlags, runFacts, type StudyRequest } from "../lead-lag/study-request.js";
import { studyText } from "../lead-lag/study-text.js";
import { writeJson } from "../output.js";
import { ProgressLine } from "../progress-line.js";
import { requireSymbol } from "../require-symbol.js";

interface LeadLagFlags extends StudyFlags {
  readonly source: string;
  readonly target: string;
  readonly engine: StudyEngine;
  readonly compare?: BoostingEngine;
}

export function addLeadLagCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("lead-lag")
    .description("study whether one series leads another, and by how many days")
    .requiredOption("--source <name>", "the symbol that may lead")
    .requiredOption("--target <name>", "the symbol that may follow");
  addStudyOptions(command)
    .option(
      "--engine <engine>",
      "trees that forecast at every lag: histogram, ml-xgboost or none",
      parseChoice(STUDY_ENGINES),
      "histogram",
    )
    .option(
      "--compare <engine>",
      "a second engine that forecasts the same days: histogram or ml-xgboost",
      parseChoice(BOOSTING_ENGINES),
    )
    .option("--json", "print {studyId, source, target, verdict, p, q, heldOutIc, lags, …}: see docs/cli.md", false)
    .addHelpText(
      "after",
      `
At a lag of k the source's return meets the target's return k trading days later. The verdict weighs all lags and shapes
together and is confirmed on days kept apart. "No lead found" is an answer.
A file has a column time, then one column for each series; its names are free text, and nothing of it is stored.

Examples:
  quantflow lead-lag --source DCE.I --target HPG --from 2021-04-01 --to 2026-04-01
  quantflow lead-lag --source DCE.I --target HPG --compare ml-xgboost
  quantflow lead-lag --series prices.csv --source "iron ore" --target steel --engine none --json`,
    )
    .action((flags: LeadLagFlags) => leadLag(context, flags));
}

async function leadLag(context: CommandContext, flags: LeadLagFlags): Promise<void> {
  requireSeriesFlags(flags);
  requireCompareFlag(flags);
  const readName = nameReader(flags);
  const pair = { source: readName(flags.source), target: readName(flags.target) };
  const request = { ...requestOfFlags(flags, flags.engine), compare: flags.compare ?? null };
  const codeVersion = await readCodeVersion(context);
  let material: StudyMaterial | undefined;
  let study: LeadLagStudy;
  try {
    material = await readMaterial(context, flags, pair, request);
    study = await studied(context, flags, { material, pair, request, codeVersion });
  } catch (error) {
    if (flags.json && isAboutTheData(error)) {
      const subject = refusedSubject({ material, pair, request, codeVersion });
      await writeJson(context.stdout, refusedStudy(error, subject));
    }
    throw error;
  }
  await keepAndPrint(context, flags, request, study);
}

function requireCompareFlag({ engine, compare }: LeadLagFlags): void {
  if (compare === undefined || (engine !== "none" && engine !== compare)) return;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    engine === "none"
      ? `invalid --compare: ${compare} beside --engine none (accepted: beside another engine)`
      : `invalid --compare: ${compare}, the engine of the study itself (accepted: another one than --engine)`,
    { details: { engine, compare } },
  );
}

function readMaterial(
  context: CommandContext,
  { series, returns }: LeadLagFlags,
  { source, target }: NamedPair,
  { factors = [] }: StudyRequest,
): Promise<StudyMaterial> {
  if (series !== undefined) {
    return materialOfFile(series, { kind: returns ? "returns" : "prices", signal: context.signal });
  }
  const symbols = [source, target, ...factors].map(instrumentSymbol);
  return withDatabase(context, "lead-lag", (database) =>
    readSnapshot(database, async (session) => {
      for (const symbol of symbols) await requireSymbol(session, symbol);
      return materialOfStore(session, symbols);
    }),
  );
}

async function studied(
  { stderr, signal }: CommandContext,
  { workers }: LeadLagFlags,
  undertaking: {
    readonly material: StudyMaterial;
    readonly pair: NamedPair;
    readonly request: PairRequest;
    readonly codeVersion: string;
  },
): Promise<LeadLagStudy> {
  const { material, pair, request, codeVersion } = undertaking;
  const progress = new ProgressLine(stderr, "forecasts");
  try {
    const execution = { codeVersion, workers, signal, onProgress: progress.show };
    return await runPairStudy(material, pair, request, execution);
  } finally {
    progress.clear();
  }
}

function refusedSubject({
  material,
  pair,
  request,
  codeVersion,
}: {
  readonly material: StudyMaterial | undefined;
  readonly pair: NamedPair;
  readonly request: StudyRequest;
  readonly codeVersion: string;
}): StudySubject {
  const factors = request.factors ?? material?.factorsFor(pair.source, pair.target) ?? [];
  const excluded = material?.exclusionsOf([pair.source, pair.target, ...factors]) ?? "";
  const facts = { material: material ?? { watermark: "", dataset: "file" as const }, codeVersion, excluded };
  return { ...pair, factors, run: runFacts(request, facts), isDaily: true };
}

async function keepAndPrint(
  context: CommandContext,
  { store, series, json }: LeadLagFlags,
  request: PairRequest,
  study: LeadLagStudy,
): Promise<void> {
  const { stdout, stderr, nowMs } = context;
  if (request.factors === undefined && study.factors.length > 0) {
    stderr.write(`Freed from ${study.factors.join(", ")}, the default for this target; --factors none for none.\n`);
  }
  if (study.excluded !== "") stderr.write(`${study.excluded}.\n`);
  if (study.dataset === "simulated") stderr.write("simulated data\n");
  let studyId: number | null = null;
  if (store && series === undefined) {
    const { source, target } = study;
    const parameters = { kind: "pair", source, target, ...askedOf(request), compare: request.compare } as const;
    const createdAtMs = epochMs(nowMs());
    studyId = await withDatabase(context, "lead-lag", (database) =>
      storeStudy(database, parameters, { result: study, createdAtMs }),
    );
  }
  const answer = { ...study, studyId };
  if (json) await writeJson(stdout, answer);
  else stdout.write(studyText(answer));
}
