import { type Job, PgBoss } from "pg-boss";
import type { Logger } from "pino";
import { WorkbenchError } from "../../../engine/errors.js";
import type { RunId, WorkflowId } from "../../../engine/workflow/workflow-ids.js";
import type { Database } from "../../../store/database.js";
import {
  DEAD_RUN_QUEUE,
  deleteIdleJob,
  jobSchema,
  RUN_QUEUE,
  releaseAllJobs,
  releaseJobs,
} from "../../../store/queries/run-jobs.js";
import type { QueuedRun, RunQueue, RunWorker, RunWorkerOptions } from "../run-queue.js";
import { pgBossDatabase } from "./pg-boss-database.js";
import { DEFAULT_RUN_QUEUE_TIMING, type FailedRun, type RunJobs, type RunQueueTiming } from "./run-jobs.js";
import { type ExecuteRun, RunQueueWorker } from "./run-queue-worker.js";

/** How often jobs of dead workers are looked for, and dead runs told of, in s. */
const SUPERVISE_SECONDS = 5;
/** A run waits for a worker as long as it takes, and a dead one to be looked at. */
const RETENTION_SECONDS = 10 * 365 * 86_400;
const DEAD_RETENTION_SECONDS = 90 * 86_400;
/** Longest that pg-boss lets a job be at work; runs have deadlines of their own, workers leases. */
const EXPIRE_SECONDS = 86_399;
const DEAD_BATCH = 100;

export interface PgBossRunQueueOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Told once or more of a run that failed for the last time, in a process that works. */
  readonly onDead?: (run: QueuedRun, message: string) => Promise<void>;
  readonly timing?: Partial<RunQueueTiming>;
}

/**
 * Opens the queue on PostgreSQL or the embedded database, in a schema of its own. On the embedded one, which one
 * process has, runs that a killed process had are free again at once.
 * @throws DATABASE_UNREACHABLE, DATABASE_QUERY_FAILED
 */
