import type { DatabaseSession } from "../database.js";

/** How far a spool is stored: segment, and the offset in it. */
export interface StoredSpoolPosition {
  readonly segment: number;
  readonly offset: number;
}

/** `undefined` for a spool of which nothing was stored. */
export async function readSpoolPosition(
  session: DatabaseSession,
  spoolId: string,
): Promise<StoredSpoolPosition | undefined> {
  const [row] = await session.query<{ segment: string; position: string }>(
    "SELECT segment, position FROM spool_positions WHERE spool_id = $1",
    [spoolId],
  );
  return row && { segment: Number(row.segment), offset: Number(row.position) };
}

/**
 * Moves the position within the transaction that stores what lies between, before anything else is done there: a
 * second attempt at the same records waits for the first and then finds the position moved.
 * @returns false when the position is not at `from`: the records are stored already, or are not next
 */
export async function moveSpoolPosition(
  session: DatabaseSession,
  spoolId: string,
  { from, to }: { from: StoredSpoolPosition | undefined; to: StoredSpoolPosition },
): Promise<boolean> {
  const rows =
    from === undefined
      ? await session.query(
          `INSERT INTO spool_positions (spool_id, segment, position) VALUES ($1, $2, $3)
           ON CONFLICT DO NOTHING RETURNING 1 AS moved`,
          [spoolId, to.segment, to.offset],
        )
      : await session.query(
          `UPDATE spool_positions SET segment = $4, position = $5, drained_at = now()
            WHERE spool_id = $1 AND segment = $2 AND position = $3 RETURNING 1 AS moved`,
          [spoolId, from.segment, from.offset, to.segment, to.offset],
        );
  return rows.length === 1;
}

export interface SpoolPositionRow extends StoredSpoolPosition {
  readonly spoolId: string;
  readonly drainedAtMs: number;
}

/** The latest moved first. */
export async function listSpoolPositions(session: DatabaseSession, limit: number): Promise<SpoolPositionRow[]> {
  const rows = await session.query<{ spool_id: string; segment: string; position: string; drained_at: Date }>(
    "SELECT spool_id, segment, position, drained_at FROM spool_positions ORDER BY drained_at DESC LIMIT $1",
    [limit],
  );
  return rows.map((row) => ({
    spoolId: row.spool_id,
    segment: Number(row.segment),
    offset: Number(row.position),
    drainedAtMs: row.drained_at.getTime(),
  }));
}
