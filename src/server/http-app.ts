import { randomUUID } from "node:crypto";
import compression from "compression";
import express, { type Express, type RequestHandler } from "express";
import type { Logger } from "pino";
import { pinoHttp } from "pino-http";
import { COMPANION_HEADERS } from "../contracts/companion-headers.js";
import { LIVE_PROTOCOL_VERSION } from "../contracts/live-protocol.js";
import { withDeadline } from "../store/deadline.js";
import { brokerRoutes } from "./broker/broker.routes.js";
import { answerError, answerNotFound } from "./error-response.js";
import { type HealthDependencies, healthRoutes } from "./health.routes.js";
import type { LiveServices } from "./live/live-services.js";
import { loopbackHostOnly, securityHeaders } from "./security-headers.js";
import { valueChainRoutes } from "./value-chain.routes.js";
import type { WorkflowServices } from "./workflows/workflow-services.js";

export interface HttpAppDependencies extends HealthDependencies {
  readonly logger: Logger;
  /** The live market, where this process has a part in it. */
  readonly live?: Pick<LiveServices, "routes" | "hasStream" | "problems">;
  /** Workflows, where this process has a part in them. */
  readonly workflows?: Pick<WorkflowServices, "routes"> | undefined;
  /** Whatever answers for pages: the built site, or the preview in development. */
  readonly pages: readonly RequestHandler[];
  /** The machine's clock unless given. */
  readonly nowMs?: () => number;
}

/** For routes that write as well, whole files at that. */
const WRITE_LIMITS = { lockMs: 10_000, deadlineMs: 30_000 };

/**
 * The Express application: request ids, logs, headers, health, value chain, paper broker, workflows, live market, pages,
 * errors.
 */
export function createHttpApp(dependencies: HttpAppDependencies): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(
    pinoHttp({
      logger: dependencies.logger,
      genReqId: (_request, response) => {
        const id = randomUUID();
        response.setHeader(COMPANION_HEADERS.requestId, id);
        return id;
      },
      customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? "error" : "debug"),
    }),
  );
  app.use(loopbackHostOnly, securityHeaders());
  const { live, workflows } = dependencies;
  if (live?.hasStream) {
    app.use((_request, response, next) => {
      response.setHeader(COMPANION_HEADERS.stream, LIVE_PROTOCOL_VERSION);
      next();
    });
  }
  app.use(compression(), healthRoutes({ ...dependencies, otherProblems: () => live?.problems() ?? [] }));
  const database = withDeadline(dependencies.database, WRITE_LIMITS);
  app.use(valueChainRoutes({ nowMs: Date.now, ...dependencies, database }));
  app.use(brokerRoutes(dependencies));
  if (workflows?.routes) app.use(workflows.routes);
  if (live?.routes) app.use("/api/market", live.routes);
  for (const handler of dependencies.pages) app.use(handler);
  app.use(answerNotFound, answerError);
  return app;
}
