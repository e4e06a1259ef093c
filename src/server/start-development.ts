import { createServer } from "node:http";
import type { Logger } from "pino";
import { attachPreview } from "../site/preview-server.js";
import type { Database } from "../store/database.js";
import { readDataVersion } from "../store/queries/data-version.js";
import { createHttpApp } from "./http-app.js";
import { closeServer, listenOnLoopback } from "./listen.js";
import type { LiveServices } from "./live/live-services.js";
import { isOwnWebSocket } from "./security-headers.js";
import type { WorkflowServices } from "./workflows/workflow-services.js";

const POLL_MS = 1_000;

export interface DevelopmentOptions {
  readonly version: string;
  readonly port: number;
  readonly projectRoot: string;
  readonly database: Database;
  readonly live: LiveServices;
  readonly workflows?: Pick<WorkflowServices, "routes"> | undefined;
  readonly logger: Logger;
}

/** Serves the notebooks with hot reload on one port; pages take up new data when it is imported. @throws PORT_IN_USE */
export async function startDevelopment(options: DevelopmentOptions): Promise<{ url: string; close(): Promise<void> }> {
  const { database, live, logger, version, projectRoot } = options;
  // Framework writes every message of its hot reload to the console; its errors go to console.error and stay.
  console.log = (...parts: unknown[]) => logger.debug({ parts }, "framework");
  const preview = await attachPreview({
    projectRoot,
    onError: (error) => logger.error({ err: error }, "a loader cannot be read"),
  });
  // Framework goes by the age of a loader's own file: what an earlier build left may be of other data.
  preview.invalidateLoaders();
  const app = createHttpApp({
    version,
    database,
    logger,
    startedAtMs: performance.now(),
    publishing: () => undefined,
    siteIsThere: () => true,
    live,
    workflows: options.workflows,
    pages: [(request, response) => preview.handle(request, response)],
  });
  const server = createServer(app);
  server.on("upgrade", (request, socket, head) => {
    if (live.upgrade(request, socket, head)) return;
    if (!isOwnWebSocket(request.headers) || !preview.upgrade(request, socket, head)) socket.destroy();
  });
  const url = await listenOnLoopback(server, options.port);

  let { watermark } = await readDataVersion(database);
  const timer = setInterval(async () => {
    const current = await readDataVersion(database).catch(() => undefined);
    if (current === undefined || current.watermark === watermark) return;
    watermark = current.watermark;
    preview.invalidateLoaders();
  }, POLL_MS);

  return {
    url,
    close: async () => {
      clearInterval(timer);
      preview.close();
      await closeServer(server);
    },
  };
}
