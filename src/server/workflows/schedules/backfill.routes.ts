import { type RequestHandler, Router } from "express";
import { z } from "zod";
import { workflowIdSchema } from "../../../contracts/workflow-api.js";
import type { NodeCatalogue } from "../../../engine/workflow/node-type.js";
import { RUN_MODES } from "../../../engine/workflow/run-event.js";
import type { WorkflowId } from "../../../engine/workflow/workflow-ids.js";
import { inactiveWorkflow, noSuchRevision, noSuchWorkflow } from "../../../store/queries/workflow-definitions.js";
import { jsonBody, requireShape } from "../../json-body.js";
import { ownPageOnly } from "../../own-page-only.js";
import type { RevisionCache } from "../revision-cache.js";
import type { TriggerDispatcher } from "../trigger-dispatcher.js";
import type { WorkflowStore } from "../workflow-store.js";
import { triggersOf } from "./active-triggers.js";
import { backfill } from "./backfill.js";

const BODY_BYTES = 1_024;
const path = z.object({ id: workflowIdSchema.transform((id) => id as WorkflowId) });
const instant = z.union(
  [z.int().min(0).max(8.64e15), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))],
  "accepted: an instant as epoch ms or ISO 8601 with an offset",
);
const backfillRequest = z.strictObject({ from: instant, to: instant, mode: z.enum(RUN_MODES).default("dry-run") });

export interface BackfillRoutesDependencies {
  readonly workflows: WorkflowStore;
  readonly revisions: RevisionCache;
  readonly catalogue: NodeCatalogue;
  readonly dispatcher: TriggerDispatcher;
  readonly nowMs: () => number;
}

/** `POST /api/workflows/:id/backfill`. docs/jobs.md describes it. */
export function backfillRoutes(dependencies: BackfillRoutesDependencies): Router {
  const { workflows, revisions, catalogue, dispatcher, nowMs } = dependencies;
  const answer: RequestHandler = async (request, response) => {
    const { id } = requireShape(path, request.params);
    const { from, to, mode } = requireShape(backfillRequest, request.body);
    const [workflow] = await workflows.workflows([id]);
    if (!workflow) throw noSuchWorkflow(id);
    const revision = workflow.activeRevision;
    if (revision === undefined) throw inactiveWorkflow(workflow);
    const loaded = await revisions.load(id, revision);
    if (!loaded) throw noSuchRevision(id, revision);
    const [trigger] = triggersOf(loaded.definition, { workflowId: id, revision }, catalogue);
    const range = { fromMs: from, toMs: to, mode, nowMs: nowMs() };
    const runs = await backfill(dispatcher, trigger ?? { workflowId: id }, range);
    response.status(202).json({
      runs: runs.map(({ scheduledAtMs, outcome }) => ({
        scheduledAtMs,
        runId: outcome.kind === "skipped" ? outcome.because : outcome.runId,
        outcome: outcome.kind,
      })),
    });
  };
  return Router().post("/api/workflows/:id/backfill", ownPageOnly, jsonBody(BODY_BYTES), answer);
}
