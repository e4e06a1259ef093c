import type { EpochMs } from "../../engine/units/epoch-ms.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import type { JsonValue } from "../../engine/workflow/json-value.js";
import type { Notice } from "../../engine/workflow/node-services.js";
import type { IdempotencyKey, WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { DatabaseSession } from "../database.js";

/** Stores a notice; false when one is stored under the key. */
export async function storeNotice(session: DatabaseSession, notice: Notice, key: IdempotencyKey): Promise<boolean> {
  const stored = await session.query(
    `INSERT INTO workflow_notices (idempotency_key, workflow_id, severity, title, body, at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (idempotency_key) DO NOTHING RETURNING 1`,
    [key, notice.workflowId, notice.severity, notice.title, notice.text, new Date(notice.atMs)],
  );
  return stored.length > 0;
}

/** Says which open incident of a kind and subject the notice is about. */
export async function linkNoticeToIncident(
  session: DatabaseSession,
  key: IdempotencyKey,
  { kind, subject }: { readonly kind: string; readonly subject: string },
): Promise<void> {
  await session.query(
    `UPDATE workflow_notices SET incident_id = (SELECT id FROM incidents
       WHERE kind = $2 AND subject = $3 AND closed_at IS NULL) WHERE idempotency_key = $1`,
    [key, kind, subject],
  );
}

export interface StoredNotice extends Notice {
  readonly number: number;
  readonly incidentId: number | undefined;
}

/** The latest recorded first; only those recorded before the one with number `before`, where it is given. */
export async function listNotices(
  session: DatabaseSession,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<StoredNotice[]> {
  const rows = await session.query<{
    number: string;
    workflow_id: WorkflowId;
    severity: Notice["severity"];
    title: string;
    body: string;
    at: Date;
    incident_id: string | null;
  }>(
    `SELECT number, workflow_id, severity, title, body, at, incident_id FROM workflow_notices
      WHERE $1::bigint IS NULL OR number < $1 ORDER BY number DESC LIMIT $2`,
    [before ?? null, limit],
  );
  return rows.map(({ number, workflow_id: workflowId, body, at, incident_id: incidentId, ...row }) => ({
    ...row,
    number: Number(number),
    workflowId,
    text: body,
    atMs: epochMs(at.getTime()),
    incidentId: incidentId === null ? undefined : Number(incidentId),
  }));
}

/** Rows as JSON objects. Stores all of them, or none when the key has written before; returns how many are new. */
export async function storeTableRows(
  session: DatabaseSession,
  table: {
    readonly workflowId: WorkflowId;
    readonly name: string;
    readonly rowsJson: string;
    readonly rowCount: number;
  },
  key: IdempotencyKey,
): Promise<number> {
  const written = await session.query(
    `INSERT INTO workflow_table_writes (idempotency_key, workflow_id, table_name, row_count)
     VALUES ($1, $2, $3, $4) ON CONFLICT (idempotency_key) DO NOTHING RETURNING 1`,
    [key, table.workflowId, table.name, table.rowCount],
  );
  if (written.length === 0) return 0;
  await session.query(
    `INSERT INTO workflow_table_rows (idempotency_key, row_number, cells)
     SELECT $1, ordinality, value FROM json_array_elements($2::json) WITH ORDINALITY`,
    [key, table.rowsJson],
  );
  return table.rowCount;
}

/** Rows of a result table in the order in which they were written. */
export async function listTableRows(
  session: DatabaseSession,
  { workflowId, name, limit }: { readonly workflowId: WorkflowId; readonly name: string; readonly limit: number },
): Promise<Readonly<Record<string, JsonValue>>[]> {
  const rows = await session.query<{ cells: Readonly<Record<string, JsonValue>> }>(
    `SELECT r.cells FROM workflow_table_rows r JOIN workflow_table_writes w USING (idempotency_key)
      WHERE w.workflow_id = $1 AND w.table_name = $2
      ORDER BY w.recorded_at, w.idempotency_key, r.row_number LIMIT $3`,
    [workflowId, name, limit],
  );
  return rows.map(({ cells }) => cells);
}

export interface Memory {
  readonly text: string;
  readonly facts: Readonly<Record<string, JsonValue>>;
}

/** Keeps a memory once per key. */
export async function storeMemory(
  session: DatabaseSession,
  { workflowId, text, facts }: Memory & { readonly workflowId: WorkflowId },
  key: IdempotencyKey,
): Promise<void> {
  await session.query(
    `INSERT INTO workflow_memories (idempotency_key, workflow_id, body, facts)
     VALUES ($1, $2, $3, $4::json) ON CONFLICT (idempotency_key) DO NOTHING`,
    [key, workflowId, text, JSON.stringify(facts)],
  );
}

/** What a workflow remembered, the latest first. */
export async function listMemories(
  session: DatabaseSession,
  { workflowId, limit }: { readonly workflowId: WorkflowId; readonly limit: number },
): Promise<(Memory & { readonly recordedAtMs: EpochMs })[]> {
  const rows = await session.query<{ body: string; facts: Memory["facts"]; recorded_at: Date }>(
    "SELECT body, facts, recorded_at FROM workflow_memories WHERE workflow_id = $1 ORDER BY number DESC LIMIT $2",
    [workflowId, limit],
  );
  return rows.map(({ body, facts, recorded_at: recordedAt }) => ({
    ...{ text: body, facts },
    recordedAtMs: epochMs(recordedAt.getTime()),
  }));
}
