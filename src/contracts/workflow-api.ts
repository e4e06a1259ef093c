import { z } from "zod";
import { ORDER_STATES } from "../engine/trading/order.js";
import type { WorkflowChange } from "../engine/workflow/compare-workflows.js";
import type { JsonValue } from "../engine/workflow/json-value.js";
import type { NodeType } from "../engine/workflow/node-type.js";
import { PRUNE_REASONS, RUN_MODES, RUN_STATUSES, TRIGGER_KINDS } from "../engine/workflow/run-event.js";
import type { WorkflowDefinition } from "../engine/workflow/workflow-definition.js";
import { WORKFLOW_PROBLEM_CODES, type WorkflowProblem } from "../engine/workflow/workflow-problem.js";

/*
 * Requests and answers of the workflow routes, as JSON. Instants are UTC epoch milliseconds. A number that is not
 * defined is null. docs/workflow-api.md describes each route.
 */

export const WORKFLOW_API_LIMITS = {
  /** Bytes of a request with a definition, and of any other. */
  definitionBytes: 8 * 1024 * 1024,
  requestBytes: 1024 * 1024,
  /** What a payload may be as a table: a row per object, a column per key that one of them has. */
  payload: { columns: 500, cells: 200_000 },
  runs: { default: 50, most: 500 },
  events: { default: 1_000, most: 10_000 },
} as const;

/** A request with this header and the same value as an earlier one starts nothing: it is answered with that one's run. */
export const IDEMPOTENCY_HEADER = "idempotency-key";

const instant = z.number().int().min(0).max(8.64e15);
const revision = z.int().min(1).max(2_147_483_647);
const storable = z.string().regex(/^[^\0]*$/, "accepted: text without NUL");
const note = storable.max(1_000).default("");
const json = z.json() as z.ZodType<JsonValue>;
/** Read in full by `parseWorkflow`, which names every problem with its nodes and edges. */
const definition = z.custom<WorkflowDefinition>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "accepted: an object with nodes, edges and settings",
);

export const runIdSchema = z.uuid("accepted: the id of a run, a UUID");
export const workflowIdSchema = z.uuid("accepted: the id of a workflow, a UUID");

export const createWorkflowRequestSchema = z.strictObject({ definition, note });
export const saveWorkflowRequestSchema = z.strictObject({
  definition,
  /** The revision that the editor saw: what someone else saved since is not written over. */
  baseRevision: revision,
  note,
});
export const validateWorkflowRequestSchema = z.strictObject({ definition });
export const activateWorkflowRequestSchema = z.strictObject({ revision });
export const restoreWorkflowRequestSchema = z.strictObject({ revision, note });
export const executeWorkflowRequestSchema = z.strictObject({
  /** The active revision, else the latest, unless given. */
  revision: revision.optional(),
  mode: z.enum(RUN_MODES).default("live"),
  /** The present unless given. */
  asOfMs: instant.optional(),
  payload: json.default(null),
  /** That of the settings unless given. */
  seed: z.int().min(0).max(4_294_967_295).optional(),
});
export const rerunRequestSchema = z.strictObject({
  /** What failed and what follows it; or a node and what follows it. Whatever else is unchanged is not done again. */
  from: z.union([z.literal("failed"), z.strictObject({ nodeId: z.string().min(1).max(200) })]),
  /** The revision of the run that is repeated, unless given. */
  revision: revision.optional(),
});
export const importWorkflowRequestSchema = z.strictObject({
  kind: z.literal("quantflow-workflow"),
  version: z.literal(1),
  exportedAtMs: instant,
  definition,
});

export type CreateWorkflowRequest = z.input<typeof createWorkflowRequestSchema>;
export type SaveWorkflowRequest = z.input<typeof saveWorkflowRequestSchema>;
export type ValidateWorkflowRequest = z.input<typeof validateWorkflowRequestSchema>;
export type ActivateWorkflowRequest = z.input<typeof activateWorkflowRequestSchema>;
export type RestoreWorkflowRequest = z.input<typeof restoreWorkflowRequestSchema>;
export type ExecuteWorkflowRequest = z.input<typeof executeWorkflowRequestSchema>;
export type RerunRequest = z.input<typeof rerunRequestSchema>;

/** Answer of `GET /api/workflows/:id/export` and body of `POST /api/workflows/import`. */
export type WorkflowExport = z.infer<typeof importWorkflowRequestSchema>;

