import { setTimeout } from "node:timers/promises";
import { Router } from "express";
import type { Database } from "../store/database.js";
import { withDeadline } from "../store/deadline.js";
import type { PublishingState } from "./site-publisher.js";

/** A long import on the embedded database keeps other statements waiting. */
const DATABASE_ANSWER_MS = 2_000;

export interface HealthDependencies {
  readonly version: string;
  readonly database: Database;
  readonly startedAtMs: number;
  /** `undefined` in development, where nothing is published. */
  readonly publishing: () => PublishingState | undefined;
  readonly siteIsThere: () => boolean;
  /** What else keeps the process from doing its part. */
  readonly otherProblems?: () => readonly string[];
}

/** `/health`: the process answers. `/ready`: it can serve pages and reach its database, else 503 with the reasons. */
export function healthRoutes({
  version,
  database,
  startedAtMs,
  publishing,
  siteIsThere,
  otherProblems = () => [],
}: HealthDependencies): Router {
  // A question that was given up gives its connection up as well.
  const asked = withDeadline(database, { lockMs: DATABASE_ANSWER_MS, deadlineMs: DATABASE_ANSWER_MS });
  const router = Router();
  router.get("/health", (_request, response) => {
    response.json({ status: "ok", version, uptimeSeconds: Math.floor((performance.now() - startedAtMs) / 1_000) });
  });
  router.get("/ready", async (_request, response) => {
    const databaseProblem = await Promise.race([
      asked.query("SELECT 1").then(
        () => undefined,
        (error: Error) => error.message,
      ),
      setTimeout(DATABASE_ANSWER_MS, `no answer within ${DATABASE_ANSWER_MS / 1_000} s`, { ref: false }),
    ]);
    const problems = [
      ...(databaseProblem === undefined ? [] : [`database: ${databaseProblem}`]),
      ...(siteIsThere() ? [] : ["site: the first build has not finished"]),
      ...otherProblems(),
    ];
    response.status(problems.length === 0 ? 200 : 503).json({
      status: problems.length === 0 ? "ready" : "not-ready",
      problems,
      database: database.kind,
      publishing: publishing(),
    });
  });
  return router;
}
