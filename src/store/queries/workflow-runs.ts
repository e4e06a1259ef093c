import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import type { JsonValue } from "../../engine/workflow/json-value.js";
import type { FinalRunStatus, RunMode, RunStatus, TriggerFacts } from "../../engine/workflow/run-event.js";
import type { NodeId, RunId, TriggerInstance, WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { Row } from "../database.js";

/** Where a rerun begins: at what failed, or at a node. */
export type RerunFrom = "failed" | { readonly nodeId: NodeId };

/** The run that a rerun repeats, and from where. */
export interface RerunFacts {
  readonly of: RunId;
  readonly from: RerunFrom;
}

/** A run as it is asked for. */
export interface NewRun {
  readonly id: RunId;
  readonly workflowId: WorkflowId;
  readonly revision: number;
  readonly trigger: TriggerFacts;
  readonly rerun: RerunFacts | undefined;
  readonly effectScope: string;
  readonly mode: RunMode;
  readonly asOfMs: EpochMs;
  readonly seed: number;
  readonly principal: string;
  /** While another exclusive run of the workflow has not ended: do not create it, let it wait, or take no notice. */
  readonly concurrency: "skip" | "queue" | "parallel";
  readonly createdAtMs: EpochMs;
}

export type RunCreation =
  | { readonly kind: "created"; readonly runId: RunId }
  /** The occurrence has this run already. */
  | { readonly kind: "repeated"; readonly runId: RunId }
  | { readonly kind: "skipped"; readonly because: RunId }
  /** The workflow was deleted. */
  | { readonly kind: "unknown-workflow" };

/** A run as it stands. */
export interface StoredRun {
  readonly id: RunId;
  /** Rises with every run. */
  readonly number: number;
  readonly workflowId: WorkflowId;
  readonly workflowName: string;
  readonly revision: number;
  readonly trigger: TriggerFacts;
  readonly rerun: RerunFacts | undefined;
  readonly effectScope: string;
  readonly mode: RunMode;
  readonly asOfMs: EpochMs;
  readonly seed: number;
  readonly principal: string;
  readonly isExclusive: boolean;
  readonly status: RunStatus;
  readonly createdAtMs: EpochMs;
  readonly startedAtMs: EpochMs | undefined;
  readonly finishedAtMs: EpochMs | undefined;
  readonly cancelledBy: string | undefined;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** How a run ended. */
export interface RunEnd {
  readonly status: FinalRunStatus;
  readonly finishedAtMs: EpochMs;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** A worker's hold on a run: events are taken only with the fence of the latest. */
export interface RunLease {
  readonly runId: RunId;
  readonly fence: number;
}

/** Columns of a run `r` of a workflow `w`, as `toStoredRun` reads them. */
export const RUN_COLUMNS = `r.id, r.number::float8 AS number, r.workflow_id, w.name AS workflow_name, r.revision,
  r.trigger_kind, r.trigger_instance, r.fired_at, r.payload::text AS payload, r.rerun_of, r.rerun_from, r.effect_scope,
  r.mode, r.as_of, r.seed::float8 AS seed, r.principal, r.exclusive, r.status, r.created_at, r.started_at,
  r.finished_at, r.cancelled_by, r.code, r.message`;

export interface RunRow extends Row {
  readonly id: RunId;
  readonly number: number;
  readonly workflow_id: WorkflowId;
  readonly workflow_name: string;
  readonly revision: number;
  readonly trigger_kind: TriggerFacts["kind"];
  readonly trigger_instance: TriggerInstance;
  readonly fired_at: Date;
  readonly payload: string;
  readonly rerun_of: RunId | null;
  readonly rerun_from: string | null;
  readonly effect_scope: string;
  readonly mode: RunMode;
  readonly as_of: Date;
  readonly seed: number;
  readonly principal: string;
  readonly exclusive: boolean;
  readonly status: RunStatus;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly cancelled_by: string | null;
  readonly code: string | null;
  readonly message: string | null;
}

export function toStoredRun(row: RunRow): StoredRun {
  const { rerun_of: of, rerun_from: from } = row;
  return {
    id: row.id,
    number: row.number,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    revision: row.revision,
    trigger: {
      kind: row.trigger_kind,
      instance: row.trigger_instance,
      firedAtMs: instant(row.fired_at),
      payload: JSON.parse(row.payload) as JsonValue,
    },
    rerun: of === null || from === null ? undefined : { of, from: JSON.parse(from) as RerunFrom },
    effectScope: row.effect_scope,
    mode: row.mode,
    asOfMs: instant(row.as_of),
    seed: row.seed,
    principal: row.principal,
    isExclusive: row.exclusive,
    status: row.status,
    createdAtMs: instant(row.created_at),
    startedAtMs: row.started_at === null ? undefined : instant(row.started_at),
    finishedAtMs: row.finished_at === null ? undefined : instant(row.finished_at),
    cancelledBy: row.cancelled_by ?? undefined,
    code: row.code ?? undefined,
    message: row.message ?? undefined,
  };
}

function instant(date: Date): EpochMs {
  return epochMs(date.getTime());
}