export async function openPgBossRunQueue(options: PgBossRunQueueOptions): Promise<RunQueue> {
  const { database, logger } = options;
  const timing = { ...DEFAULT_RUN_QUEUE_TIMING, ...options.timing };
  const schema = await jobSchema(database);
  const boss = new PgBoss({
    db: pgBossDatabase(database),
    backend: database.kind === "embedded" ? "pglite" : "postgres",
    schema,
    schedule: false,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    // Without dependencies between jobs there is nothing to resolve.
    flowIntervalSeconds: 3_600,
  });
  boss.on("error", (error) => logger.warn({ err: error }, "the job queue reports a failure"));
  boss.on("warning", (warning) => logger.warn({ warning }, "the job queue warns"));
  await boss.start();
  try {
    const settings = {
      retryLimit: timing.retries,
      retryDelay: timing.retryDelaySeconds,
      retryDelayMax: timing.retryDelayMaxSeconds,
      retryBackoff: true,
      expireInSeconds: EXPIRE_SECONDS,
      heartbeatSeconds: timing.leaseSeconds,
      retentionSeconds: RETENTION_SECONDS,
      deleteAfterSeconds: DEAD_RETENTION_SECONDS,
      deadLetter: DEAD_RUN_QUEUE,
    };
    await boss.createQueue(DEAD_RUN_QUEUE, { retentionSeconds: RETENTION_SECONDS });
    await boss.createQueue(RUN_QUEUE, { ...settings, partition: true });
    await boss.updateQueue(RUN_QUEUE, settings);
    if (database.kind === "embedded") await releaseAllJobs(database, schema);
    return new PgBossRunQueue(boss, schema, { ...options, timing });
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
}

class PgBossRunQueue implements RunQueue {
  readonly #boss: PgBoss;
  readonly #schema: string;
  readonly #options: PgBossRunQueueOptions & { readonly timing: RunQueueTiming };
  readonly #jobs: RunJobs;
  readonly #workers = new Set<RunQueueWorker>();
  #deadTimer: NodeJS.Timeout | undefined;

  constructor(boss: PgBoss, schema: string, options: PgBossRunQueueOptions & { readonly timing: RunQueueTiming }) {
    this.#boss = boss;
    this.#schema = schema;
    this.#options = options;
    this.#jobs = new PgBossJobs(boss, schema, options.database);
  }

  async enqueue(runs: readonly QueuedRun[]): Promise<void> {
    if (runs.length === 0) return;
    const byId = new Map(runs.map((run) => [run.runId, run]));
    await this.#boss.insert(
      RUN_QUEUE,
      [...byId.values()].map(({ runId, workflowId }) => ({ id: runId, group: { id: workflowId } })),
    );
    for (const worker of this.#workers) worker.wake();
  }

  async work(execute: ExecuteRun, options: RunWorkerOptions): Promise<RunWorker> {
    const { timing, logger } = this.#options;
    if (!(options.parallelRuns >= 1 && options.parallelRunsPerWorkflow >= 1)) {
      throw new WorkbenchError(
        "ARGUMENT_INVALID",
        `invalid places of a worker: ${options.parallelRuns}, ${options.parallelRunsPerWorkflow} per workflow (accepted: at least 1)`,
      );
    }
    const worker = new RunQueueWorker(this.#jobs, execute, { ...options, timing, logger });
    this.#workers.add(worker);
    this.#deadTimer ??= setInterval(() => this.#tellOfDead(), SUPERVISE_SECONDS * 1_000);
    return {
      stop: async () => {
        this.#workers.delete(worker);
        await worker.stop();
      },
    };
  }

  async withdraw(runId: RunId): Promise<boolean> {
    for (const worker of this.#workers) if (await worker.withdraw(runId)) return true;
    return deleteIdleJob(this.#options.database, this.#schema, runId);
  }

  async close(): Promise<void> {
    clearInterval(this.#deadTimer);
    await Promise.all([...this.#workers].map((worker) => worker.stop()));
    this.#workers.clear();
    await this.#boss.stop({ graceful: false });
  }

  async #tellOfDead(): Promise<void> {
    const { onDead = async () => {}, logger } = this.#options;
    try {
      const letters = await this.#boss.fetch(DEAD_RUN_QUEUE, { batchSize: DEAD_BATCH, includeMetadata: true });
      for (const letter of letters) {
        await onDead(
          { runId: letter.sourceId as RunId, workflowId: letter.groupId as WorkflowId },
          messageOf(letter.output),
        );
        await this.#boss.deleteJob(DEAD_RUN_QUEUE, letter.id);
      }
    } catch (error) {
      logger.warn({ err: error }, "nobody was told of runs that failed for the last time");
    }
  }
}

class PgBossJobs implements RunJobs {
  readonly #boss: PgBoss;
  readonly #schema: string;
  readonly #database: Database;

  constructor(boss: PgBoss, schema: string, database: Database) {
    this.#boss = boss;
    this.#schema = schema;
    this.#database = database;
  }

  async take(limit: number, leavingOut: readonly WorkflowId[]): Promise<readonly QueuedRun[]> {
    const jobs: Job[] = await this.#boss.fetch(RUN_QUEUE, { batchSize: limit, ignoreGroups: [...leavingOut] });
    return jobs.map(({ id, groupId }) => ({ runId: id as RunId, workflowId: groupId as WorkflowId }));
  }

  /** The run itself is kept elsewhere: its job can go. */
  async done(runIds: readonly RunId[]): Promise<void> {
    await this.#boss.deleteJob(RUN_QUEUE, [...runIds]);
  }

  async failed(failures: readonly FailedRun[]): Promise<void> {
    for (const { runId, message } of failures) await this.#boss.fail(RUN_QUEUE, runId, { message });
  }

  giveBack(runIds: readonly RunId[], options: { readonly delayMs: number }): Promise<void> {
    return releaseJobs(this.#database, this.#schema, runIds, options);
  }

  async keep(runIds: readonly RunId[]): Promise<void> {
    await this.#boss.touch(RUN_QUEUE, [...runIds]);
  }
}

/** pg-boss keeps what a job failed with, its own words in `value`. */
function messageOf(output: unknown): string {
  const { message, value } = (output ?? {}) as { message?: unknown; value?: { message?: unknown } };
  return String(message ?? value?.message ?? "no reason was given");
}
