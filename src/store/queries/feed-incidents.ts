import type { DatabaseSession, Row } from "../database.js";

export const INCIDENT_SEVERITIES = ["warning", "error", "critical"] as const;

export type IncidentSeverity = (typeof INCIDENT_SEVERITIES)[number];

/** Something a person should know of. One of a kind and subject is open at a time. */
export interface IncidentOpening {
  readonly kind: string;
  readonly severity: IncidentSeverity;
  readonly subject: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly openedAtMs: number;
}

export interface Incident extends IncidentOpening {
  readonly id: number;
  readonly closedAtMs: number | undefined;
  readonly resolution: string | undefined;
}

/** Opens an incident unless one of its kind and subject is open. */
export async function openIncident(session: DatabaseSession, incident: IncidentOpening): Promise<void> {
  await session.query(
    `INSERT INTO incidents (kind, severity, subject, message, details, opened_at)
     VALUES ($1, $2, $3, $4, $5::jsonb, $6) ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO NOTHING`,
    [
      incident.kind,
      incident.severity,
      incident.subject,
      incident.message,
      JSON.stringify(incident.details),
      new Date(incident.openedAtMs),
    ],
  );
}

/** Closes the open incident of a kind and subject, if there is one. */
export async function closeIncident(
  session: DatabaseSession,
  { kind, subject }: { kind: string; subject: string },
  { closedAtMs, resolution }: { closedAtMs: number; resolution: string },
): Promise<void> {
  await session.query(
    "UPDATE incidents SET closed_at = $3, resolution = $4 WHERE kind = $1 AND subject = $2 AND closed_at IS NULL",
    [kind, subject, new Date(closedAtMs), resolution],
  );
}

/** The latest first; only open ones when asked for. */
export async function listIncidents(
  session: DatabaseSession,
  { isOpen = false, limit }: { isOpen?: boolean; limit: number },
): Promise<Incident[]> {
  const rows = await session.query<IncidentRow>(
    `SELECT ${INCIDENT_COLUMNS} FROM incidents
      WHERE NOT $1::boolean OR closed_at IS NULL ORDER BY id DESC LIMIT $2`,
    [isOpen, limit],
  );
  return rows.map(toIncident);
}

/** Those that were opened after an incident, in the order of their opening. */
export async function incidentsAfter(
  session: DatabaseSession,
  { id, limit }: { id: number; limit: number },
): Promise<Incident[]> {
  const rows = await session.query<IncidentRow>(
    `SELECT ${INCIDENT_COLUMNS} FROM incidents WHERE id > $1 ORDER BY id LIMIT $2`,
    [id, limit],
  );
  return rows.map(toIncident);
}

/** 0 before the first. */
export async function lastIncidentId(session: DatabaseSession): Promise<number> {
  const [row] = await session.query<{ id: string }>("SELECT coalesce(max(id), 0) AS id FROM incidents");
  return Number(row!.id);
}

const INCIDENT_COLUMNS = "id, kind, severity, subject, message, details, opened_at, closed_at, resolution";

interface IncidentRow extends Row {
  readonly id: string;
  readonly kind: string;
  readonly severity: IncidentSeverity;
  readonly subject: string;
  readonly message: string;
  readonly details: Record<string, unknown>;
  readonly opened_at: Date;
  readonly closed_at: Date | null;
  readonly resolution: string | null;
}

function toIncident(row: IncidentRow): Incident {
  return {
    id: Number(row.id),
    kind: row.kind,
    severity: row.severity,
    subject: row.subject,
    message: row.message,
    details: row.details,
    openedAtMs: row.opened_at.getTime(),
    closedAtMs: row.closed_at?.getTime(),
    resolution: row.resolution ?? undefined,
  };
}
