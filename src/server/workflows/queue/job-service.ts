import type {
  JobCancelAnswer,
  JobRetryAnswer,
  JobsAnswer,
  JobsQuery,
  RunJobMessage,
} from "../../../contracts/jobs-api.js";
import { WorkbenchError } from "../../../engine/errors.js";
import type { RunId } from "../../../engine/workflow/workflow-ids.js";
import type { Database } from "../../../store/database.js";
import {
  deleteIdleJob,
  hurryJob,
  JOB_STATES,
  jobSchema,
  type RunJob,
  readRunJobs,
} from "../../../store/queries/run-jobs.js";
import type { DispatchOutcome } from "../trigger-dispatcher.js";

export interface JobServiceOptions {
  readonly database: Database;
  /** Repeats a run that has ended from what failed. @throws WORKFLOW_RUNNING while it has not */
  readonly rerun: (runId: RunId) => Promise<DispatchOutcome>;
  /** Asks a run to end, and takes it out of the queue. @throws NOT_FOUND */
  readonly cancel: (runId: RunId) => Promise<{ readonly status: string }>;
}

/** The queue as people see it. */
export class JobService {
  readonly #options: JobServiceOptions;
  #schema: Promise<string> | undefined;

  constructor(options: JobServiceOptions) {
    this.#options = options;
  }

  /** The latest first. */
  async list({ state, cursor, limit }: JobsQuery): Promise<JobsAnswer> {
    const [queuedAtUs, runId] = cursor?.split("_") ?? [];
    const { jobs, counts } = await readRunJobs(this.#options.database, await this.#schemaName(), {
      states: state ? [state] : JOB_STATES,
      before: queuedAtUs && runId ? { queuedAtUs, runId } : undefined,
      limit: limit + 1,
    });
    const page = jobs.slice(0, limit);
    const last = jobs.length > limit ? page.at(-1) : undefined;
    return { jobs: page.map(jobMessage), counts, nextCursor: last ? `${last.queuedAtUs}_${last.runId}` : null };
  }

  /**
   * Lets the next attempt of a run begin at once, or repeats a dead one from what failed.
   * @throws NOT_FOUND, ARGUMENT_INVALID for a run that has not failed, WORKFLOW_RUNNING
   */
  async retry(runId: RunId): Promise<JobRetryAnswer> {
    const { database, rerun } = this.#options;
    const { state } = await this.#job(runId);
    const schema = await this.#schemaName();
    if (state === "retrying" && (await hurryJob(database, schema, runId))) return { runId, outcome: "hurried" };
    if (state !== "dead") {
      throw new WorkbenchError(
        "ARGUMENT_INVALID",
        `run ${runId} is ${state}: only one that failed can be tried again (accepted: retrying or dead)`,
        { details: { state } },
      );
    }
    const outcome = await rerun(runId);
    await deleteIdleJob(database, schema, runId);
    return { runId: outcome.kind === "skipped" ? outcome.because : outcome.runId, outcome: outcome.kind };
  }

  /** Ends a run wherever it is, and forgets a dead one. @throws NOT_FOUND */
  async cancel(runId: RunId): Promise<JobCancelAnswer> {
    const { database, cancel } = this.#options;
    await this.#job(runId);
    const { status } = await cancel(runId);
    await deleteIdleJob(database, await this.#schemaName(), runId);
    return { runId, status };
  }

  async #job(runId: RunId): Promise<RunJob> {
    const found = await readRunJobs(this.#options.database, await this.#schemaName(), {
      states: JOB_STATES,
      runId,
      limit: 1,
    });
    const job = found.jobs[0];
    if (!job) throw new WorkbenchError("NOT_FOUND", `run ${runId} is not in the queue: it has ended, or never was`);
    return job;
  }

  #schemaName(): Promise<string> {
    this.#schema ??= jobSchema(this.#options.database).catch((error: unknown) => {
      this.#schema = undefined;
      throw error;
    });
    return this.#schema;
  }
}

function jobMessage(job: RunJob): RunJobMessage {
  const isDue = job.state === "retrying" || job.state === "waiting";
  return {
    id: job.runId,
    workflowId: job.workflowId,
    workflowName: job.workflowName,
    revision: job.revision ?? null,
    trigger: (job.triggerKind ?? null) as RunJobMessage["trigger"],
    state: job.state,
    queuedAtMs: job.queuedAtMs,
    startedAtMs: job.startedAtMs ?? null,
    dueAtMs: isDue ? job.dueAtMs : null,
    endedAtMs: job.endedAtMs ?? null,
    failedAttempts: job.failedAttempts,
    failure: job.failure ?? null,
    progress: { done: job.nodesDone, nodes: job.nodes },
  };
}
