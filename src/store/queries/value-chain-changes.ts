import type { EpochMs } from "../../engine/units/epoch-ms.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import type { ValueChainComparison } from "../../engine/value-chain/compare-value-chains.js";
import type {
  ValueChainEdge,
  ValueChainEdgeId,
  ValueChainNode,
  ValueChainNodeId,
} from "../../engine/value-chain/value-chain.js";
import type { ValueChainChange } from "../../engine/value-chain/value-chain-change.js";
import type { DatabaseSession } from "../database.js";
import { raiseDataVersion } from "./data-version.js";

/** What a revision was: one edit, or many at once. */
export type RevisionKind = ValueChainChange["kind"] | "import" | "seed" | "undo";

export interface RevisionFacts {
  readonly kind: RevisionKind;
  readonly author: string;
  readonly note: string;
  readonly changedAtMs: EpochMs;
  /** The revision that an undo takes back. */
  readonly undoes?: number;
}

export interface LoggedRevision {
  readonly revision: number;
  readonly changedAtMs: EpochMs;
  readonly author: string;
  readonly kind: RevisionKind;
  readonly note: string;
  readonly undoes: number | undefined;
  readonly nodeIds: readonly ValueChainNodeId[];
  readonly edgeIds: readonly ValueChainEdgeId[];
}

const ROWS_A_STATEMENT = 500;

/** Makes changes of the graph wait for one another until the transaction ends. Readers do not wait. */
export async function lockValueChain(session: DatabaseSession): Promise<void> {
  await session.execute("LOCK TABLE value_chain_changes IN EXCLUSIVE MODE");
}

/**
 * Stores what differs between two graphs as the next revision and raises the data version; returns its number. The
 * graph must be locked. A clock that went back does not put a revision before an earlier one.
 */
export async function appendRevision(
  session: DatabaseSession,
  { nodes, edges }: ValueChainComparison,
  { kind, author, note, changedAtMs, undoes }: RevisionFacts,
): Promise<number> {
  const [row] = await session.query<{ revision: number }>(
    `INSERT INTO value_chain_changes (revision, changed_at, author, kind, note, undoes)
     SELECT coalesce(max(revision), 0) + 1, greatest($1::timestamptz, max(changed_at)), $2, $3, $4, $5::int4
       FROM value_chain_changes
     RETURNING revision::int4`,
    [new Date(changedAtMs).toISOString(), author, kind, note, undoes ?? null],
  );
  const { revision } = row!;
  await insertNodes(session, versionsOf(nodes), revision);
  await insertEdges(session, versionsOf(edges), revision);
  await raiseDataVersion(session);
  return revision;
}

/** The log, newest first. */
export async function listRevisions(
  session: DatabaseSession,
  { limit, revision }: { limit: number; revision?: number },
): Promise<LoggedRevision[]> {
  const rows = await session.query<{
    revision: number;
    changed_at: Date;
    author: string;
    kind: RevisionKind;
    note: string;
    undoes: number | null;
    node_ids: string | null;
    edge_ids: string | null;
  }>(
    `SELECT revision::int4, changed_at, author, kind, note, undoes::int4,
            (SELECT string_agg(id, ' ' ORDER BY id COLLATE "C") FROM value_chain_nodes n WHERE n.revision = c.revision)
              AS node_ids,
            (SELECT string_agg(id, ' ' ORDER BY id COLLATE "C") FROM value_chain_edges e WHERE e.revision = c.revision)
              AS edge_ids
       FROM value_chain_changes c WHERE $1::int4 IS NULL OR revision = $1::int4
      ORDER BY revision DESC LIMIT $2::int4`,
    [revision ?? null, limit],
  );
  return rows.map((row) => ({
    revision: row.revision,
    changedAtMs: epochMs(row.changed_at.getTime()),
    author: row.author,
    kind: row.kind,
    note: row.note,
    undoes: row.undoes ?? undefined,
    nodeIds: (row.node_ids?.split(" ") ?? []) as ValueChainNodeId[],
    edgeIds: (row.edge_ids?.split(" ") ?? []) as ValueChainEdgeId[],
  }));
}

/** The last revision that is neither an undo nor undone. */
export async function undoableRevision(session: DatabaseSession): Promise<number | undefined> {
  const [row] = await session.query<{ revision: number | null }>(
    `SELECT max(revision)::int4 AS revision FROM value_chain_changes
      WHERE undoes IS NULL AND revision NOT IN (SELECT undoes FROM value_chain_changes WHERE undoes IS NOT NULL)`,
  );
  return row!.revision ?? undefined;
}

/** Revisions that only seeds made: a seed, or an undo of one. */
export async function seedRevisions(session: DatabaseSession): Promise<ReadonlySet<number>> {
  const rows = await session.query<{ revision: number }>(
    `SELECT revision::int4 FROM value_chain_changes
      WHERE kind = 'seed' OR undoes IN (SELECT revision FROM value_chain_changes WHERE kind = 'seed')`,
  );
  return new Set(rows.map(({ revision }) => revision));
}

interface ElementVersion<T> {
  readonly element: T;
  readonly removed: boolean;
}

function versionsOf<T>(comparison: {
  readonly added: readonly T[];
  readonly changed: readonly { readonly after: T }[];
  readonly retired: readonly T[];
}): ElementVersion<T>[] {
  return [
    ...comparison.added.map((element) => ({ element, removed: false })),
    ...comparison.changed.map(({ after }) => ({ element: after, removed: false })),
    ...comparison.retired.map((element) => ({ element, removed: true })),
  ];
}

async function insertNodes(
  session: DatabaseSession,
  versions: readonly ElementVersion<ValueChainNode>[],
  revision: number,
): Promise<void> {
  for (let at = 0; at < versions.length; at += ROWS_A_STATEMENT) {
    const rows = versions.slice(at, at + ROWS_A_STATEMENT).map(({ element, removed }) => ({ ...element, removed }));
    await session.query(
      `INSERT INTO value_chain_nodes (id, revision, removed, name, kind, sector, symbol, valid_from, valid_to)
       SELECT id, $2::int4, removed, name, kind, sector, symbol, "validFrom", "validTo"
         FROM json_to_recordset($1::json) AS j(id text, removed boolean, name text, kind text, sector text, symbol text,
              "validFrom" date, "validTo" date)`,
      [JSON.stringify(rows), revision],
    );
  }
}

async function insertEdges(
  session: DatabaseSession,
  versions: readonly ElementVersion<ValueChainEdge>[],
  revision: number,
): Promise<void> {
  for (let at = 0; at < versions.length; at += ROWS_A_STATEMENT) {
    const rows = versions.slice(at, at + ROWS_A_STATEMENT).map(({ element, removed }) => ({ ...element, removed }));
    await session.query(
      `INSERT INTO value_chain_edges (id, revision, removed, source_id, target_id, kind, sign, confidence, rationale, source,
                                      source_date, valid_from, valid_to)
       SELECT id, $2::int4, removed, "sourceId", "targetId", kind, sign, confidence, rationale, source, "sourceDate",
              "validFrom", "validTo"
         FROM json_to_recordset($1::json) AS j(id text, removed boolean, "sourceId" text, "targetId" text, kind text,
              sign integer, confidence text, rationale text, source text, "sourceDate" date, "validFrom" date,
              "validTo" date)`,
      [JSON.stringify(rows), revision],
    );
  }
}
