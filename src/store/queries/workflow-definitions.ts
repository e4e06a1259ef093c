import { WorkbenchError } from "../../engine/errors.js";
import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import type { WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { Database, DatabaseSession, Row } from "../database.js";

/** A definition as JSON text, and what is told of it. */
export interface RevisionText {
  readonly definition: string;
  /** SHA-256 of the definition with sorted keys. */
  readonly digest: string;
  readonly name: string;
  readonly description: string;
  readonly note: string;
}

export interface StoredRevision {
  readonly revision: number;
  readonly definition: string;
  readonly digest: string;
  readonly note: string;
  readonly createdAtMs: EpochMs;
}

/** A workflow that was not deleted, without its definition. */
export interface StoredWorkflow {
  readonly id: WorkflowId;
  readonly name: string;
  readonly description: string;
  readonly latestRevision: number;
  readonly activeRevision: number | undefined;
  readonly webhookToken: string;
  readonly isExample: boolean;
  readonly createdAtMs: EpochMs;
  readonly updatedAtMs: EpochMs;
}

export interface NewWorkflow extends RevisionText {
  readonly id: WorkflowId;
  readonly webhookToken: string;
  readonly isExample: boolean;
  readonly atMs: EpochMs;
}

const WORKFLOW_COLUMNS = `id, name, description, latest_revision, active_revision, webhook_token, example, created_at,
  updated_at`;

export async function insertWorkflow(database: Database, workflow: NewWorkflow): Promise<void> {
  const { id, name, description, webhookToken, isExample, atMs } = workflow;
  await database.transaction(async (session) => {
    await session.query(
      `INSERT INTO workflows (id, name, description, latest_revision, webhook_token, example, created_at, updated_at)
       VALUES ($1, $2, $3, 1, $4, $5, $6, $6)`,
      [id, name, description, webhookToken, isExample, new Date(atMs)],
    );
    await insertRevision(session, id, 1, workflow, atMs);
  });
}

/**
 * Saves a revision after `baseRevision`, or keeps the latest when the digest is the same. Returns its number.
 * @throws NOT_FOUND, WORKFLOW_CHANGED
 */
export function insertNextRevision(
  database: Database,
  workflowId: WorkflowId,
  text: RevisionText,
  { baseRevision, atMs }: { baseRevision: number | undefined; atMs: EpochMs },
): Promise<number> {
  return database.transaction(async (session) => {
    const { latest_revision: latest } = await lockedWorkflow(session, workflowId);
    const [same] = await session.query(
      "SELECT 1 FROM workflow_revisions WHERE workflow_id = $1 AND revision = $2 AND digest = $3",
      [workflowId, latest, text.digest],
    );
    if (same) return latest;
    if (baseRevision !== undefined && baseRevision !== latest) throw changedSince(workflowId, baseRevision, latest);
    const revision = latest + 1;
    await insertRevision(session, workflowId, revision, text, atMs);
    await session.query(
      "UPDATE workflows SET name = $2, description = $3, latest_revision = $4, updated_at = $5 WHERE id = $1",
      [workflowId, text.name, text.description, revision, new Date(atMs)],
    );
    return revision;
  });
}

export function changedSince(workflowId: WorkflowId, baseRevision: number, latest: number): WorkbenchError {
  return new WorkbenchError(
    "WORKFLOW_CHANGED",
    `workflow ${workflowId} was saved as revision ${latest} since you opened revision ${baseRevision}: load it and save again`,
    { details: { revision: latest } },
  );
}

/** Which revision triggers start; undefined for none. @throws NOT_FOUND for an unknown workflow or revision */
export async function setActiveRevision(
  database: Database,
  workflowId: WorkflowId,
  revision: number | undefined,
  atMs: EpochMs,
): Promise<void> {
  await database.transaction(async (session) => {
    await lockedWorkflow(session, workflowId);
    if (revision !== undefined && !(await readRevision(session, workflowId, revision)))
      throw noSuchRevision(workflowId, revision);
    await session.query("UPDATE workflows SET active_revision = $2, updated_at = $3 WHERE id = $1", [
      workflowId,
      revision ?? null,
      new Date(atMs),
    ]);
  });
}

/** Takes a workflow out of every list; its runs stay. @throws NOT_FOUND, WORKFLOW_RUNNING */
export async function archiveWorkflow(database: Database, workflowId: WorkflowId, atMs: EpochMs): Promise<void> {
  await database.transaction(async (session) => {
    await lockedWorkflow(session, workflowId);
    const [atWork] = await session.query<{ id: string }>(
      "SELECT id FROM workflow_runs WHERE workflow_id = $1 AND status IN ('queued', 'running') LIMIT 1",
      [workflowId],
    );
    if (atWork) throw stillRunning(workflowId, atWork.id);
    await session.query("UPDATE workflows SET archived_at = $2, active_revision = NULL WHERE id = $1", [
      workflowId,
      new Date(atMs),
    ]);
  });
}

export function stillRunning(workflowId: WorkflowId, runId: string): WorkbenchError {
  return new WorkbenchError(
    "WORKFLOW_RUNNING",
    `workflow ${workflowId} has a run that has not ended, ${runId}: cancel it, or wait for its end`,
    { details: { runId } },
  );
}

export function inactiveWorkflow({ id, name }: Pick<StoredWorkflow, "id" | "name">): WorkbenchError {
  return new WorkbenchError(
    "WORKFLOW_INACTIVE",
    `workflow ${id} (${name}) has no active revision: activate one for its triggers to work`,
  );
}

export function noSuchWorkflow(workflowId: string): WorkbenchError {
  return new WorkbenchError("NOT_FOUND", `no workflow ${workflowId} is stored`);
}

export function noSuchRevision(workflowId: string, revision: number): WorkbenchError {
  return new WorkbenchError("NOT_FOUND", `workflow ${workflowId} has no revision ${revision}`);
}

/** Those with these ids, or all; by name. */
export async function readWorkflows(
  session: DatabaseSession,
  ids?: readonly WorkflowId[],
): Promise<readonly StoredWorkflow[]> {
  const rows = await session.query<WorkflowRow>(
    `SELECT ${WORKFLOW_COLUMNS} FROM workflows
      WHERE archived_at IS NULL AND ($1::uuid[] IS NULL OR id = ANY($1::uuid[])) ORDER BY name, id`,
    [ids ?? null],
  );
  return rows.map(toWorkflow);
}

export async function readWorkflowByToken(
  session: DatabaseSession,
  token: string,
): Promise<StoredWorkflow | undefined> {
  const [row] = await session.query<WorkflowRow>(
    `SELECT ${WORKFLOW_COLUMNS} FROM workflows WHERE archived_at IS NULL AND webhook_token = $1`,
    [token],
  );
  return row && toWorkflow(row);
}

export async function readRevision(
  session: DatabaseSession,
  workflowId: WorkflowId,
  revision: number,
): Promise<StoredRevision | undefined> {
  return (await readRevisions(session, [{ workflowId, revision }]))[0];
}

/** In the order of the question; undefined for what is not stored. */
export async function readRevisions(
  session: DatabaseSession,
  asked: readonly { readonly workflowId: WorkflowId; readonly revision: number }[],
): Promise<readonly (StoredRevision | undefined)[]> {
  const rows = await session.query<RevisionRow & { readonly place: number }>(
    `SELECT a.place::int AS place, r.revision, r.definition::text AS definition, r.digest, r.note, r.created_at
       FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS a(workflow_id, revision, place)
       JOIN workflow_revisions r ON r.workflow_id = a.workflow_id AND r.revision = a.revision`,
    [asked.map(({ workflowId }) => workflowId), asked.map(({ revision }) => revision)],
  );
  const found = new Map(rows.map(({ place, ...row }) => [place, toRevision(row)]));
  return asked.map((_, i) => found.get(i + 1));
}

/** Whether a workflow was ever stored, be it deleted since. */
export async function hasWorkflows(session: DatabaseSession): Promise<boolean> {
  return (await session.query("SELECT 1 FROM workflows LIMIT 1")).length > 0;
}

/** Every revision, the latest first, without definitions. */
export async function listRevisions(
  session: DatabaseSession,
  workflowId: WorkflowId,
): Promise<readonly Omit<StoredRevision, "definition">[]> {
  const rows = await session.query<RevisionRow>(
    `SELECT revision, digest, note, created_at FROM workflow_revisions WHERE workflow_id = $1 ORDER BY revision DESC`,
    [workflowId],
  );
  return rows.map(({ definition: _, created_at, ...rest }) => ({
    ...rest,
    createdAtMs: epochMs(created_at.getTime()),
  }));
}

async function insertRevision(
  session: DatabaseSession,
  workflowId: WorkflowId,
  revision: number,
  { definition, digest, note }: RevisionText,
  atMs: EpochMs,
): Promise<void> {
  await session.query(
    `INSERT INTO workflow_revisions (workflow_id, revision, definition, digest, note, created_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [workflowId, revision, definition, digest, note, new Date(atMs)],
  );
}

/** Nobody else changes it, or starts a run that excludes others, until the transaction ends. */
async function lockedWorkflow(session: DatabaseSession, workflowId: WorkflowId): Promise<{ latest_revision: number }> {
  const [row] = await session.query<{ latest_revision: number }>(
    "SELECT latest_revision FROM workflows WHERE id = $1 AND archived_at IS NULL FOR UPDATE",
    [workflowId],
  );
  if (!row) throw noSuchWorkflow(workflowId);
  return row;
}

interface WorkflowRow extends Row {
  readonly id: WorkflowId;
  readonly name: string;
  readonly description: string;
  readonly latest_revision: number;
  readonly active_revision: number | null;
  readonly webhook_token: string;
  readonly example: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
}

interface RevisionRow extends Row {
  readonly revision: number;
  readonly definition: string;
  readonly digest: string;
  readonly note: string;
  readonly created_at: Date;
}

function toWorkflow(row: WorkflowRow): StoredWorkflow {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    latestRevision: row.latest_revision,
    activeRevision: row.active_revision ?? undefined,
    webhookToken: row.webhook_token,
    isExample: row.example,
    createdAtMs: epochMs(row.created_at.getTime()),
    updatedAtMs: epochMs(row.updated_at.getTime()),
  };
}

function toRevision({ created_at, ...rest }: RevisionRow): StoredRevision {
  return { ...rest, createdAtMs: epochMs(created_at.getTime()) };
}
