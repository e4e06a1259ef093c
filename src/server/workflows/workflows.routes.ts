import { type RequestHandler, Router } from "express";
import { z } from "zod";
import {
  activateWorkflowRequestSchema,
  createWorkflowRequestSchema,
  executeWorkflowRequestSchema,
  IDEMPOTENCY_HEADER,
  importWorkflowRequestSchema,
  restoreWorkflowRequestSchema,
  saveWorkflowRequestSchema,
  validateWorkflowRequestSchema,
  WORKFLOW_API_LIMITS,
  type WorkflowActivation,
  type WorkflowCatalogueAnswer,
  workflowIdSchema,
} from "../../contracts/workflow-api.js";
import type { NodeCatalogue } from "../../engine/workflow/node-type.js";
import type { WorkflowId } from "../../engine/workflow/workflow-ids.js";
import { jsonBody, requireShape } from "../json-body.js";
import { ownPageOnly } from "../own-page-only.js";
import type { RunLauncher } from "./run-launcher.js";
import { type RunService, runAccepted } from "./run-service.js";
import { requirePayload } from "./trigger-payload.js";
import type { WorkflowService } from "./workflow-service.js";

const { definitionBytes, requestBytes, runs } = WORKFLOW_API_LIMITS;

const path = z.object({ id: workflowIdSchema.transform((id) => id as WorkflowId) });
const number = z.coerce.number().int().min(1).max(2_147_483_647);
const revisionPath = path.extend({ revision: number });
const diffQuery = z.strictObject({ from: number, to: number });
const pageQuery = z.strictObject({
  cursor: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(runs.most).default(runs.default),
});
const key = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, `${IDEMPOTENCY_HEADER}: accepted: 1 to 200 printable characters without blanks`)
  .optional();

export interface WorkflowRoutesDependencies {
  readonly workflows: WorkflowService;
  readonly launcher: RunLauncher;
  readonly runs: RunService;
  readonly catalogue: NodeCatalogue;
}

/** `/api/workflows` and `/api/workflow-catalogue`. docs/workflow-api.md describes each route. */
export function workflowRoutes({ workflows, launcher, runs, catalogue }: WorkflowRoutesDependencies): Router {
  const router = Router();
  const read = (route: string, answer: RequestHandler) => router.get(route, answer);
  const change = (route: string, limitBytes: number, answer: RequestHandler) =>
    router.post(route, ownPageOnly, jsonBody(limitBytes), answer);

  read("/api/workflow-catalogue", (_request, response) => {
    const answer: WorkflowCatalogueAnswer = { types: [...catalogue.types] };
    response.set("Cache-Control", "no-cache").json(answer);
  });
  read("/api/workflows", async (_request, response) => {
    response.set("Cache-Control", "no-store").json(await workflows.list());
  });
  read("/api/workflows/:id", async (request, response) => {
    const { id } = requireShape(path, request.params);
    const answer = await workflows.read(id);
    response.set("Cache-Control", "no-cache");
    response.set("ETag", `"${answer.revision}/${answer.activeRevision ?? ""}/${answer.updatedAtMs}"`).json(answer);
  });
  read("/api/workflows/:id/revisions", async (request, response) => {
    const { id } = requireShape(path, request.params);
    response.set("Cache-Control", "no-store").json(await workflows.revisions(id));
  });
  read("/api/workflows/:id/revisions/:revision", async (request, response) => {
    const { id, revision } = requireShape(revisionPath, request.params);
    response.set("Cache-Control", "no-cache").json(await workflows.revision(id, revision));
  });
  read("/api/workflows/:id/diff", async (request, response) => {
    const { id } = requireShape(path, request.params);
    response.set("Cache-Control", "no-cache").json(await workflows.diff(id, requireShape(diffQuery, request.query)));
  });
  read("/api/workflows/:id/export", async (request, response) => {
    const { id } = requireShape(path, request.params);
    response
      .set("Cache-Control", "no-store")
      .set("Content-Disposition", `attachment; filename="workflow-${id}.json"`)
      .json(await workflows.export(id));
  });
  read("/api/workflows/:id/runs", async (request, response) => {
    const { id } = requireShape(path, request.params);
    response.set("Cache-Control", "no-store").json(await runs.list(id, requireShape(pageQuery, request.query)));
  });

  change("/api/workflows", definitionBytes, async (request, response) => {
    const { definition, note } = requireShape(createWorkflowRequestSchema, request.body);
    response.status(201).json(await workflows.create(definition, { note }));
  });
  change("/api/workflows/validate", definitionBytes, (request, response) => {
    response.json(workflows.validate(requireShape(validateWorkflowRequestSchema, request.body).definition));
  });
  change("/api/workflows/import", definitionBytes, async (request, response) => {
    const { definition } = requireShape(importWorkflowRequestSchema, request.body);
    response.status(201).json(await workflows.create(definition, { note: "imported" }));
  });
  const save: RequestHandler = async (request, response) => {
    const { id } = requireShape(path, request.params);
    const { definition, baseRevision, note } = requireShape(saveWorkflowRequestSchema, request.body);
    response.json(await workflows.save(id, definition, { baseRevision, note }));
  };
  router.put("/api/workflows/:id", ownPageOnly, jsonBody(definitionBytes), save);
  router.delete("/api/workflows/:id", ownPageOnly, async (request, response) => {
    const { id } = requireShape(path, request.params);
    await workflows.remove(id);
    response.status(204).end();
  });
  change("/api/workflows/:id/activate", requestBytes, async (request, response) => {
    const { id } = requireShape(path, request.params);
    const { revision } = requireShape(activateWorkflowRequestSchema, request.body);
    await workflows.activate(id, revision);
    response.json({ id, activeRevision: revision } satisfies WorkflowActivation);
  });
  change("/api/workflows/:id/deactivate", requestBytes, async (request, response) => {
    const { id } = requireShape(path, request.params);
    await workflows.deactivate(id);
    response.json({ id, activeRevision: null } satisfies WorkflowActivation);
  });
  change("/api/workflows/:id/restore", requestBytes, async (request, response) => {
    const { id } = requireShape(path, request.params);
    const { revision, note } = requireShape(restoreWorkflowRequestSchema, request.body);
    response.json({ revision: await workflows.restore(id, revision, note) });
  });
  change("/api/workflows/:id/execute", requestBytes, async (request, response) => {
    const { id } = requireShape(path, request.params);
    const asked = requireShape(executeWorkflowRequestSchema, request.body ?? {});
    requirePayload(asked.payload, "payload");
    const idempotencyKey = requireShape(key, request.get(IDEMPOTENCY_HEADER));
    response.status(202).json(runAccepted(await launcher.start(id, { ...asked, idempotencyKey })));
  });
  return router;
}
