import { Command, CommanderError } from "commander";
import { isWorkbenchError } from "../engine/errors.js";
import { type CommandContext, processContext } from "./command-context.js";
import { addBuildCommand } from "./commands/build.command.js";
import { addCandlesCommand } from "./commands/candles.command.js";
import { addCorrelateCommand } from "./commands/correlate.command.js";
import { addDemoCommand } from "./commands/demo.command.js";
import { addDevCommand } from "./commands/dev.command.js";
import { addDoctorCommand } from "./commands/doctor.command.js";
import { addFeedCommand } from "./commands/feed.command.js";
import { addImportCommand } from "./commands/import.command.js";
import { addJobsCommand } from "./commands/jobs.command.js";
import { addLeadLagCommand } from "./commands/lead-lag.command.js";
import { addLookAheadCommand } from "./commands/look-ahead.command.js";
import { addMigrateCommand } from "./commands/migrate.command.js";
import { addQualityCommand } from "./commands/quality.command.js";
import { addScreenCommand } from "./commands/screen.command.js";
import { addStartCommand } from "./commands/start.command.js";
import { addStudyCommand } from "./commands/study.command.js";
import { addSymbolsCommand } from "./commands/symbols.command.js";
import { addValueChainCommand } from "./commands/value-chain.command.js";
import { addWorkflowCommand } from "./commands/workflow.command.js";
import { EXIT, exitCodeOf } from "./exit-codes.js";

const COMMANDS = [
  addStartCommand,
  addDevCommand,
  addBuildCommand,
  addImportCommand,
  addDemoCommand,
  addQualityCommand,
  addSymbolsCommand,
  addCandlesCommand,
  addCorrelateCommand,
  addLeadLagCommand,
  addScreenCommand,
  addLookAheadCommand,
  addStudyCommand,
  addValueChainCommand,
  addWorkflowCommand,
  addJobsCommand,
  addFeedCommand,
  addDoctorCommand,
  addMigrateCommand,
];

/** Runs the command line of this process; sets its exit code instead of exiting, so that output is written to its end. */
export async function runCli(commandLine: readonly string[]): Promise<void> {
  const interruption = new AbortController();
  // A reader that has seen enough, such as head, closes the pipe: no failure of the command.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      interruption.abort();
    });
  }
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    await runCommandLine(processContext(interruption.signal), commandLine);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** Runs one command line and reports its failure; `process.exitCode` says how it ended. */
export async function runCommandLine(context: CommandContext, commandLine: readonly string[]): Promise<void> {
  try {
    await buildProgram(context).parseAsync([...commandLine], { from: "user" });
  } catch (error) {
    process.exitCode = reportFailure(context, error);
  }
}

export function buildProgram(context: CommandContext): Command {
  const program = new Command("quantflow")
    .description("A research workbench for equities, commodities and their value chains.")
    .version(context.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, "ARGUMENT_INVALID: ")),
    })
    .addHelpText(
      "after",
      `
Data lives in .quantflow of the project, or in QUANTFLOW_HOME; with DATABASE_URL, on that PostgreSQL server.
While the workbench runs, every command works on its data.

Exit codes: 0 done, 1 the work failed, 2 the command line is wrong, 3 the surroundings are (database, port, folder,
configuration), 4 a look-ahead or missing ticks were found, 130 interrupted. Errors begin with a stable code; docs/errors.md explains each.`,
    );
  for (const addCommand of COMMANDS) addCommand(program, context);
  // Subcommands made before exitOverride was set inherit nothing: set it on each.
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride();
  }
  return program;
}

function reportFailure({ stderr, environment }: CommandContext, error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (isWorkbenchError(error)) {
    stderr.write(`${error.code}: ${error.message}\n`);
    if (environment.QUANTFLOW_DEBUG) stderr.write(`${error.stack}\n${String(error.cause ?? "")}\n`);
    return exitCodeOf(error.code);
  }
  if ((error as NodeJS.ErrnoException).code === "EPIPE") return EXIT.done;
  stderr.write(`INTERNAL: ${(error as Error).stack ?? String(error)}\n`);
  return EXIT.failed;
}
