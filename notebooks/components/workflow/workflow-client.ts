import type {
  RunAccepted,
  RunAnswer,
  RunEvents,
  RunPage,
  WorkflowActivation,
  WorkflowAnswer,
  WorkflowDiff,
  WorkflowExport,
  WorkflowList,
  WorkflowRestored,
  WorkflowRevisionAnswer,
  WorkflowRevisions,
  WorkflowSaved,
} from "../../contracts/workflow-api.js";
import type { JsonValue } from "../../engine/workflow/json-value.js";
import type { RunMode } from "../../engine/workflow/run-event.js";
import type { WorkflowDefinition } from "../../engine/workflow/workflow-definition.js";

/** The workbench did not do what it was asked: its own words and code. `code` is `OFFLINE` when nobody answered. */
export class WorkflowRequestError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "WorkflowRequestError";
    this.code = code;
    this.details = details;
  }
}

interface ExecuteRequest {
  readonly revision: number;
  readonly mode: RunMode;
  /** The instant at which the run looks at the market; the present unless given. */
  readonly asOfMs?: number;
  readonly attempt: string;
}

interface Ask {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** The workflow routes of the workbench that serves this page; docs/workflow-api.md describes them. */
export const workflowClient = {
  list: (signal?: AbortSignal) => ask<WorkflowList>("/api/workflows", { signal }),
  create: (definition: WorkflowDefinition) =>
    ask<WorkflowSaved>("/api/workflows", { method: "POST", body: { definition } }),
  open: (id: string) => ask<WorkflowAnswer>(workflow(id)),
  save: (id: string, definition: WorkflowDefinition, baseRevision: number) =>
    ask<WorkflowSaved>(workflow(id), { method: "PUT", body: { definition, baseRevision } }),
  archive: (id: string) => ask<void>(workflow(id), { method: "DELETE" }),
  activate: (id: string, revision: number) =>
    ask<WorkflowActivation>(`${workflow(id)}/activate`, { method: "POST", body: { revision } }),
  deactivate: (id: string) => ask<WorkflowActivation>(`${workflow(id)}/deactivate`, { method: "POST", body: {} }),
  revisions: (id: string) => ask<WorkflowRevisions>(`${workflow(id)}/revisions`),
  revision: (id: string, revision: number) => ask<WorkflowRevisionAnswer>(`${workflow(id)}/revisions/${revision}`),
  compare: (id: string, from: number, to: number) => ask<WorkflowDiff>(`${workflow(id)}/diff?from=${from}&to=${to}`),
  restore: (id: string, revision: number) =>
    ask<WorkflowRestored>(`${workflow(id)}/restore`, { method: "POST", body: { revision } }),
  exported: (id: string) => ask<WorkflowExport>(`${workflow(id)}/export`),
  imported: (file: unknown) => ask<WorkflowSaved>("/api/workflows/import", { method: "POST", body: file }),
  /** `attempt` makes a request that is sent twice one run. */
  execute: (id: string, { attempt, ...body }: ExecuteRequest) =>
    ask<RunAccepted>(`${workflow(id)}/execute`, { method: "POST", body, headers: { "idempotency-key": attempt } }),
  runs: (id: string, cursor?: string) =>
    ask<RunPage>(`${workflow(id)}/runs${cursor === undefined ? "" : `?cursor=${encodeURIComponent(cursor)}`}`),
  run: (runId: string) => ask<RunAnswer>(run(runId)),
  events: (runId: string, from: number, signal?: AbortSignal) =>
    ask<RunEvents>(`${run(runId)}/events?from=${from}`, { signal }),
  /** By output port, in full, in the form that a node can be pinned to. */
  outputs: (runId: string, stepName: string) =>
    ask<{ readonly outputs: Readonly<Record<string, JsonValue>> }>(
      `${run(runId)}/steps/${encodeURIComponent(stepName)}/outputs`,
    ),
  cancel: (runId: string) => ask<unknown>(`${run(runId)}/cancel`, { method: "POST", body: {} }),
  rerun: (runId: string, from: "failed" | { readonly nodeId: string }, revision: number) =>
    ask<RunAccepted>(`${run(runId)}/rerun`, { method: "POST", body: { from, revision } }),
};

function workflow(id: string): string {
  return `/api/workflows/${encodeURIComponent(id)}`;
}

function run(id: string): string {
  return `/api/runs/${encodeURIComponent(id)}`;
}

/** @throws WorkflowRequestError */
export async function ask<Answer>(path: string, { method = "GET", body, headers, signal }: Ask = {}): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept: "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new WorkflowRequestError("OFFLINE", "The workbench does not answer.");
  }
  if (response.status === 204) return undefined as Answer;
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as Answer;
  const { code, message, details } = (answer as { error?: Record<string, unknown> })?.error ?? {};
  throw new WorkflowRequestError(
    typeof code === "string" ? code : `HTTP_${response.status}`,
    typeof message === "string" ? message : `The workbench answers ${response.status}.`,
    typeof details === "object" && details !== null ? (details as Record<string, unknown>) : {},
  );
}