export const runSummarySchema = z.object({
  id: z.string(),
  workflowId: z.string(),
  workflowName: z.string(),
  revision,
  status: z.enum(RUN_STATUSES),
  mode: z.enum(RUN_MODES),
  trigger: z.object({ kind: z.enum(TRIGGER_KINDS), instance: z.string(), firedAtMs: instant }),
  asOfMs: instant,
  seed: z.number(),
  principal: z.string(),
  /** The run that this one repeats. */
  rerunOf: z.string().nullable(),
  createdAtMs: instant,
  startedAtMs: instant.nullable(),
  finishedAtMs: instant.nullable(),
  isCancelRequested: z.boolean(),
  /** Why it failed; null while it has not. */
  code: z.string().nullable(),
  message: z.string().nullable(),
});

export type RunSummary = z.infer<typeof runSummarySchema>;

export const workflowSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  /** The latest. */
  revision,
  activeRevision: revision.nullable(),
  updatedAtMs: instant,
  /** An example that came with the workbench. */
  isExample: z.boolean(),
  /** The trigger node of the active revision, else of the latest; null where there is not exactly one. */
  trigger: z.object({ nodeId: z.string(), type: z.string(), parameters: z.record(z.string(), json) }).nullable(),
  lastRun: runSummarySchema.pick({ id: true, status: true, startedAtMs: true, finishedAtMs: true }).nullable(),
});

export const workflowListSchema = z.object({ workflows: z.array(workflowSummarySchema) });

export const workflowAnswerSchema = z.object({
  id: z.string(),
  revision,
  activeRevision: revision.nullable(),
  definition,
  /** Where a webhook trigger of this workflow listens. */
  webhookPath: z.string(),
  isExample: z.boolean(),
  createdAtMs: instant,
  updatedAtMs: instant,
});

export const workflowSavedSchema = z.object({ id: z.string(), revision });
export const workflowRestoredSchema = z.object({ revision });
export const workflowActivationSchema = z.object({ id: z.string(), activeRevision: revision.nullable() });

const problem = z.object({
  code: z.enum(WORKFLOW_PROBLEM_CODES),
  message: z.string(),
  nodeIds: z.array(z.string()),
  edgeIds: z.array(z.string()),
}) as unknown as z.ZodType<WorkflowProblem>;

export const workflowValidationSchema = z.object({
  ok: z.boolean(),
  problems: z.array(problem),
  generations: z.array(z.array(z.string())),
});

export const workflowRevisionsSchema = z.object({
  revisions: z.array(
    z.object({ revision, createdAtMs: instant, note: z.string(), digest: z.string(), isActive: z.boolean() }),
  ),
});
export const workflowRevisionSchema = z.object({ revision, createdAtMs: instant, note: z.string(), definition });

/** What changed from one revision to another, as `compareWorkflows` tells it. */
export const workflowDiffSchema = z.object({
  from: revision,
  to: revision,
  changes: z.array(z.custom<WorkflowChange>()),
});

export type WorkflowDiff = z.infer<typeof workflowDiffSchema>;
export type WorkflowSummary = z.infer<typeof workflowSummarySchema>;
export type WorkflowList = z.infer<typeof workflowListSchema>;
export type WorkflowAnswer = z.infer<typeof workflowAnswerSchema>;
export type WorkflowSaved = z.infer<typeof workflowSavedSchema>;
export type WorkflowRestored = z.infer<typeof workflowRestoredSchema>;
export type WorkflowActivation = z.infer<typeof workflowActivationSchema>;
export type WorkflowValidation = z.infer<typeof workflowValidationSchema>;
export type WorkflowRevisions = z.infer<typeof workflowRevisionsSchema>;
export type WorkflowRevisionAnswer = z.infer<typeof workflowRevisionSchema>;

export const runAcceptedSchema = z.object({
  runId: z.string(),
  /** `repeated`: the same occurrence came before. `skipped`: the run named here is at work, and the policy is to skip. */
  outcome: z.enum(["queued", "repeated", "skipped"]),
});
export const runPageSchema = z.object({ runs: z.array(runSummarySchema), nextCursor: z.string().nullable() });

export type RunAccepted = z.infer<typeof runAcceptedSchema>;
export type RunPage = z.infer<typeof runPageSchema>;

const cell = z.union([z.number(), z.string(), z.boolean(), z.null()]);

