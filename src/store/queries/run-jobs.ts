import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import type { RunId, WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { DatabaseSession, Row } from "../database.js";

/*
 * The table of jobs belongs to pg-boss, whose version is pinned: what its functions do not offer (one job taken out
 * while nobody has it, jobs put back without a failed attempt, a page of jobs) is done here, and nowhere else.
 */

export const RUN_QUEUE = "workflow-runs";
/** Copies of runs that failed for the last time, until a worker has told of them. */
export const DEAD_RUN_QUEUE = "workflow-runs-dead";

/** The schema of the jobs, beside that of the workbench: `quantflow_jobs` next to `public`. */
export async function jobSchema(session: DatabaseSession): Promise<string> {
  const [row] = await session.query<{ schema: string }>("SELECT current_schema() AS schema");
  return row!.schema === "public" ? "quantflow_jobs" : `${row!.schema}_jobs`;
}

/** Takes a job out that no worker has; false when one has it, or there is none. */
export async function deleteIdleJob(session: DatabaseSession, schema: string, runId: string): Promise<boolean> {
  const rows = await session.query(
    `DELETE FROM ${schema}.job WHERE name = $1 AND id = $2::uuid AND state <> 'active' RETURNING id`,
    [RUN_QUEUE, runId],
  );
  return rows.length > 0;
}

/** Puts jobs back as if they had not been taken. */
export async function releaseJobs(
  session: DatabaseSession,
  schema: string,
  runIds: readonly string[],
  { delayMs }: { delayMs: number },
): Promise<void> {
  await session.query(
    `UPDATE ${schema}.job
        SET state = CASE WHEN retry_count > 0 THEN 'retry' ELSE 'created' END::${schema}.job_state,
            retry_count = greatest(retry_count - 1, 0), heartbeat_on = NULL,
            started_on = CASE WHEN retry_count > 0 THEN started_on END,
            start_after = now() + $3 * interval '1 ms'
      WHERE name = $1 AND id = ANY($2::uuid[]) AND state = 'active'`,
    [RUN_QUEUE, [...runIds], delayMs],
  );
}

/** Jobs that a process had which is gone, where only one process can be. Returns how many. */
export async function releaseAllJobs(session: DatabaseSession, schema: string): Promise<number> {
  const rows = await session.query<{ id: string }>(
    `SELECT id FROM ${schema}.job WHERE name = $1 AND state = 'active'`,
    [RUN_QUEUE],
  );
  const runIds = rows.map(({ id }) => id);
  await releaseJobs(session, schema, runIds, { delayMs: 0 });
  return runIds.length;
}

/** Waits for a worker; failed and waits for its next attempt; is at work; failed for the last time. */
export const JOB_STATES = ["waiting", "retrying", "working", "dead"] as const;

export type JobState = (typeof JOB_STATES)[number];

/** A run in the queue, under the run's own id. */
export interface RunJob {
  readonly runId: RunId;
  readonly workflowId: WorkflowId;
  readonly workflowName: string;
  readonly revision: number | undefined;
  readonly triggerKind: string | undefined;
  readonly state: JobState;
  readonly queuedAtMs: EpochMs;
  /** Of the attempt at work. */
  readonly startedAtMs: EpochMs | undefined;
  /** When the next attempt may begin. */
  readonly dueAtMs: EpochMs;
  readonly endedAtMs: EpochMs | undefined;
  /** That failed. */
  readonly failedAttempts: number;
  /** What the last of them failed with. */
  readonly failure: string | undefined;
  /** Nodes that have ended at least once, of those that can run. */
  readonly nodesDone: number;
  readonly nodes: number;
}

/** In the order of the list, which is the latest first. */
export interface JobPosition {
  readonly queuedAtUs: string;
  readonly runId: string;
}

export interface JobPage {
  readonly jobs: readonly (RunJob & { readonly queuedAtUs: string })[];
  readonly counts: Readonly<Record<JobState, number>>;
}

const STATE_OF_JOB = `CASE j.state WHEN 'created' THEN 'waiting' WHEN 'retry' THEN 'retrying' WHEN 'active' THEN 'working'
  WHEN 'failed' THEN 'dead' END`;

/** Jobs in some states, the latest first, and how many there are in each. None where no queue was ever opened. */
export async function readRunJobs(
  session: DatabaseSession,
  schema: string,
  {
    states,
    before,
    runId,
    limit,
  }: {
    readonly states: readonly JobState[];
    readonly before?: JobPosition | undefined;
    readonly runId?: RunId | undefined;
    readonly limit: number;
  },
): Promise<JobPage> {
  const counts = { waiting: 0, retrying: 0, working: 0, dead: 0 };
  const [table] = await session.query<{ exists: boolean }>("SELECT to_regclass($1) IS NOT NULL AS exists", [
    `${schema}.job`,
  ]);
  if (!table!.exists) return { jobs: [], counts };
  const counted = await session.query<{ state: JobState; jobs: string }>(
    `SELECT ${STATE_OF_JOB} AS state, count(*) AS jobs FROM ${schema}.job AS j
      WHERE name = $1 AND j.state IN ('created', 'retry', 'active', 'failed') GROUP BY 1`,
    [RUN_QUEUE],
  );
  for (const { state, jobs } of counted) counts[state] = Number(jobs);
  const rows = await session.query<JobRow>(
    `WITH page AS MATERIALIZED (
       SELECT j.id, j.group_id, ${STATE_OF_JOB} AS state, j.created_on, j.started_on, j.start_after, j.completed_on,
              j.retry_count, j.output, (extract(epoch FROM j.created_on) * 1000000)::bigint AS created_us
         FROM ${schema}.job AS j
        WHERE name = $1 AND ${STATE_OF_JOB} = ANY($2::text[]) AND ($3::uuid IS NULL OR j.id = $3::uuid)
          AND ($4::bigint IS NULL
               OR ((extract(epoch FROM j.created_on) * 1000000)::bigint, j.id) < ($4::bigint, $5::uuid))
        ORDER BY created_us DESC, j.id DESC LIMIT $6
     )
     SELECT page.*, w.name AS workflow_name, r.revision, r.trigger_kind,
            (SELECT count(DISTINCT l.node_id) FROM workflow_execution_logs AS l
              WHERE l.run_id = page.id AND l.kind IN ('step-succeeded', 'step-failed', 'step-pruned')) AS nodes_done,
            (SELECT count(*) FROM json_array_elements(v.definition -> 'nodes') AS node
              WHERE node ->> 'type' NOT IN ('note', 'group')) AS nodes
       FROM page
       LEFT JOIN workflow_runs AS r ON r.id = page.id
       LEFT JOIN workflows AS w ON w.id = page.group_id::uuid
       LEFT JOIN workflow_revisions AS v ON v.workflow_id = r.workflow_id AND v.revision = r.revision
      ORDER BY page.created_us DESC, page.id DESC`,
    [RUN_QUEUE, [...states], runId ?? null, before?.queuedAtUs ?? null, before?.runId ?? null, limit],
  );
  return { jobs: rows.map(toJob), counts };
}

/** Lets a job that waits for its next attempt begin at once. False when it does not wait. */
export async function hurryJob(session: DatabaseSession, schema: string, runId: RunId): Promise<boolean> {
  const rows = await session.query(
    `UPDATE ${schema}.job SET start_after = now() WHERE name = $1 AND id = $2::uuid AND state = 'retry' RETURNING id`,
    [RUN_QUEUE, runId],
  );
  return rows.length > 0;
}

interface JobRow extends Row {
  readonly id: RunId;
  readonly group_id: WorkflowId;
  readonly state: JobState;
  readonly created_on: Date;
  readonly created_us: string;
  readonly started_on: Date | null;
  readonly start_after: Date;
  readonly completed_on: Date | null;
  readonly retry_count: number;
  readonly output: { readonly message?: string; readonly value?: { readonly message?: string } } | null;
  readonly workflow_name: string | null;
  readonly revision: number | null;
  readonly trigger_kind: string | null;
  readonly nodes_done: string;
  readonly nodes: string | null;
}

function toJob(row: JobRow): RunJob & { readonly queuedAtUs: string } {
  const { state, output, retry_count: retries } = row;
  return {
    runId: row.id,
    workflowId: row.group_id,
    workflowName: row.workflow_name ?? "",
    revision: row.revision ?? undefined,
    triggerKind: row.trigger_kind ?? undefined,
    state,
    queuedAtMs: instant(row.created_on),
    queuedAtUs: row.created_us,
    startedAtMs: row.started_on && state === "working" ? instant(row.started_on) : undefined,
    dueAtMs: instant(row.start_after),
    endedAtMs: row.completed_on ? instant(row.completed_on) : undefined,
    // pg-boss counts a retry when it begins.
    failedAttempts: state === "retrying" || state === "dead" ? retries + 1 : retries,
    failure: output?.message ?? output?.value?.message,
    nodesDone: Number(row.nodes_done),
    nodes: Number(row.nodes ?? 0),
  };
}

function instant(date: Date): EpochMs {
  return epochMs(date.getTime());
}
