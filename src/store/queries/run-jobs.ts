import type { DatabaseSession } from "../database.js";

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
