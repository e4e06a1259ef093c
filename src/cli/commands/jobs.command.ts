import { type Command, InvalidArgumentError, Option } from "commander";
import { JOBS_LIMIT, RUN_JOB_STATES, type RunJobMessage } from "../../contracts/jobs-api.js";
import { runIdSchema } from "../../contracts/workflow-api.js";
import type { RunId } from "../../engine/workflow/workflow-ids.js";
import { openJobService } from "../../server/workflows/queue/open-job-service.js";
import { parseInteger } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { textTable, writeJson } from "../output.js";

interface ListFlags {
  readonly state?: (typeof RUN_JOB_STATES)[number];
  readonly limit: number;
  readonly json: boolean;
}

export function addJobsCommand(program: Command, context: CommandContext): void {
  const jobs = program.command("jobs").description("runs of workflows in the queue");
  jobs
    .command("list")
    .description("list runs that wait, are at work, or failed")
    .addOption(new Option("--state <state>", "only those in one state").choices(RUN_JOB_STATES))
    .option("--limit <n>", "at most so many", parseInteger({ min: 1, max: JOBS_LIMIT.most }), JOBS_LIMIT.default)
    .option("--json", "print {jobs, counts, nextCursor} as JSON", false)
    .addHelpText("after", "\nExamples:\n  quantflow jobs list\n  quantflow jobs list --state dead --json")
    .action((flags: ListFlags) => list(context, flags));
  jobs
    .command("retry")
    .description("try a run again that failed")
    .argument("<run>", "id of the run", parseRunId)
    .option("--json", "print {runId, outcome} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow jobs retry 7f0c3c1e-4f44-4b57-9d0c-0a5b7f1f7c11")
    .action(async (runId: RunId, { json }: { json: boolean }) => {
      const answer = await withDatabase(context, "jobs retry", (database) => openJobService(database).retry(runId));
      if (json) await writeJson(context.stdout, answer);
      else context.stdout.write(`${answer.outcome}: run ${answer.runId}\n`);
    });
  jobs
    .command("cancel")
    .description("end a run that waits, is at work, or failed")
    .argument("<run>", "id of the run", parseRunId)
    .option("--json", "print {runId, status} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow jobs cancel 7f0c3c1e-4f44-4b57-9d0c-0a5b7f1f7c11")
    .action(async (runId: RunId, { json }: { json: boolean }) => {
      const answer = await withDatabase(context, "jobs cancel", (database) => openJobService(database).cancel(runId));
      if (json) await writeJson(context.stdout, answer);
      else context.stdout.write(`${answer.status}: run ${answer.runId}\n`);
    });
}

async function list(context: CommandContext, { state, limit, json }: ListFlags): Promise<void> {
  const answer = await withDatabase(context, "jobs list", (database) =>
    openJobService(database).list({ state, limit }),
  );
  if (json) {
    await writeJson(context.stdout, answer);
    return;
  }
  const { waiting, retrying, working, dead } = answer.counts;
  context.stdout.write(`${waiting} waiting, ${retrying} to be retried, ${working} at work, ${dead} dead\n`);
  if (answer.jobs.length > 0) {
    context.stdout.write(
      textTable(["run", "workflow", "state", "queued", "nodes", "failed", "failure"], answer.jobs.map(row)),
    );
  }
}

function row({ id, workflowName, state, queuedAtMs, progress, failedAttempts, failure }: RunJobMessage) {
  const queued = new Date(queuedAtMs).toISOString();
  return [id, workflowName, state, queued, `${progress.done}/${progress.nodes}`, failedAttempts, failure ?? ""];
}

function parseRunId(text: string): RunId {
  const parsed = runIdSchema.safeParse(text);
  if (parsed.success) return parsed.data as RunId;
  throw new InvalidArgumentError(`invalid run: ${text} (accepted: the id of a run, a UUID)`);
}