/** What a value looks like, small enough for a canvas: a series by at most 64 of its points, a table by its first rows. */
export const portPreviewSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("number"), value: z.number().nullable() }),
  z.object({ type: z.literal("boolean"), value: z.boolean() }),
  z.object({ type: z.literal("text"), value: z.string(), length: z.number() }),
  z.object({
    type: z.literal("signal"),
    isActive: z.boolean(),
    side: z.enum(["buy", "sell"]).nullable(),
    symbol: z.string().nullable(),
    strength: z.number().nullable(),
    reason: z.string(),
  }),
  z.object({
    type: z.literal("series"),
    length: z.number(),
    symbol: z.string().nullable(),
    unit: z.string().nullable(),
    sample: z.object({ timesMs: z.array(z.number()), values: z.array(z.number().nullable()) }),
  }),
  z.object({
    type: z.literal("table"),
    rowCount: z.number(),
    columns: z.array(z.string()),
    rows: z.array(z.array(cell)),
  }),
  z.object({
    type: z.literal("order"),
    count: z.number(),
    orders: z.array(
      z.object({
        orderId: z.string(),
        symbol: z.string(),
        side: z.enum(["buy", "sell"]),
        quantity: z.number(),
        state: z.enum(ORDER_STATES),
        fillPrice: z.number().nullable(),
        currency: z.string(),
      }),
    ),
  }),
]);

const previews = z.record(z.string(), portPreviewSchema);

export const STEP_STATES = ["waiting", "running", "retrying", "succeeded", "failed", "pruned"] as const;

export const stepSummarySchema = z.object({
  /** The name in `/steps/:stepName`: `n3`, or `n3[HPG]` within a loop. */
  stepName: z.string(),
  nodeId: z.string(),
  item: z.string().nullable(),
  state: z.enum(STEP_STATES),
  attempts: z.number(),
  startedAtMs: instant.nullable(),
  finishedAtMs: instant.nullable(),
  durationMs: z.number().nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
  pruneReason: z.enum(PRUNE_REASONS).nullable(),
  because: z.string().nullable(),
  note: z.string().nullable(),
  reused: z.enum(["pinned", "earlier-run"]).nullable(),
  idempotencyKey: z.string().nullable(),
  inputsDigest: z.string().nullable(),
  /** By input port: what came along its edges, in their order. */
  inputsPreview: z.record(z.string(), z.array(portPreviewSchema)),
  outputsPreview: previews,
});

export const runAnswerSchema = z.object({ run: runSummarySchema, steps: z.array(stepSummarySchema) });

/** An event of a run, with previews in the place of outputs. What its kind does not have is absent. */
export const runEventMessageSchema = z.object({
  sequence: z.int().min(0),
  atMs: instant,
  kind: z.enum([
    "run-started",
    "step-started",
    "effect-intended",
    "loop-expanded",
    "step-succeeded",
    "attempt-failed",
    "step-failed",
    "step-pruned",
    "cancel-requested",
    "run-finished",
  ]),
  nodeId: z.string().optional(),
  item: z.string().optional(),
  attempt: z.number().optional(),
  inputsDigest: z.string().optional(),
  items: z.array(z.string()).optional(),
  outputs: previews.optional(),
  reused: z.enum(["pinned", "earlier-run"]).optional(),
  note: z.string().optional(),
  idempotencyKey: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  retryAtMs: instant.optional(),
  reason: z.enum(PRUNE_REASONS).optional(),
  because: z.string().optional(),
  by: z.string().optional(),
  status: z.enum(RUN_STATUSES).optional(),
  /** Of `run-started`. */
  revision: revision.optional(),
  mode: z.enum(RUN_MODES).optional(),
  asOfMs: instant.optional(),
  seed: z.number().optional(),
});

export const runEventsSchema = z.object({
  events: z.array(runEventMessageSchema),
  /** What to ask `from` next; null when the run has ended and nothing follows. */
  nextFrom: z.number().nullable(),
});

export const workflowCatalogueSchema = z.object({ types: z.array(z.custom<NodeType>()) });

export type PortPreview = z.infer<typeof portPreviewSchema>;
export type StepSummary = z.infer<typeof stepSummarySchema>;
export type RunAnswer = z.infer<typeof runAnswerSchema>;
export type RunEventMessage = z.infer<typeof runEventMessageSchema>;
export type RunEvents = z.infer<typeof runEventsSchema>;
export type WorkflowCatalogueAnswer = z.infer<typeof workflowCatalogueSchema>;

/**
 * Messages of `/ws`. Channel `run:RUNID`: events of one run, from its first, in order, each once. Channel `runs`: runs
 * that began to wait, began or ended.
 */
export const runStreamMessageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("run"), runId: z.string(), events: z.array(runEventMessageSchema) }),
  z.object({ type: z.literal("runs"), runs: z.array(runSummarySchema) }),
]);

export type RunStreamMessage = z.infer<typeof runStreamMessageSchema>;
