import { randomUUID } from "node:crypto";
import compression from "compression";
import express, { type Express, type RequestHandler } from "express";
import type { Logger } from "pino";
import { pinoHttp } from "pino-http";
import { answerError, answerNotFound } from "./error-response.js";
import { type HealthDependencies, healthRoutes } from "./health.routes.js";
import { loopbackHostOnly, securityHeaders } from "./security-headers.js";
import { valueChainRoutes } from "./value-chain.routes.js";

export interface HttpAppDependencies extends HealthDependencies {
  readonly logger: Logger;
  /** Whatever answers for pages: the built site, or the preview in development. */
  readonly pages: readonly RequestHandler[];
  /** The machine's clock unless given. */
  readonly nowMs?: () => number;
}

/** The Express application: request ids, logs, headers, health, value chain, pages, errors. */
export function createHttpApp(dependencies: HttpAppDependencies): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(
    pinoHttp({
      logger: dependencies.logger,
      genReqId: (_request, response) => {
        const id = randomUUID();
        response.setHeader("X-Request-Id", id);
        return id;
      },
      customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? "error" : "debug"),
    }),
  );
  app.use(loopbackHostOnly, securityHeaders());
  app.use(compression(), healthRoutes(dependencies));
  app.use(valueChainRoutes({ nowMs: Date.now, ...dependencies }));
  app.use(...dependencies.pages);
  app.use(answerNotFound, answerError);
  return app;
}
