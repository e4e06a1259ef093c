import { createHash } from "node:crypto";
import type { RunId } from "../../engine/workflow/workflow-ids.js";
import type { DatabaseSession } from "../database.js";
import type { RunEnd, RunLease } from "./workflow-runs.js";

/** An event as it is stored: what queries look for, and the whole of it as JSON text. */
export interface EventText {
  readonly sequence: number;
  readonly atMs: number;
  readonly kind: string;
  readonly nodeId: string | undefined;
  readonly item: string | undefined;
  readonly attempt: number | undefined;
  readonly code: string | undefined;
  readonly payload: string;
}

/** Something kept for the next run of the workflow, as JSON text. */
export interface StateText {
  readonly kind: "variable" | "node";
  readonly name: string;
  readonly value: string;
}

/** What one run adds to its log at a time. */
export interface LogEntry {
  readonly lease: RunLease;
  readonly events: readonly EventText[];
  readonly states: readonly StateText[];
  /** Given with its last events. */
  readonly end: RunEnd | undefined;
}

/**
 * Appends to the logs of many runs in one statement: events, states and ends are there together or not at all. Returns
 * the places of the entries that it took; of the others the lease was lost, and nothing of theirs is stored.
 */
export async function appendToLogs(session: DatabaseSession, entries: readonly LogEntry[]): Promise<Set<number>> {
  const events = entries.flatMap(({ events }, place) => events.map((event) => ({ place, ...event })));
  const states = entries.flatMap(({ states }, place) => states.map((state) => ({ place, ...state })));
  const rows = await session.query<{ place: number }>(
    `WITH held AS (
       UPDATE workflow_runs r
          SET status = coalesce(e.status, r.status), finished_at = coalesce(e.finished_at, r.finished_at),
              code = e.code, message = e.message,
              lease_until = CASE WHEN e.status IS NULL THEN r.lease_until END
         FROM unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::text[], $6::text[]) WITH ORDINALITY
           AS e(id, fence, status, finished_at, code, message, place)
        WHERE r.id = e.id AND r.fence = e.fence AND r.status = 'running'
       RETURNING r.id, r.workflow_id, e.place::int - 1 AS place
     ), logged AS (
       INSERT INTO workflow_execution_logs (run_id, sequence, at, kind, node_id, item, attempt, code, payload)
       SELECT held.id, sequence, to_timestamp(at / 1000.0), kind, node_id, item, attempt, code, payload::json
         FROM unnest($7::int[], $8::int[], $9::float8[], $10::text[], $11::text[], $12::text[], $13::int[],
           $14::text[], $15::text[]) AS v(place, sequence, at, kind, node_id, item, attempt, code, payload)
         JOIN held ON held.place = v.place
     ), left_behind AS (
       INSERT INTO workflow_states (workflow_id, kind, name, value, run_id)
       SELECT DISTINCT ON (held.workflow_id, s.kind, s.name) held.workflow_id, s.kind, s.name, s.value::json, held.id
         FROM unnest($16::int[], $17::text[], $18::text[], $19::text[]) WITH ORDINALITY
           AS s(place, kind, name, value, ordinal)
         JOIN held ON held.place = s.place
        ORDER BY held.workflow_id, s.kind, s.name, s.ordinal DESC
       ON CONFLICT (workflow_id, kind, name) DO UPDATE SET value = excluded.value, run_id = excluded.run_id
     )
     SELECT place FROM held`,
    [
      entries.map(({ lease }) => lease.runId),
      entries.map(({ lease }) => lease.fence),
      nullable(entries.map(({ end }) => end?.status)),
      nullable(entries.map(({ end }) => end && new Date(end.finishedAtMs).toISOString())),
      nullable(entries.map(({ end }) => end?.code)),
      nullable(entries.map(({ end }) => end?.message)),
      events.map(({ place }) => place),
      events.map(({ sequence }) => sequence),
      events.map(({ atMs }) => atMs),
      events.map(({ kind }) => kind),
      nullable(events.map(({ nodeId }) => nodeId)),
      nullable(events.map(({ item }) => item)),
      events.map(({ attempt }) => attempt ?? null) as number[],
      nullable(events.map(({ code }) => code)),
      events.map(({ payload }) => payload),
      states.map(({ place }) => place),
      states.map(({ kind }) => kind),
      states.map(({ name }) => name),
      states.map(({ value }) => value),
    ],
  );
  return new Set(rows.map(({ place }) => place));
}

/** Events of a run from a sequence on, ascending. */
export async function readEvents(
  session: DatabaseSession,
  runId: RunId,
  { from, limit }: { from: number; limit: number },
): Promise<readonly string[]> {
  const rows = await session.query<{ payload: string }>(
    `SELECT payload::text AS payload FROM workflow_execution_logs WHERE run_id = $1 AND sequence >= $2
      ORDER BY sequence LIMIT $3`,
    [runId, from, limit],
  );
  return rows.map(({ payload }) => payload);
}

/** Stores bytes under their digest, once, and returns it. */
export async function storeOutput(session: DatabaseSession, bytes: Uint8Array): Promise<string> {
  const digest = outputDigest(bytes);
  await session.query(
    `INSERT INTO workflow_outputs (digest, bytes) VALUES ($1, decode($2, 'base64')) ON CONFLICT (digest) DO NOTHING`,
    [digest, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")],
  );
  return digest;
}

export function outputDigest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export async function readOutput(session: DatabaseSession, digest: string): Promise<Uint8Array | undefined> {
  const [row] = await session.query<{ bytes: string }>(
    "SELECT encode(bytes, 'base64') AS bytes FROM workflow_outputs WHERE digest = $1",
    [digest],
  );
  return row && Buffer.from(row.bytes, "base64");
}

/** Both drivers take nulls within arrays of texts. */
function nullable(values: readonly (string | undefined)[]): readonly string[] {
  return values.map((value) => value ?? null) as unknown as readonly string[];
}
