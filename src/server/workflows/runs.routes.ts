import { randomUUID } from "node:crypto";
import { type RequestHandler, Router } from "express";
import { z } from "zod";
import {
  IDEMPOTENCY_HEADER,
  rerunRequestSchema,
  runIdSchema,
  WORKFLOW_API_LIMITS,
} from "../../contracts/workflow-api.js";
import { WorkbenchError } from "../../engine/errors.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import type { JsonValue } from "../../engine/workflow/json-value.js";
import { encodeOutputs, encodePortValue } from "../../engine/workflow/port-value-codec.js";
import type { NodeId, RunId, TriggerInstance } from "../../engine/workflow/workflow-ids.js";
import { jsonBody, requireShape } from "../json-body.js";
import { ownPageOnly } from "../own-page-only.js";
import { portValueToArrow } from "./port-value-arrow.js";
import type { RunLauncher } from "./run-launcher.js";
import { type RunService, runAccepted } from "./run-service.js";
import { runSummary } from "./run-view.js";
import { requirePayload } from "./trigger-payload.js";
import type { WorkflowService } from "./workflow-service.js";

const { requestBytes, events } = WORKFLOW_API_LIMITS;
const ARROW_TYPE = "application/vnd.apache.arrow.stream";
const WEBHOOK_TRIGGER = "trigger.webhook";
/** What a step gave never changes. */
const FOREVER = "private, max-age=31536000, immutable";

const path = z.object({ runId: runIdSchema.transform((id) => id as RunId) });
const stepPath = path.extend({ stepName: z.string().min(1).max(500) });
const portPath = stepPath.extend({ port: z.string().min(1).max(200) });
const eventsQuery = z.strictObject({
  from: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
  limit: z.coerce.number().int().min(1).max(events.most).default(events.default),
});
const hookPath = z.object({ token: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/, "accepted: the token of a webhook") });
const hookKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, `${IDEMPOTENCY_HEADER}: accepted: 1 to 200 printable characters`);

export interface RunRoutesDependencies {
  readonly runs: RunService;
  readonly launcher: RunLauncher;
  readonly workflows: WorkflowService;
  readonly principal: string;
  readonly nowMs: () => number;
}

/** `/api/runs` and `/api/hooks`. docs/workflow-api.md describes each route. */
export function runRoutes({ runs, launcher, workflows, principal, nowMs }: RunRoutesDependencies): Router {
  const router = Router();
  router.get("/api/runs/:runId", async (request, response) => {
    const { runId } = requireShape(path, request.params);
    response.set("Cache-Control", "no-store").json(await runs.read(runId));
  });
  router.get("/api/runs/:runId/events", async (request, response) => {
    const { runId } = requireShape(path, request.params);
    response.set("Cache-Control", "no-store").json(await runs.events(runId, requireShape(eventsQuery, request.query)));
  });
  router.get("/api/runs/:runId/steps/:stepName/outputs", async (request, response) => {
    const { runId, stepName } = requireShape(stepPath, request.params);
    const outputs = await runs.outputs(runId, stepName);
    response.set("Cache-Control", FOREVER).json({ outputs: encodeOutputs(outputs) });
  });
  router.get("/api/runs/:runId/steps/:stepName/outputs/:port", async (request, response) => {
    const { runId, stepName, port } = requireShape(portPath, request.params);
    const value = (await runs.outputs(runId, stepName))[port];
    if (!value) throw new WorkbenchError("NOT_FOUND", `step ${stepName} of run ${runId} gave nothing at ${port}`);
    response.set("Cache-Control", FOREVER).vary("Accept");
    if (request.accepts(["application/json", ARROW_TYPE]) === ARROW_TYPE) {
      response.type(ARROW_TYPE).send(Buffer.from(portValueToArrow(value)));
    } else response.json(encodePortValue(value));
  });
  router.post("/api/runs/:runId/cancel", ownPageOnly, async (request, response) => {
    const { runId } = requireShape(path, request.params);
    response.json(runSummary(await runs.cancel(runId, principal)));
  });
  const rerun: RequestHandler = async (request, response) => {
    const { runId } = requireShape(path, request.params);
    const { from, revision } = requireShape(rerunRequestSchema, request.body);
    const begin = from === "failed" ? from : { nodeId: from.nodeId as NodeId };
    response.status(202).json(runAccepted(await launcher.rerun(runId, { from: begin, revision })));
  };
  router.post("/api/runs/:runId/rerun", ownPageOnly, jsonBody(requestBytes), rerun);
  const hook: RequestHandler = async (request, response) => {
    const { token } = requireShape(hookPath, request.params);
    const { workflowId, trigger } = await workflows.webhook(token);
    if (trigger?.type !== WEBHOOK_TRIGGER) throw new WorkbenchError("NOT_FOUND", "no webhook listens here");
    const key = request.get(IDEMPOTENCY_HEADER);
    const name = key === undefined ? randomUUID() : requireShape(hookKey, key);
    const payload = requirePayload((request.body ?? null) as JsonValue, "body");
    const facts = {
      kind: "webhook",
      instance: `webhook:${trigger.nodeId}:${name}` as TriggerInstance,
      firedAtMs: epochMs(nowMs()),
      payload,
    } as const;
    const outcome = await launcher.fire({ workflowId, nodeId: trigger.nodeId as NodeId, facts });
    response.status(202).json(runAccepted(outcome));
  };
  // For programs: the token is what they have to know.
  router.post("/api/hooks/:token", jsonBody(requestBytes), hook);
  return router;
}
