import type { Command } from "commander";
import type { LeadLagScreen } from "../../contracts/lead-lag-study.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import { storeScreen } from "../../store/queries/studies.js";
import { parseChoice, parseDate } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { readCodeVersion } from "../lead-lag/code-version.js";
import type { NamedPair } from "../lead-lag/pairs-file.js";
import { runScreen } from "../lead-lag/run-screen.js";
import { type PairFlags, readScreenMaterial, requirePairFlags } from "../lead-lag/screen-material.js";
import { screenText } from "../lead-lag/screen-text.js";
import { addStudyOptions, requireSeriesFlags } from "../lead-lag/study-flags.js";
import { askedOf, requestOfFlags, type StudyRequest } from "../lead-lag/study-request.js";
import { writeJson } from "../output.js";
import { ProgressLine } from "../progress-line.js";

const BOOSTED = ["none", "survivors"] as const;

interface ScreenFlags extends PairFlags {
  readonly boosting: (typeof BOOSTED)[number];
}

export function addScreenCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("screen")
    .description("test many pairs for a lead and declare those that survive all the trying")
    .option("--graph", "test the edges of the value chain (the default without --pairs and --series)")
    .option("--pairs <file>", "test the pairs of a CSV file with the columns source,target")
    .option("--as-of <date>", "of the value chain, take what holds on this day (default: every edge)", parseDate);
  addStudyOptions(command)
    .option(
      "--boosting <pairs>",
      "forecast with boosted trees: none, or survivors of the test",
      parseChoice(BOOSTED),
      "none",
    )
    .option("--json", "print {studyId, pairs, tested, refused, declared, fdr, engine, seed, …}: see docs/cli.md", false)
    .addHelpText(
      "after",
      `
A pair is declared when its p-value survives the correction for all pairs tested, at a false discovery rate of 5%. A pair
that cannot be studied is listed with the reason and counts as no test.
With --series and without --pairs, every series of the file is tested against every other, both ways.

Examples:
  quantflow screen
  quantflow screen --pairs pairs.csv --from 2021-01-01 --json
  quantflow screen --series prices.csv --boosting survivors`,
    )
    .action((flags: ScreenFlags) => screen(context, flags));
}

async function screen(context: CommandContext, flags: ScreenFlags): Promise<void> {
  requireSeriesFlags(flags);
  requirePairFlags(flags);
  const { stderr, signal } = context;
  const request = requestOfFlags(flags, flags.boosting === "survivors" ? "histogram" : "none");
  const codeVersion = await readCodeVersion(context);
  const { pairs, material } = await readScreenMaterial(context, flags, request);
  const progress = new ProgressLine(stderr, "pairs");
  let result: LeadLagScreen;
  try {
    const execution = { codeVersion, workers: flags.workers, signal, onProgress: progress.show };
    result = await runScreen(material, pairs, request, execution);
  } finally {
    progress.clear();
  }
  await keepAndPrint(context, flags, { request, pairs, result });
}

async function keepAndPrint(
  context: CommandContext,
  { store, series, json, pairs: file }: ScreenFlags,
  { request, pairs, result }: { request: StudyRequest; pairs: readonly NamedPair[]; result: LeadLagScreen },
): Promise<void> {
  const { stdout, stderr, nowMs } = context;
  if (pairs.length === 0 && series === undefined && file === undefined) {
    stderr.write(
      "No edge of the value chain has prices at both ends; quantflow value-chain seed stores one, and import adds prices.\n",
    );
  }
  const defaults = new Set(result.pairs.flatMap(({ factors }) => factors));
  if (request.factors === undefined && defaults.size > 0) {
    stderr.write(`Freed from ${[...defaults].join(", ")} where that is the default; --factors none for none.\n`);
  }
  if (result.dataset === "simulated") stderr.write("simulated data\n");
  let studyId: number | null = null;
  if (store && series === undefined && pairs.length > 0) {
    const named = pairs.map(({ source, target }) => ({ source, target }));
    const parameters = { kind: "screen", pairs: named, ...askedOf(request) } as const;
    const createdAtMs = epochMs(nowMs());
    studyId = await withDatabase(context, "screen", (database) =>
      storeScreen(database, parameters, { result, createdAtMs }),
    );
  }
  const answer = { ...result, studyId };
  if (json) await writeJson(stdout, answer);
  else stdout.write(screenText(answer));
}
