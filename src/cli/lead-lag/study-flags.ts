import { type Command, InvalidArgumentError } from "commander";
import { WorkbenchError } from "../../engine/errors.js";
import { STUDY_DEFAULTS } from "../../engine/lead-lag/study-pair.js";
import { instrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import { parseDate, parseInteger } from "../arguments.js";

/** Options that a study and a screen share. */
export interface StudyFlags {
  readonly factors?: readonly string[];
  readonly maxLag: number;
  readonly from?: TradingDate;
  readonly to?: TradingDate;
  readonly seed: number;
  readonly workers?: number;
  readonly store: boolean;
  readonly series?: string;
  readonly returns: boolean;
  readonly json: boolean;
}

const LONGEST_LAG = 10_000;
const LARGEST_SEED = 2 ** 32 - 1;
const MOST_WORKERS = 64;

/** Word that asks for no factor at all. */
const NO_FACTOR = "none";

export function addStudyOptions(command: Command): Command {
  return command
    .option("--factors <names>", "what both are freed from: A,B or none (default: the market's index)", collectFactors)
    .option(
      "--max-lag <n>",
      "last lag, in trading days of the target",
      parseInteger({ min: 1, max: LONGEST_LAG }),
      STUDY_DEFAULTS.maxLag,
    )
    .option("--from <date>", "first trading date", parseDate)
    .option("--to <date>", "last trading date, included", parseDate)
    .option(
      "--seed <n>",
      "of surrogates and resamples",
      parseInteger({ min: 0, max: LARGEST_SEED }),
      STUDY_DEFAULTS.seed,
    )
    .option("--workers <n>", "threads (default: one a core)", parseInteger({ min: 0, max: MOST_WORKERS }))
    .option("--no-store", "keep no record of it")
    .option("--series <file>", "take series from a CSV file, - for standard input, and not from the store")
    .option("--returns", "the file holds returns, not prices", false);
}

/** Adds the names of a comma-separated list to those of earlier options of the same name. */
export function collectFactors(text: string, earlier: readonly string[] = []): string[] {
  const names = text.split(",").map((name) => name.trim());
  const all = [...earlier, ...names];
  if (names.includes("")) throw new InvalidArgumentError(`invalid factors: ${text} (accepted: names as A,B or none)`);
  if (all.length > 1 && all.includes(NO_FACTOR)) {
    throw new InvalidArgumentError(`invalid factors: ${all.join(",")} (accepted: names, or none alone)`);
  }
  return all;
}

/** How names are to be read: those of columns of a file are free text, all others symbols. @throws SYMBOL_INVALID */
export function nameReader({ series }: StudyFlags): (name: string) => string {
  return series === undefined ? (name) => instrumentSymbol(name.toUpperCase()) : (name) => name.trim();
}

/** The factors a person named; `undefined` for those that go with the target. */
export function factorsOf(flags: StudyFlags): readonly string[] | undefined {
  if (flags.factors === undefined) return undefined;
  return flags.factors.includes(NO_FACTOR) ? [] : flags.factors.map(nameReader(flags));
}

/** @throws ARGUMENT_INVALID for options that say nothing without a file */
export function requireSeriesFlags({ series, returns }: StudyFlags): void {
  if (returns && series === undefined) {
    throw new WorkbenchError("ARGUMENT_INVALID", "invalid --returns: no file to hold them (accepted: with --series)");
  }
}
