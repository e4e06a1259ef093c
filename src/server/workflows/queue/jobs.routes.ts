import { type RequestHandler, Router } from "express";
import { z } from "zod";
import { jobsQuerySchema } from "../../../contracts/jobs-api.js";
import { runIdSchema } from "../../../contracts/workflow-api.js";
import type { RunId } from "../../../engine/workflow/workflow-ids.js";
import { jsonBody, requireShape } from "../../json-body.js";
import { ownPageOnly } from "../../own-page-only.js";
import type { JobService } from "./job-service.js";

const path = z.object({ id: runIdSchema.transform((id) => id as RunId) });
const noBody = z.strictObject({});
const BODY_BYTES = 1_024;

/** `/api/jobs`. docs/jobs.md describes each route. */
export function jobRoutes({ jobs }: { readonly jobs: JobService }): Router {
  const router = Router();
  router.get("/api/jobs", async (request, response) => {
    response.set("Cache-Control", "no-store").json(await jobs.list(requireShape(jobsQuerySchema, request.query)));
  });
  const change = (route: string, answer: RequestHandler) =>
    router.post(route, ownPageOnly, jsonBody(BODY_BYTES), answer);
  change("/api/jobs/:id/retry", async (request, response) => {
    const { id } = requireShape(path, request.params);
    requireShape(noBody, request.body ?? {});
    response.status(202).json(await jobs.retry(id));
  });
  change("/api/jobs/:id/cancel", async (request, response) => {
    const { id } = requireShape(path, request.params);
    requireShape(noBody, request.body ?? {});
    response.status(202).json(await jobs.cancel(id));
  });
  return router;
}
