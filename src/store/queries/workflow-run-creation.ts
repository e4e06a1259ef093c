import { WorkbenchError } from "../../engine/errors.js";
import type { RunId, WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { Database, DatabaseSession } from "../database.js";
import type { NewRun, RunCreation } from "./workflow-runs.js";

/**
 * Creates runs, each or none, and tells in their order what became of them. An occurrence that has a run gets no second
 * one, however many processes ask. Runs that exclude one another, and reruns, are created under a lock of their
 * workflow, so that their numbers are the order in which they become visible.
 */
export async function insertRuns(database: Database, runs: readonly NewRun[]): Promise<readonly RunCreation[]> {
  const locked = runs.filter(needsLock);
  if (locked.length === 0)
    return insertWithNumbers(
      database,
      runs,
      runs.map(() => 0),
    );
  return database.transaction(async (session) => {
    const ids = [...new Set(locked.map(({ workflowId }) => workflowId))].sort();
    await session.query(
      "SELECT id FROM workflows WHERE id = ANY($1::uuid[]) AND archived_at IS NULL ORDER BY id FOR NO KEY UPDATE",
      [ids],
    );
    const known = await existingRuns(session, locked);
    const busy = await exclusiveRuns(session, ids);
    const answers = runs.map((run): RunCreation | undefined => {
      if (!needsLock(run)) return undefined;
      const same = run.rerun === undefined ? known.get(occurrence(run)) : undefined;
      if (same) return { kind: "repeated", runId: same.id };
      const because = busy.get(run.workflowId);
      if (run.concurrency === "skip" && run.rerun === undefined && because) return { kind: "skipped", because };
      if (because === undefined) busy.set(run.workflowId, run.id);
      if (run.rerun === undefined) known.set(occurrence(run), { id: run.id, reruns: 0 });
      return undefined;
    });
    const wanted = runs.filter((_, i) => answers[i] === undefined);
    const numbers = wanted.map((run) => {
      if (run.rerun === undefined) return 0;
      const earlier = known.get(occurrence(run)) ?? { id: run.id, reruns: 0 };
      known.set(occurrence(run), { ...earlier, reruns: earlier.reruns + 1 });
      return earlier.reruns + 1;
    });
    const created = (await insertWithNumbers(session, wanted, numbers)).values();
    return answers.map((answer) => answer ?? created.next().value!);
  });
}

function needsLock({ concurrency, rerun }: NewRun): boolean {
  return concurrency !== "parallel" || rerun !== undefined;
}

function occurrence({ workflowId, trigger }: Pick<NewRun, "workflowId" | "trigger">): string {
  return `${workflowId} ${trigger.instance}`;
}

/** The first run of each occurrence, and how many reruns it has. */
async function existingRuns(session: DatabaseSession, runs: readonly NewRun[]) {
  const rows = await session.query<{ workflow_id: string; trigger_instance: string; id: RunId; reruns: number }>(
    `SELECT r.workflow_id, r.trigger_instance, max(r.id::text) FILTER (WHERE r.rerun = 0) AS id,
            max(r.rerun)::int AS reruns
       FROM workflow_runs r
       JOIN (SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[]) AS o(workflow_id, trigger_instance)) asked
         ON asked.workflow_id = r.workflow_id AND asked.trigger_instance = r.trigger_instance
      GROUP BY r.workflow_id, r.trigger_instance`,
    [runs.map(({ workflowId }) => workflowId), runs.map(({ trigger }) => trigger.instance)],
  );
  return new Map(
    rows.map(({ workflow_id, trigger_instance, id, reruns }) => [`${workflow_id} ${trigger_instance}`, { id, reruns }]),
  );
}

/** The first unfinished exclusive run of each workflow. */
async function exclusiveRuns(session: DatabaseSession, ids: readonly string[]): Promise<Map<WorkflowId, RunId>> {
  const rows = await session.query<{ workflow_id: WorkflowId; id: RunId }>(
    `SELECT DISTINCT ON (workflow_id) workflow_id, id FROM workflow_runs
      WHERE workflow_id = ANY($1::uuid[]) AND exclusive AND status IN ('queued', 'running')
      ORDER BY workflow_id, number`,
    [ids],
  );
  return new Map(rows.map(({ workflow_id, id }) => [workflow_id, id]));
}

/** The lock of the workflow's row keeps a run from being created in one that is being deleted. */
async function insertWithNumbers(
  session: DatabaseSession,
  runs: readonly NewRun[],
  reruns: readonly number[],
): Promise<readonly RunCreation[]> {
  if (runs.length === 0) return [];
  const rows = await session.query<{ asked: RunId; id: RunId | null; isNew: boolean }>(
    `WITH asked AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
         $8::int[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::bigint[], $15::text[],
         $16::int[], $17::timestamptz[])
       WITH ORDINALITY AS t(id, workflow_id, revision, trigger_kind, trigger_instance, fired_at, payload, rerun,
         rerun_of, rerun_from, effect_scope, mode, as_of, seed, principal, exclusive, created_at, place)
     ), present AS (
       SELECT id FROM workflows WHERE id IN (SELECT workflow_id FROM asked) AND archived_at IS NULL FOR KEY SHARE
     ), created AS (
       INSERT INTO workflow_runs (id, workflow_id, revision, trigger_kind, trigger_instance, fired_at, payload, rerun,
         rerun_of, rerun_from, effect_scope, mode, as_of, seed, principal, exclusive, created_at, status)
       SELECT a.id, workflow_id, revision, trigger_kind, trigger_instance, fired_at, payload::json, rerun, rerun_of,
              rerun_from, effect_scope, mode, as_of, seed, principal, exclusive = 1, created_at, 'queued'
         FROM asked a JOIN present p ON p.id = a.workflow_id ORDER BY place
       ON CONFLICT (workflow_id, trigger_instance, rerun) DO NOTHING
       RETURNING id
     )
     SELECT a.id AS asked, p.id IS NOT NULL AND c.id IS NOT NULL AS "isNew", p.id
       FROM asked a LEFT JOIN present p ON p.id = a.workflow_id LEFT JOIN created c ON c.id = a.id ORDER BY place`,
    [
      runs.map(({ id }) => id),
      runs.map(({ workflowId }) => workflowId),
      runs.map(({ revision }) => revision),
      runs.map(({ trigger }) => trigger.kind),
      runs.map(({ trigger }) => trigger.instance),
      runs.map(({ trigger }) => new Date(trigger.firedAtMs).toISOString()),
      runs.map(({ trigger }) => JSON.stringify(trigger.payload)),
      reruns,
      nullable(runs.map(({ rerun }) => rerun?.of)),
      nullable(runs.map(({ rerun }) => rerun && JSON.stringify(rerun.from))),
      runs.map(({ effectScope }) => effectScope),
      runs.map(({ mode }) => mode),
      runs.map(({ asOfMs }) => new Date(asOfMs).toISOString()),
      runs.map(({ seed }) => seed),
      runs.map(({ principal }) => principal),
      runs.map(({ concurrency }) => (concurrency === "parallel" ? 0 : 1)),
      runs.map(({ createdAtMs }) => new Date(createdAtMs).toISOString()),
    ],
  );
  const isPresent = new Map(rows.map(({ asked, id }) => [asked, id !== null]));
  const isNew = new Set(rows.filter((row) => row.isNew).map(({ asked }) => asked));
  const known = isNew.size === runs.length ? new Map() : await existingRuns(session, runs);
  return runs.map((run): RunCreation => {
    if (isNew.has(run.id)) return { kind: "created", runId: run.id };
    if (!isPresent.get(run.id)) return { kind: "unknown-workflow" };
    const runId = known.get(occurrence(run))?.id;
    if (runId !== undefined) return { kind: "repeated", runId };
    throw new WorkbenchError("INTERNAL", `run ${run.id} was neither created nor found`);
  });
}

/** Both drivers take nulls within arrays of texts. */
function nullable(values: readonly (string | undefined)[]): readonly string[] {
  return values.map((value) => value ?? null) as unknown as readonly string[];
}
