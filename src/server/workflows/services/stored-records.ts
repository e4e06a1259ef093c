import { WorkbenchError } from "../../../engine/errors.js";
import type { JsonValue } from "../../../engine/workflow/json-value.js";
import type { Notice, RecordSink } from "../../../engine/workflow/node-services.js";
import type { TableValue } from "../../../engine/workflow/port-value.js";
import type { IdempotencyKey, WorkflowId } from "../../../engine/workflow/workflow-ids.js";
import type { Database } from "../../../store/database.js";
import { type IncidentSeverity, openIncident } from "../../../store/queries/feed-incidents.js";
import {
  linkNoticeToIncident,
  storeMemory,
  storeNotice,
  storeTableRows,
} from "../../../store/queries/workflow-records.js";

/** Kind of the incidents that workflows open; their subject is the workflow and the title. */
export const WORKFLOW_INCIDENT = "workflow";

const INCIDENT_SEVERITIES = {
  info: "warning",
  warning: "warning",
  critical: "critical",
} as const satisfies Record<Notice["severity"], IncidentSeverity>;

const TABLE_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,59}$/;
const MOST_ROWS = 100_000;

/** What workflows leave, in the store. Every method does its work at most once for a key, whoever asks. */
export class StoredRecords implements RecordSink {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async notify(notice: Notice, key: IdempotencyKey): Promise<void> {
    await storeNotice(this.#database, notice, key);
  }

  /** Opens no second incident while one of the workflow with this title is open. */
  async openIncident(notice: Notice, key: IdempotencyKey): Promise<void> {
    const { workflowId, title, text, severity, atMs } = notice;
    const incident = { kind: WORKFLOW_INCIDENT, subject: `${workflowId}: ${title}` };
    await this.#database.transaction(async (session) => {
      if (!(await storeNotice(session, notice, key))) return;
      await openIncident(session, {
        ...incident,
        severity: INCIDENT_SEVERITIES[severity],
        message: text === "" ? title : `${title}: ${text}`,
        details: { workflowId, idempotencyKey: key },
        openedAtMs: atMs,
      });
      await linkNoticeToIncident(session, key, incident);
    });
  }

  async writeTable(workflowId: WorkflowId, name: string, table: TableValue, key: IdempotencyKey): Promise<number> {
    requireTable(name, table);
    const rowsJson = JSON.stringify(rowsOf(table));
    return this.#database.transaction((session) =>
      storeTableRows(session, { workflowId, name, rowsJson, rowCount: table.rowCount }, key),
    );
  }

  async remember(
    workflowId: WorkflowId,
    text: string,
    facts: Readonly<Record<string, JsonValue>>,
    key: IdempotencyKey,
  ): Promise<void> {
    await storeMemory(this.#database, { workflowId, text, facts }, key);
  }
}

/** One object a row. JSON has no NaN: it becomes null. */
function rowsOf({ columns, rowCount }: TableValue): Readonly<Record<string, JsonValue>>[] {
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(columns.map(({ name, cells }) => [name, cells[row] ?? null])),
  );
}

function requireTable(name: string, { rowCount }: TableValue): void {
  if (!TABLE_NAME.test(name)) {
    throw new WorkbenchError(
      "ARGUMENT_INVALID",
      `invalid table name: ${JSON.stringify(name.slice(0, 80))} (accepted: a letter, then up to 59 letters, digits, - and _)`,
    );
  }
  if (rowCount > MOST_ROWS) {
    throw new WorkbenchError(
      "REQUEST_TOO_LARGE",
      `invalid table: ${rowCount} rows for ${name} (accepted: up to ${MOST_ROWS} in one write)`,
    );
  }
}
