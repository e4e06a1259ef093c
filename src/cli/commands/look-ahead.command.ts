import type { Command } from "commander";
import { parseInteger } from "../arguments.js";
import type { CommandContext } from "../command-context.js";
import { EXIT } from "../exit-codes.js";
import { collectKnownAt } from "../look-ahead/column-roles.js";
import { readFeatureFile } from "../look-ahead/feature-file.js";
import { lookAheadReport } from "../look-ahead/look-ahead-report.js";
import { lookAheadText } from "../look-ahead/look-ahead-text.js";
import { writeJson } from "../output.js";

interface LookAheadFlags {
  readonly target: string;
  readonly time?: string;
  readonly knownAt?: ReadonlyMap<string, string>;
  readonly maxShift: number;
  readonly json: boolean;
}

const DEFAULT_MAX_SHIFT = 5;
const LARGEST_SHIFT = 1000;

export function addLookAheadCommand(program: Command, context: CommandContext): void {
  program
    .command("look-ahead")
    .description("find the columns of a table of features that tell the future")
    .argument("<file>", "CSV with a header, gzipped or not; - for standard input")
    .requiredOption("--target <column>", "what is to be forecast")
    .option("--time <column>", "when the row's forecast is made (default: a column time, if there is one)")
    .option(
      "--known-at <feature=column>",
      "the column with the times at which the feature's values were known; may be repeated",
      collectKnownAt,
    )
    .option(
      "--max-shift <n>",
      "look for the target of the same row and so many later ones",
      parseInteger({ min: 0, max: LARGEST_SHIFT }),
      DEFAULT_MAX_SHIFT,
    )
    .option("--json", "print {target, rows, columns, maxShift, leaks, notCompared} as JSON", false)
    .addHelpText(
      "after",
      `
Every column that is not the target or a time is a feature. It leaks when it equals the target of its row or of a later
one in every row that has both, or correlates with it (values or ranks, and their changes too) by 0.999 or more.

--known-at close=published says: the value of close in a row was known from the time in column published of that row on.
It leaks where that is after the row's own time; at the same time is no leak. A value whose known time is empty leaks
too, an empty value never does. A date without a time is the start of that day in Asia/Ho_Chi_Minh, so what is known at
15:00 comes after a row with that date. Without --known-at nothing is assumed about when a column was known.

Exit code 0 when no leak was found, 4 when one was. What is not found is not proven honest.

Examples:
  quantflow look-ahead features.csv --target ret_next
  quantflow look-ahead features.csv --target y --time decided --known-at eps=published --json`,
    )
    .action((file: string, flags: LookAheadFlags) => lookAhead(context, file, flags));
}

async function lookAhead(
  { stdout, signal }: CommandContext,
  path: string,
  { target, time, knownAt = new Map(), maxShift, json }: LookAheadFlags,
): Promise<void> {
  const file = await readFeatureFile(path, { target, time, knownAt }, signal);
  const report = lookAheadReport(file, { target, maxShift });
  if (json) await writeJson(stdout, report);
  else stdout.write(lookAheadText(report));
  if (report.leaks.length > 0) process.exitCode = EXIT.found;
}
