import type { EpochMs } from "../../engine/units/epoch-ms.js";
import type { JsonValue } from "../../engine/workflow/json-value.js";
import type { RunId, WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { DatabaseSession, Row } from "../database.js";
import { RUN_COLUMNS, type RunLease, type RunRow, type StoredRun, toStoredRun } from "./workflow-runs.js";

/** What runs of a workflow left for the next. */
export interface StoredStates {
  readonly variables: Readonly<Record<string, JsonValue>>;
  /** By step name. */
  readonly nodeStates: Readonly<Record<string, JsonValue>>;
}

export type RunClaim =
  | {
      readonly kind: "claimed";
      readonly run: StoredRun;
      readonly lease: RunLease;
      /** Whether the revision is still stored. */
      readonly hasRevision: boolean;
      readonly states: StoredStates;
    }
  /** Another worker has it, for so long unless it says more. */
  | { readonly kind: "held"; readonly forMs: number }
  /** An earlier run of its workflow has not ended. */
  | { readonly kind: "waiting" }
  | { readonly kind: "ended" }
  | { readonly kind: "unknown" };

export interface ClaimOptions {
  readonly holder: string;
  readonly leaseMs: number;
  readonly nowMs: EpochMs;
}

/** `o` before `r`, where runs of a workflow exclude one another. */
const BEHIND_ANOTHER = `r.exclusive AND EXISTS (
  SELECT 1 FROM workflow_runs o WHERE o.workflow_id = r.workflow_id AND o.exclusive AND o.number < r.number
     AND o.status IN ('queued', 'running'))`;
const IS_FREE = `r.status IN ('queued', 'running') AND (r.lease_until IS NULL OR r.lease_until < clock_timestamp())`;

/**
 * Takes runs that nobody has and whose turn it is, and tells in their order what became of each. Leases are measured on
 * the database's clock, so that a clock that jumps on one machine takes nothing from another.
 */
export async function claimRuns(
  session: DatabaseSession,
  runIds: readonly RunId[],
  { holder, leaseMs, nowMs }: ClaimOptions,
): Promise<readonly RunClaim[]> {
  const taken = await session.query<RunRow & { fence: number; hasRevision: boolean; states: string | null }>(
    `UPDATE workflow_runs r
        SET status = 'running', fence = fence + 1, lease_holder = $2, started_at = coalesce(started_at, $4::timestamptz),
            lease_until = clock_timestamp() + $3::float8 * interval '1 millisecond'
       FROM workflows w
      WHERE r.id = ANY($1::uuid[]) AND w.id = r.workflow_id AND ${IS_FREE} AND NOT (${BEHIND_ANOTHER})
      RETURNING ${RUN_COLUMNS}, r.fence,
        EXISTS (SELECT 1 FROM workflow_revisions v WHERE v.workflow_id = r.workflow_id AND v.revision = r.revision)
          AS "hasRevision",
        (SELECT json_agg(json_build_array(s.kind, s.name, s.value))::text
           FROM workflow_states s WHERE s.workflow_id = r.workflow_id) AS states`,
    [runIds, holder, leaseMs, new Date(nowMs)],
  );
  const claims = new Map<RunId, RunClaim>();
  for (const { fence, hasRevision, states, ...row } of taken) {
    const lease = { runId: row.id, fence };
    claims.set(row.id, {
      kind: "claimed",
      run: toStoredRun(row as RunRow),
      lease,
      hasRevision,
      states: toStates(states),
    });
  }
  const missing = runIds.filter((id) => !claims.has(id));
  const reasons = missing.length === 0 ? new Map<RunId, RunClaim>() : await whyNot(session, missing);
  return runIds.map((id) => {
    const claim = claims.get(id) ?? reasons.get(id) ?? { kind: "unknown" };
    // Asked for twice at once, it is given once.
    if (claim.kind === "claimed") claims.set(id, { kind: "held", forMs: leaseMs });
    return claim;
  });
}

async function whyNot(session: DatabaseSession, ids: readonly RunId[]): Promise<Map<RunId, RunClaim>> {
  const rows = await session.query<{ id: RunId; ended: boolean; forMs: number | null; behind: boolean }>(
    `SELECT r.id, r.status NOT IN ('queued', 'running') AS ended, ${BEHIND_ANOTHER} AS behind,
            (extract(epoch FROM r.lease_until - clock_timestamp()) * 1000)::float8 AS "forMs"
       FROM workflow_runs r WHERE r.id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(
    rows.map(({ id, ended, forMs, behind }): [RunId, RunClaim] => {
      if (ended) return [id, { kind: "ended" }];
      if (behind) return [id, { kind: "waiting" }];
      return [id, { kind: "held", forMs: Math.max(0, forMs ?? 0) }];
    }),
  );
}

/** What a worker has to know of a run that it has. */
export interface LeaseNews {
  readonly runId: RunId;
  /** False when another worker took it, or it ended. */
  readonly isHeld: boolean;
  readonly cancelledBy: string | undefined;
}

/** Looks at runs, and holds them for `leaseMs` more where that is given. */
export async function readLeases(
  session: DatabaseSession,
  leases: readonly RunLease[],
  leaseMs?: number,
): Promise<readonly LeaseNews[]> {
  const ids = leases.map(({ runId }) => runId);
  const fences = leases.map(({ fence }) => fence);
  const held = "r.fence = l.fence AND r.status = 'running'";
  const given = "unnest($1::uuid[], $2::int[]) AS l(id, fence)";
  if (leaseMs !== undefined) {
    await session.query(
      `UPDATE workflow_runs r SET lease_until = clock_timestamp() + $3::float8 * interval '1 millisecond'
         FROM ${given} WHERE r.id = l.id AND ${held}`,
      [ids, fences, leaseMs],
    );
  }
  const rows = await session.query<{ id: RunId; held: boolean; cancelled_by: string | null }>(
    `SELECT r.id, ${held} AS held, r.cancelled_by FROM workflow_runs r JOIN ${given} ON r.id = l.id`,
    [ids, fences],
  );
  return rows.map(({ id, held, cancelled_by }) => ({
    runId: id,
    isHeld: held,
    cancelledBy: cancelled_by ?? undefined,
  }));
}

/** Gives a run back, so that another worker need not wait for the end of the lease. */
export async function releaseLease(session: DatabaseSession, { runId, fence }: RunLease): Promise<void> {
  await session.query(
    "UPDATE workflow_runs SET lease_until = NULL, lease_holder = NULL WHERE id = $1 AND fence = $2 AND status = 'running'",
    [runId, fence],
  );
}

/** For the owner of the embedded database, which is the only process there is: whoever had a lease is dead. */
export async function releaseAllLeases(session: DatabaseSession): Promise<void> {
  await session.query(
    "UPDATE workflow_runs SET lease_until = NULL, lease_holder = NULL WHERE status = 'running' AND lease_until IS NOT NULL",
  );
}

export interface FreeRun extends Row {
  readonly runId: RunId;
  readonly workflowId: WorkflowId;
}

/** Which of these runs, or of all, a worker could take now; the earliest first. */
export function readFreeRuns(
  session: DatabaseSession,
  { runIds, limit }: { runIds?: readonly RunId[]; limit: number },
): Promise<readonly FreeRun[]> {
  return session.query<FreeRun>(
    `SELECT r.id AS "runId", r.workflow_id AS "workflowId" FROM workflow_runs r
      WHERE ($1::uuid[] IS NULL OR r.id = ANY($1::uuid[])) AND ${IS_FREE} AND NOT (${BEHIND_ANOTHER})
      ORDER BY r.number LIMIT $2`,
    [runIds ?? null, limit],
  );
}

/** Of each workflow the exclusive run whose turn it is, where a worker could take it now. */
export function readRunsOnTurn(
  session: DatabaseSession,
  workflowIds: readonly WorkflowId[],
): Promise<readonly FreeRun[]> {
  return session.query<FreeRun>(
    `SELECT r.id AS "runId", r.workflow_id AS "workflowId"
       FROM unnest($1::uuid[]) AS w(id) CROSS JOIN LATERAL (
         SELECT * FROM workflow_runs o
          WHERE o.workflow_id = w.id AND o.exclusive AND o.status IN ('queued', 'running') ORDER BY o.number LIMIT 1
       ) r WHERE ${IS_FREE}`,
    [workflowIds],
  );
}

function toStates(text: string | null): StoredStates {
  const states = { variables: {} as Record<string, JsonValue>, nodeStates: {} as Record<string, JsonValue> };
  const rows = text === null ? [] : (JSON.parse(text) as [string, string, JsonValue][]);
  for (const [kind, name, value] of rows) {
    if (kind === "variable") states.variables[name] = value;
    else states.nodeStates[name] = value;
  }
  return states;
}
