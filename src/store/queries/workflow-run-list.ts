import type { EpochMs } from "../../engine/units/epoch-ms.js";
import type { RunId, WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { DatabaseSession } from "../database.js";
import { RUN_COLUMNS, type RunRow, type StoredRun, toStoredRun } from "./workflow-runs.js";

const RUNS = `SELECT ${RUN_COLUMNS} FROM workflow_runs r JOIN workflows w ON w.id = r.workflow_id`;

export async function readRuns(session: DatabaseSession, ids: readonly RunId[]): Promise<readonly StoredRun[]> {
  return (await session.query<RunRow>(`${RUNS} WHERE r.id = ANY($1::uuid[]) ORDER BY r.number`, [ids])).map(
    toStoredRun,
  );
}

/** Runs of a workflow before a number, the latest first. */
export async function listRuns(
  session: DatabaseSession,
  workflowId: WorkflowId,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<readonly StoredRun[]> {
  const rows = await session.query<RunRow>(
    `${RUNS} WHERE r.workflow_id = $1 AND ($2::bigint IS NULL OR r.number < $2::bigint) ORDER BY r.number DESC LIMIT $3`,
    [workflowId, before ?? null, limit],
  );
  return rows.map(toStoredRun);
}

/** Of every workflow the run that was created last. */
export async function readLastRuns(session: DatabaseSession): Promise<readonly StoredRun[]> {
  const rows = await session.query<RunRow>(
    `SELECT ${RUN_COLUMNS} FROM workflows w CROSS JOIN LATERAL (
       SELECT * FROM workflow_runs WHERE workflow_id = w.id ORDER BY number DESC LIMIT 1
     ) r WHERE w.archived_at IS NULL`,
  );
  return rows.map(toStoredRun);
}

/** Runs that were created after a number, and those with these ids; the earliest first. */
export async function readRunsSince(
  session: DatabaseSession,
  { after, ids, limit }: { after: number; ids: readonly RunId[]; limit: number },
): Promise<readonly StoredRun[]> {
  const rows = await session.query<RunRow>(
    `${RUNS} WHERE r.number > $1::bigint OR r.id = ANY($2::uuid[]) ORDER BY r.number LIMIT $3`,
    [after, ids, limit],
  );
  return rows.map(toStoredRun);
}

/** Number of the run that was created last; 0 before the first. */
export async function readLastRunNumber(session: DatabaseSession): Promise<number> {
  const [row] = await session.query<{ last: number }>(
    "SELECT coalesce(max(number), 0)::float8 AS last FROM workflow_runs",
  );
  return row!.last;
}

/**
 * Asks for the end of a run. One that no worker began is over at once; the worker of any other finds the wish in the
 * run's row. Undefined for an unknown run; one that has ended stays as it is.
 */
export async function cancelRun(
  session: DatabaseSession,
  runId: RunId,
  { by, nowMs }: { by: string; nowMs: EpochMs },
): Promise<StoredRun | undefined> {
  await session.query(
    `UPDATE workflow_runs
        SET cancelled_by = coalesce(cancelled_by, $2),
            finished_at = CASE WHEN status = 'queued' THEN $3::timestamptz END,
            status = CASE WHEN status = 'queued' THEN 'cancelled' ELSE status END
      WHERE id = $1 AND status IN ('queued', 'running')`,
    [runId, by, new Date(nowMs)],
  );
  return (await readRuns(session, [runId]))[0];
}
